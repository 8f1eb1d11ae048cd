"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LayersConfig(AppConfig):
    """The engine: one compiler from a LayerSpec to SQL, and its faces."""

    name = "layers"
    verbose_name = _("图层")
