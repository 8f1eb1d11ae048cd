"""Addresses of devices below /api/."""

from django.urls import path

from devices.api.readings import ReadingsView

urlpatterns = [path("devices/readings", ReadingsView.as_view(), name="api-device-readings")]
