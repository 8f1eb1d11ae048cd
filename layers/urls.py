"""Addresses of the engine outside of /api/."""

from django.urls import URLPattern, path

from layers.api.live import LiveView

urlpatterns: list[URLPattern] = [path("live/", LiveView.as_view(), name="live")]
