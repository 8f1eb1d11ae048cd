"""Addresses below /api/: each app brings its own ``api/urls.py``."""

from django.urls import include, path

urlpatterns = [
    path("", include("portal.api.urls")),
    path("", include("places.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("layers.api.urls")),
    path("", include("media.api.urls")),
    path("", include("dispatch.api.urls")),
    path("", include("facilities.api.urls")),
    path("", include("projects.api.urls")),
    path("", include("devices.api.urls")),
    path("", include("incidents.api.urls")),
    path("", include("imagery.api.urls")),
]
