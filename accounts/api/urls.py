"""Addresses of the app below /api/."""

from django.urls import path

from accounts.api import filters, inbox, views

urlpatterns = [
    path("session/", views.SessionView.as_view(), name="session_api"),
    path("saved-filters/", filters.SavedFiltersView.as_view(), name="api-saved-filters"),
    path("inbox/", inbox.InboxView.as_view(), name="api-inbox"),
    path("inbox/<int:pk>:read", inbox.InboxReadView.as_view(), name="api-inbox-read"),
]
