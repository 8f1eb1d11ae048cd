"""Addresses of files."""

from django.urls import path, re_path

from media import views

urlpatterns = [
    re_path(
        r"^media/p/(?P<shelf>[0-9a-f]{2})/(?P<token>[0-9a-f]{32})-(?P<size>thumb|medium|large)\.jpg$",
        views.photo,
        name="media-photo",
    ),
    re_path(r"^media/d/(?P<token>[0-9a-f]{32})/(?P<name>[^/]{1,120})$", views.document, name="media-document"),
    path("media/original/<int:pk>", views.original, name="media-original"),
]
