"""Addresses of the app below /api/."""

from django.urls import path

from portal.api import links, views

urlpatterns = [
    path("county/", views.CountyView.as_view(), name="county_api"),
    path("links", links.LinksView.as_view(), name="links"),
    path("qr.svg", views.QrView.as_view(), name="qr"),
]
