"""Addresses of devices below /api/."""

from django.urls import path

from devices.api import alarms
from devices.api.devices import DeviceView, SeriesView, SnapshotView
from devices.api.readings import ReadingsView
from devices.api.viewport import LatestView

urlpatterns = [
    path("devices/readings", ReadingsView.as_view(), name="api-device-readings"),
    path("devices/snapshot", SnapshotView.as_view(), name="api-device-snapshot"),
    path("devices/alarms", alarms.AlarmsView.as_view(), name="api-alarms"),
    path("devices/alarms/<int:pk>", alarms.AlarmView.as_view(), name="api-alarm"),
    path("devices/alarms/<int:pk>:acknowledge", alarms.AcknowledgeView.as_view(), name="api-alarm-acknowledge"),
    path("devices/alarms/<int:pk>:send", alarms.SendView.as_view(), name="api-alarm-send"),
    path("devices/alarms/<int:pk>:snooze", alarms.SnoozeView.as_view(), name="api-alarm-snooze"),
    path("devices/alarms/<int:pk>:wake", alarms.WakeView.as_view(), name="api-alarm-wake"),
    path("devices/<int:pk>/", DeviceView.as_view(), name="api-device"),
    path("devices/<int:pk>/series", SeriesView.as_view(), name="api-device-series"),
    path("devices/latest", LatestView.as_view(), name="api-device-latest"),
]
