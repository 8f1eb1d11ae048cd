"""Addresses below /sta/."""

from django.urls import path, re_path

from devices.sta.views import ResourceView, RootView

urlpatterns = [
    re_path(r"^v1\.1/?$", RootView.as_view(), name="sta-root"),
    path("v1.1/<path:path>", ResourceView.as_view(), name="sta-resource"),
]
