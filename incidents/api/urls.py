"""Addresses of the app below /api/."""

from django.urls import path, re_path

from incidents.api import public

NUMBER = r"(?P<number>\d{4}-[0-9A-Za-z]{5})"

urlpatterns = [
    path("incidents/", public.ReportsView.as_view(), name="api-incidents"),
    path("incidents/categories", public.CategoriesView.as_view(), name="api-incident-categories"),
    path("incidents/proposals", public.ProposalsView.as_view(), name="api-incident-proposals"),
    path("incidents/similar", public.SimilarView.as_view(), name="api-incident-similar"),
    path("incidents/photos", public.PhotosView.as_view(), name="api-incident-photos"),
    re_path(rf"^incidents/{NUMBER}$", public.ReportView.as_view(), name="api-incident"),
    re_path(rf"^incidents/{NUMBER}:follow$", public.FollowView.as_view(), name="api-incident-follow"),
    re_path(
        r"^incidents/follow/(?P<token>[0-9a-f]{40}):stop$", public.FollowStopView.as_view(), name="api-incident-stop"
    ),
]
