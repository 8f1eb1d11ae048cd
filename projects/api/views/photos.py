"""Construction photos: several at once, and where they belong."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.base import ApiView
from media.api.views import UploadView
from projects import selectors, services
from projects.api.answers import AlbumShape, PhotoShape, PhotosStored, Proposals, proposal_json, valid
from projects.api.inputs import MatchInput, PhotoInput, PhotosInput

MOST = 200 * 2**20
"""Bytes of one form: twenty photos of a good phone."""

_FORM = "multipart/form-data"


class FilesView(UploadView):
    """Takes several files of a multipart form, named ``files``."""

    parser_classes = (MultiPartParser,)
    most = MOST

    def uploads(self, request: Request, alt: str = "") -> list[services.Upload]:
        """The files of the form, in their order."""
        files: list[Any] = request.FILES.getlist("files") or request.FILES.getlist("file")
        return [services.Upload(file, file.name or "", alt) for file in files]


class PhotosView(FilesView):
    """Photos of one project."""

    @extend_schema(operation_id="project_photos", tags=["projects"], responses=PhotoShape(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The photos that exist for the viewer, newest first."""
        return Response([asdict(photo) for photo in selectors.project_photos(self.viewer, pk)])

    @extend_schema(
        operation_id="project_photos_add",
        tags=["projects"],
        request={_FORM: PhotosInput},
        responses={201: PhotosStored, 200: PhotosStored},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add photos. Each stands for itself: 201 when at least one was saved; `refused` says why others were not."""
        form = {name: value for name, value in request.POST.items() if name not in ("files", "file")}
        given = dict(valid(PhotosInput(data=form)).validated_data)
        uploads = self.uploads(request, given.pop("alt"))
        details = services.PhotoDetails(**given)
        outcomes = services.project_photos_add(by=self.viewer, project_id=pk, uploads=uploads, details=details)
        saved = [selectors.photo_shape(self.viewer, one.photo) for one in outcomes if one.photo]
        refused = [{"index": one.index, "name": one.name, **one.error.as_dict()} for one in outcomes if one.error]
        body = {"saved": [asdict(photo) for photo in saved], "refused": refused}
        return Response(body, status=201 if saved else 200)


class AlbumView(ApiView):
    """Public photos of a place."""

    known_params = ("place", "project", "after", "limit")

    @extend_schema(
        operation_id="photo_album",
        tags=["projects"],
        parameters=[
            OpenApiParameter("place", str, description="code; without it the whole county"),
            OpenApiParameter("project", int, description="only those of one project"),
            OpenApiParameter("after", str, description="`next` of the page before"),
            OpenApiParameter("limit", int, description="1…100, 30 without it"),
        ],
        responses=AlbumShape,
    )
    def get(self, request: Request) -> Response:
        """Public photos taken in a place, newest first, page by page."""
        album = selectors.place_album(
            self.viewer,
            self.params.text("place", self.viewer.county, longest=15),
            project=self.params.integer("project", 0, 1, 2**63 - 1),
            after=self.params.text("after", longest=40),
            limit=self.params.integer("limit", 30, 1, 100),
        )
        return Response(asdict(album))


class MatchView(FilesView):
    """Where photos belong."""

    @extend_schema(
        operation_id="project_photos_match", tags=["projects"], request={_FORM: MatchInput}, responses=Proposals
    )
    def post(self, request: Request) -> Response:
        """Propose project and village of each photo by its position. Nothing is stored."""
        found = services.photos_match(by=self.viewer, uploads=self.uploads(request))
        return Response({"items": [proposal_json(one) for one in found]})


class PhotoView(ApiView):
    """One photo of a project."""

    @extend_schema(operation_id="project_photo_update", tags=["projects"], request=PhotoInput, responses=PhotoShape)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is said about a photo; `version` is the version that was read, another one is a 409."""
        fields = dict(valid(PhotoInput(data=request.data)).validated_data)
        version = fields.pop("version", None)
        row = services.project_photo_update(by=self.viewer, photo_id=pk, version=version, fields=fields)
        return Response(asdict(selectors.photo_shape(self.viewer, row)))

    @extend_schema(operation_id="project_photo_remove", tags=["projects"], responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take a photo off its project; nobody can open it any more."""
        services.project_photo_remove(by=self.viewer, photo_id=pk)
        return Response(status=204)
