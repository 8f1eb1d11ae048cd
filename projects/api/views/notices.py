"""Public notices and their documents."""

from __future__ import annotations

from dataclasses import asdict

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.base import ApiView
from media.api.views import UploadView
from media.pipeline.limits import MAX_DOCUMENT_BYTES
from projects import selectors, services
from projects.api.answers import NoticePage, NoticeShape, valid
from projects.api.inputs import AttachmentInput, NoticeChange, NoticeInput


class NoticesView(ApiView):
    """The notices of the county."""

    known_params = ("project", "place", "limit")

    @extend_schema(
        operation_id="notices",
        tags=["notices"],
        parameters=[
            OpenApiParameter("project", int, description="only those of one project"),
            OpenApiParameter("place", str, description="only those of projects that lie in a township or village"),
            OpenApiParameter("limit", int, description="1…200, 50 without it"),
        ],
        responses=NoticePage,
    )
    def get(self, request: Request) -> Response:
        """Notices that exist for the viewer, newest first."""
        wanted = Q()
        if project := self.params.integer("project", 0, 1, 2**63 - 1):
            wanted &= Q(project_id=project)
        if place := self.params.text("place", longest=15):
            wanted &= Q(project__village__code__startswith=place)
        found = selectors.notice_page(self.viewer, wanted, self.params.integer("limit", 50, 1, 200))
        return Response({"items": [asdict(notice) for notice in found]})

    @extend_schema(operation_id="notice_create", tags=["notices"], request=NoticeInput, responses={201: NoticeShape})
    def post(self, request: Request) -> Response:
        """Publish a notice of a project."""
        given = dict(valid(NoticeInput(data=request.data)).validated_data)
        made = services.notice_create(by=self.viewer, project_id=given.pop("project"), **given)
        return Response(asdict(selectors.notice_get(self.viewer, made.pk)), status=201)


class NoticeView(ApiView):
    """One notice."""

    @extend_schema(operation_id="notice", tags=["notices"], responses=NoticeShape)
    def get(self, request: Request, pk: int) -> Response:
        """A notice with its documents."""
        return Response(asdict(selectors.notice_get(self.viewer, pk)))

    @extend_schema(operation_id="notice_update", tags=["notices"], request=NoticeChange, responses=NoticeShape)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is given; `version` is the version that was read, another one is a 409."""
        fields = dict(valid(NoticeChange(data=request.data)).validated_data)
        version = fields.pop("version", None)
        services.notice_update(by=self.viewer, notice_id=pk, version=version, fields=fields)
        return Response(asdict(selectors.notice_get(self.viewer, pk)))


class AttachmentsView(UploadView):
    """Documents of a notice."""

    parser_classes = (MultiPartParser,)
    most = MAX_DOCUMENT_BYTES

    @extend_schema(
        operation_id="notice_attachment_add",
        tags=["notices"],
        request={"multipart/form-data": AttachmentInput},
        responses={201: NoticeShape},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add a document; the answer is the notice with all of them."""
        file = self.one_file(request)
        given = valid(AttachmentInput(data=request.data)).validated_data
        kind, title = given["kind"], given["title"]
        services.attachment_add(by=self.viewer, notice_id=pk, file=file, name=file.name or "", kind=kind, title=title)
        return Response(asdict(selectors.notice_get(self.viewer, pk)), status=201)


class AttachmentView(ApiView):
    """One document of a notice."""

    @extend_schema(operation_id="notice_attachment_remove", tags=["notices"], responses={204: None})
    def delete(self, request: Request, pk: int, attachment: int) -> Response:
        """Take a document off its notice."""
        services.attachment_remove(by=self.viewer, notice_id=pk, attachment_id=attachment)
        return Response(status=204)
