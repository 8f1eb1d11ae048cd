"""Addresses of the engine below /api/, and the OpenAPI document of all apps."""

from django.urls import URLPattern, path

from layers.api.docs import DocsView, SchemaView
from layers.api.live import ChangesView
from layers.api.views import (
    BasemapView,
    CatalogueView,
    ClustersView,
    CountsView,
    FeaturesView,
    FeatureView,
    SearchView,
    TileView,
)

urlpatterns: list[URLPattern] = [
    path("layers/", CatalogueView.as_view(), name="layers"),
    path("layers/changes", ChangesView.as_view(), name="layer-changes"),
    path("layers/<str:key>/features", FeaturesView.as_view(), name="layer-features"),
    path("layers/<str:key>/features/<str:pk>", FeatureView.as_view(), name="layer-feature"),
    path("layers/<str:key>/tiles/<int:z>/<int:x>/<int:y>.mvt", TileView.as_view(), name="layer-tile"),
    path("layers/<str:key>/clusters", ClustersView.as_view(), name="layer-clusters"),
    path("layers/<str:key>/counts", CountsView.as_view(), name="layer-counts"),
    path("basemap/tiles/<int:z>/<int:x>/<int:y>.mvt", BasemapView.as_view(), name="basemap-tile"),
    path("search", SearchView.as_view(), name="search"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
]
