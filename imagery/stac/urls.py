"""Addresses below /stac/."""

from django.urls import path

from imagery.stac import views

urlpatterns = [
    path("", views.LandingView.as_view(), name="stac"),
    path("openapi", views.DescriptionView.as_view(), name="stac-openapi"),
    path("conformance", views.ConformanceView.as_view(), name="stac-conformance"),
    path("collections", views.CollectionsView.as_view(), name="stac-collections"),
    path("collections/<slug:key>", views.CollectionView.as_view(), name="stac-collection"),
    path("collections/<slug:key>/items", views.ItemsView.as_view(), name="stac-items"),
    path("collections/<slug:key>/items/<slug:item>", views.ItemView.as_view(), name="stac-item"),
    path("search", views.SearchView.as_view(), name="stac-search"),
]
