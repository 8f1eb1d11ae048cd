"""Addresses of the app below /api/."""

from django.urls import path

from accounts.api import views

urlpatterns = [path("session/", views.SessionView.as_view(), name="session_api")]
