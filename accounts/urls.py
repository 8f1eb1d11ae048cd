"""Pages of the app."""

from django.urls import path
from django.views.generic import RedirectView

from accounts import views

urlpatterns = [
    path("login", views.SignIn.as_view(), name="login"),
    path("logout", views.SignOut.as_view(), name="logout"),
    path("account/password", views.Password.as_view(), name="password"),
    # One sign-in for all pages: with our words, our throttling, and the demo accounts
    path("admin/login/", RedirectView.as_view(pattern_name="login", query_string=True)),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password")),
]
