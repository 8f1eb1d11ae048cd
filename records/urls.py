"""Pages of the app: for supervisors of processes."""

from django.urls import path

from records import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
