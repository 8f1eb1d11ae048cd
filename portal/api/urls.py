"""Addresses of the app below /api/."""

from django.urls import path

from portal.api import views

urlpatterns = [
    path("county/", views.CountyView.as_view(), name="county_api"),
    path("qr.svg", views.QrView.as_view(), name="qr"),
]
