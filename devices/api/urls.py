"""Addresses of devices below /api/."""

from django.urls import path

from devices.api.devices import DeviceView, SeriesView, SnapshotView
from devices.api.readings import ReadingsView
from devices.api.viewport import LatestView

urlpatterns = [
    path("devices/readings", ReadingsView.as_view(), name="api-device-readings"),
    path("devices/snapshot", SnapshotView.as_view(), name="api-device-snapshot"),
    path("devices/<int:pk>/", DeviceView.as_view(), name="api-device"),
    path("devices/<int:pk>/series", SeriesView.as_view(), name="api-device-series"),
    path("devices/latest", LatestView.as_view(), name="api-device-latest"),
]
