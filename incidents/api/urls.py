"""Addresses of the app below /api/."""

from django.urls import path, re_path

from incidents.api import desk, public, track
from incidents.selectors import STOP_TOKEN

CODE = r"(?P<code>[0-9A-Za-z-]{13,20})"
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
        rf"^incidents/follow/(?P<token>{STOP_TOKEN}):stop$", public.FollowStopView.as_view(), name="api-incident-stop"
    ),
    re_path(rf"^incidents/track/{CODE}$", track.TrackView.as_view(), name="api-incident-track"),
    re_path(
        rf"^incidents/track/{CODE}:(?P<move>{'|'.join(track.MOVES)})$",
        track.TrackMoveView.as_view(),
        name="api-incident-track-move",
    ),
    re_path(rf"^incidents/track/{CODE}:tell$", track.TrackTellView.as_view(), name="api-incident-track-tell"),
    re_path(
        rf"^incidents/track/{CODE}/photos/(?P<token>[0-9a-f]{{32}})/(?P<size>thumb|medium|large)$",
        track.TrackPhotoView.as_view(),
        name="api-incident-track-photo",
    ),
    re_path(
        rf"^incidents/track/{CODE}/documents/(?P<token>[0-9a-f]{{32}})$",
        track.TrackDocumentView.as_view(),
        name="api-incident-track-document",
    ),
    path("incidents/desk/", desk.DeskView.as_view(), name="api-desk"),
    path("incidents/desk/counts", desk.DeskCountsView.as_view(), name="api-desk-counts"),
    path("incidents/desk/bulk:accept", desk.AcceptManyView.as_view(), name="api-desk-accept-many"),
    path("incidents/desk/options", desk.DeskOptionsView.as_view(), name="api-desk-options"),
    path("incidents/desk/<int:pk>", desk.CaseView.as_view(), name="api-desk-report"),
    path("incidents/desk/<int:pk>:contact", desk.ContactView.as_view(), name="api-desk-contact"),
    path("incidents/desk/<int:pk>:edit", desk.CaseActView.as_view(), name="api-desk-edit"),
    path("incidents/desk/<int:pk>:publish", desk.CasePublishView.as_view(), name="api-desk-publish"),
    path("incidents/desk/<int:pk>:comment", desk.CaseCommentView.as_view(), name="api-desk-comment"),
    path("incidents/desk/<int:pk>:comment_publish", desk.CommentPublishView.as_view(), name="api-desk-comment-publish"),
    path("incidents/desk/<int:pk>:call", desk.CaseCallBackView.as_view(), name="api-desk-call"),
    path("incidents/desk/<int:pk>:call_missed", desk.CaseCallMissedView.as_view(), name="api-desk-call-missed"),
    path("incidents/desk/<int:pk>/photos/<int:photo>", desk.CasePhotoView.as_view(), name="api-desk-photo"),
    path("incidents/desk/<int:pk>:<slug:move>", desk.CaseMoveView.as_view(), name="api-desk-move"),
]
