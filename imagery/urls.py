"""Addresses of pictures of scenes."""

from django.urls import path

from imagery import views

urlpatterns = [
    path("imagery/scenes/<slug:key>/tiles/<int:z>/<int:x>/<int:y>", views.tile, name="imagery-tile"),
    path("imagery/points/<int:number>/chips/<str:side>", views.chip, name="imagery-chip"),
]
