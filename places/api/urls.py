"""Addresses of the app below /api/."""

from django.urls import path

from places.api import views

urlpatterns = [
    path("places/at", views.PlaceAtView.as_view(), name="place_at"),
    path("places/<str:code>", views.PlaceView.as_view(), name="place"),
    path("places/<str:code>/panel", views.PanelView.as_view(), name="place_panel"),
    path("contacts/", views.ContactsView.as_view(), name="contacts"),
    path("contacts/<int:pk>/", views.ContactView.as_view(), name="contact"),
]
