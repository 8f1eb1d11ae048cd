"""Addresses of the app below /api/."""

from django.urls import path

from media.api import views

urlpatterns = [
    path("photos/", views.PhotosView.as_view(), name="api-photos"),
    path("photos/<int:pk>/", views.PhotoView.as_view(), name="api-photo"),
    path("documents/", views.DocumentsView.as_view(), name="api-documents"),
]
