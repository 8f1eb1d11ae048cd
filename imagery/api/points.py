"""One point over HTTP: verdicts, their taking back, moves by name."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imagery import services
from imagery.api import inputs
from imagery.api.inputs import INPUTS, read
from imagery.models import Review
from imagery.querysets import READERS, REVIEWERS, WRITERS
from imagery.selectors.cards import PointDetail, point_detail
from kernel.api.base import ApiView
from kernel.api.shapes import shape_of
from media.api.serializers import DocumentShape, DocumentUpload
from media.api.views import UploadView
from media.pipeline.limits import MAX_DOCUMENT_BYTES
from media.selectors import document_link

DetailShape = shape_of(PointDetail, "ChangePointDetail")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A point after a verdict, or after its taking back.

    Attributes:
        review: the number of that.
        note: to be told to people, of a second verdict that was taken back; else "".
    """

    id: int
    review: int
    state: str
    version: int
    note: str


@dataclass(frozen=True, slots=True)
class ReviewBatch:
    """What becomes of each point; ``ok``: it is done, or would be."""

    items: tuple[services.BatchLine, ...]


ReviewedShape = shape_of(Reviewed)
BatchShape = shape_of(ReviewBatch)


class PointMoved(serializers.Serializer):
    """A point after a move."""

    id = serializers.IntegerField()
    state = serializers.CharField()
    version = serializers.IntegerField()


class PointView(ApiView):
    """One point in full."""

    roles_to_read = READERS

    @extend_schema(operation_id="change_point", tags=["imagery"], responses=DetailShape)
    def get(self, request: Request, pk: int) -> Response:
        """The point, its verdicts, checks and history, and what the viewer may do now."""
        return Response(asdict(point_detail(self.viewer, pk)), headers={"Cache-Control": "no-store"})


def _reviewed(review: Review) -> Response:
    point = review.point
    is_told = services.is_told(review)
    note = _("已撤销。您已经知道第一遍的结论：再判就由督查裁定，跳过就由别人复核。") if is_told else ""
    return Response(asdict(Reviewed(point.pk, review.pk, point.state, point.version, note)))


class BasisView(UploadView):
    """Documents that say what a point is."""

    roles_to_write = WRITERS
    most = MAX_DOCUMENT_BYTES

    @extend_schema(
        operation_id="change_point_document_add",
        tags=["imagery"],
        request={"multipart/form-data": DocumentUpload},
        responses={201: DocumentShape},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add a document (PDF, DOCX, XLSX, TXT, CSV; at most 20 MB), never public; `find` names it by its `id`."""
        file = self.one_file(request)
        document = services.basis_add(by=self.viewer, point_id=pk, file=file, name=file.name or "")
        return Response(document_link(document), status=201)


class ReviewView(ApiView):
    """A verdict."""

    roles_to_write = REVIEWERS

    @extend_schema(
        operation_id="change_point_review", tags=["imagery"], request=inputs.ReviewInput, responses=ReviewedShape
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say what is seen; needs the lease and the version that was read (else 409). Sent twice it is one."""
        said = read(inputs.ReviewInput, request.data)
        version = said.pop("version")
        fields = services.ReviewFields(**said)
        return _reviewed(services.point_review(by=self.viewer, point_id=pk, fields=fields, version=version))


class UndoView(ApiView):
    """A verdict is taken back."""

    roles_to_write = REVIEWERS

    @extend_schema(operation_id="review_undo", tags=["imagery"], request=inputs.UndoInput, responses=ReviewedShape)
    def post(self, request: Request) -> Response:
        """The point is exactly as it was, and in the viewer's hands; 409 `moved_on` when more has happened since."""
        said = read(inputs.UndoInput, request.data)
        review = services.review_undo(by=self.viewer, client_id=said["client_id"], review_id=said.get("review"))
        return _reviewed(review)


class BatchView(ApiView):
    """The same verdict on several points."""

    roles_to_write = REVIEWERS

    @extend_schema(operation_id="review_batch", tags=["imagery"], request=inputs.ReviewBatchInput, responses=BatchShape)
    def post(self, request: Request) -> Response:
        """Each point by itself; with `dry_run` it tells what it would do, and does nothing."""
        said = read(inputs.ReviewBatchInput, request.data)
        keys, is_dry_run = said.pop("ids"), said.pop("dry_run", False)
        fields = services.ReviewFields(client_id=said.pop("batch"), **said)
        lines = services.points_review(by=self.viewer, point_ids=keys, fields=fields, is_dry_run=is_dry_run)
        return Response(asdict(ReviewBatch(lines)))


class BatchUndoView(ApiView):
    """A batch is taken back."""

    roles_to_write = REVIEWERS

    @extend_schema(
        operation_id="review_batch_undo", tags=["imagery"], request=inputs.BatchUndoInput, responses=BatchShape
    )
    def post(self, request: Request) -> Response:
        """What stands of it, each point by itself."""
        batch = read(inputs.BatchUndoInput, request.data)["batch"]
        return Response(asdict(ReviewBatch(services.batch_undo(by=self.viewer, batch=batch))))


class PointMoveView(ApiView):
    """One move of one point; ``urls`` makes one view for each move by name."""

    roles_to_write = WRITERS
    move: ClassVar[str]

    def do(self, request: Request, pk: int) -> Response:
        """Do it, and answer with the point after it."""
        given = read(INPUTS[self.move], request.data)
        point = services.point_move(by=self.viewer, point_id=pk, move=self.move, **given)
        return Response({"id": point.pk, "state": point.state, "version": point.version})
