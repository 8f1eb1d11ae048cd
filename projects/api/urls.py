"""Addresses of the app below /api/."""

from django.urls import path

from projects.api.views import board, notices, photos, progress, projects

urlpatterns = [
    path("overview/", projects.OverviewView.as_view(), name="api-overview"),
    path("projects/", projects.ProjectsView.as_view(), name="api-projects"),
    path("projects/board", board.BoardView.as_view(), name="api-board"),
    path("projects/board.csv", board.BoardTableView.as_view(), name="api-board-table"),
    path("projects/board/<str:code>", board.BoardPlaceView.as_view(), name="api-board-place"),
    path("projects/form-options/", projects.FormOptionsView.as_view(), name="api-project-form-options"),
    path("projects/photos/", photos.AlbumView.as_view(), name="api-photo-album"),
    path("projects/photos/match/", photos.MatchView.as_view(), name="api-project-photos-match"),
    path("projects/photos/<int:pk>/", photos.PhotoView.as_view(), name="api-project-photo"),
    path("projects/<int:pk>/", projects.ProjectView.as_view(), name="api-project"),
    path("projects/<int:pk>/move/", projects.MoveView.as_view(), name="api-project-move"),
    path("projects/<int:pk>/unpublish/", projects.UnpublishView.as_view(), name="api-project-unpublish"),
    path("projects/<int:pk>/progress/", progress.ProgressView.as_view(), name="api-project-progress"),
    path("projects/<int:pk>/progress/paste/", progress.PasteView.as_view(), name="api-project-progress-paste"),
    path("projects/<int:pk>/photos/", photos.PhotosView.as_view(), name="api-project-photos"),
    path("notices/", notices.NoticesView.as_view(), name="api-notices"),
    path("notices/<int:pk>/", notices.NoticeView.as_view(), name="api-notice"),
    path("notices/<int:pk>/attachments/", notices.AttachmentsView.as_view(), name="api-notice-attachments"),
    path(
        "notices/<int:pk>/attachments/<int:attachment>/",
        notices.AttachmentView.as_view(),
        name="api-notice-attachment",
    ),
]
