"""Addresses of the app below /api/."""

from django.urls import path

from facilities.api import views

urlpatterns = [
    path("facilities/", views.FacilitiesView.as_view(), name="api-facilities"),
    path("facilities/nearest", views.NearestView.as_view(), name="api-facilities-nearest"),
    path("facilities/categories/", views.CategoriesView.as_view(), name="api-facility-categories"),
    path("facilities/<int:pk>/", views.FacilityView.as_view(), name="api-facility"),
    path("facilities/<int:pk>/photos/", views.FacilityPhotosView.as_view(), name="api-facility-photos"),
]
