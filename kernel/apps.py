"""Registration of the app (it has no models; its translations and system checks are found by this)."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Values and pure rules that every app stands on."""

    name = "kernel"
