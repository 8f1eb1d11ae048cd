"""Reports for staff: queues, one case, one address for each move."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents import selectors, services
from incidents.api import shapes
from incidents.api.base import site_of
from incidents.api.inputs import (
    AcceptManyInput,
    CallBackInput,
    CallMissedInput,
    CommentInput,
    CommentPublishInput,
    DeskReportInput,
    EditInput,
    ModerateInput,
    PublishInput,
    ReportMoveInput,
    valid,
)
from incidents.api.public import filters_of, sending_key
from incidents.models import Report
from incidents.states import REPORTER, SYSTEM, machine
from kernel.api.base import ApiView
from kernel.api.bulk import BulkAnswer, each
from kernel.api.shapes import shape_of
from kernel.errors import NotFound
from kernel.viewer import Role
from media.pipeline.pictures import Box

TAGS = ["incidents-desk"]
NO_STORE = {"Cache-Control": "private, no-store"}
STAFF = (Role.VILLAGE_AGENT, Role.GRID_MANAGER, Role.DESK, Role.HANDLER, Role.SUPERVISOR, Role.OFFICIAL)
WRITERS = (Role.VILLAGE_AGENT, Role.DESK)
"""Who writes down what somebody else reports."""

MOVES = tuple(dict.fromkeys(move.name for move in machine.moves if move.by - {REPORTER, SYSTEM} or REPORTER in move.by))
FILTERS = ("queue", "status", "category", "village", "township", "bbox", "since", "until", "q", "cursor")

DeskRowShape = shape_of(selectors.DeskRow, "DeskReport")
CaseShape = shape_of(selectors.Case, "DeskCase")
OptionsShape = shape_of(selectors.DeskOptions)
CountsShape = inline_serializer("DeskCounts", {queue: serializers.IntegerField() for queue in selectors.QUEUES})


class DeskPage(serializers.Serializer):
    """A page of a queue; ``next`` is the value of ``cursor``."""

    items = DeskRowShape(many=True)
    next = serializers.IntegerField(allow_null=True)


class DeskView(ApiView):
    """The viewer's own business."""

    roles_to_read = STAFF
    roles_to_write = WRITERS

    def parameters(self) -> tuple[str, ...]:
        """Filters for reading; a write takes none."""
        return FILTERS if self.request.method in ("GET", "HEAD") else ()

    @extend_schema(
        operation_id="desk_reports",
        tags=TAGS,
        parameters=[
            OpenApiParameter("queue", str, enum=list(selectors.QUEUES)),
            *(OpenApiParameter(name, str) for name in FILTERS[1:-1]),
            OpenApiParameter("cursor", int, description="`next` of the page before"),
        ],
        responses=DeskPage,
    )
    def get(self, request: Request) -> Response:
        """Fifty reports of a queue, urgent ones first, then by when something is due."""
        queue = self.params.choice("queue", selectors.QUEUES, "all")
        by = filters_of(self, text=True)
        items, after = selectors.desk_page(self.viewer, queue, by, by.before)
        return Response({"items": [asdict(row) for row in items], "next": after}, headers=NO_STORE)

    @extend_schema(
        operation_id="desk_submit", tags=TAGS, request=DeskReportInput, responses={201: shapes.SubmittedShape}
    )
    def post(self, request: Request) -> Response:
        """Write down a call (desk) or what somebody in the village reports (agent)."""
        body = valid(DeskReportInput(data=request.data))
        channel = "" if self.viewer.has_role(Role.VILLAGE_AGENT) else body.validated_data["channel"]
        answer = services.report_submit(
            by=self.viewer,
            fields=body.report_fields(),
            key=sending_key(request),
            channel=channel,
            site=site_of(request),
        )
        return Response(asdict(answer), status=201, headers=NO_STORE)


class DeskCountsView(ApiView):
    """How much waits."""

    roles_to_read = STAFF

    @extend_schema(operation_id="desk_counts", tags=TAGS, responses=CountsShape)
    def get(self, request: Request) -> Response:
        """How many reports stand in each queue."""
        return Response(selectors.desk_counts(self.viewer), headers=NO_STORE)


class DeskOptionsView(ApiView):
    """What forms about reports let people choose from."""

    roles_to_read = STAFF

    @extend_schema(operation_id="desk_options", tags=TAGS, responses=OptionsShape)
    def get(self, request: Request) -> Response:
        """Grounds of refusal, ways to call back, readers of remarks."""
        return Response(asdict(selectors.desk_options()), headers=NO_STORE)


class AcceptManyView(ApiView):
    """Several reports accepted at once."""

    roles_to_write = (Role.GRID_MANAGER, Role.DESK)

    @extend_schema(operation_id="desk_accept_many", tags=TAGS, request=AcceptManyInput, responses=BulkAnswer)
    def post(self, request: Request) -> Response:
        """Each by itself, accepted and assigned or neither: what is refused for one does not stop the others."""
        said = valid(AcceptManyInput(data=request.data)).validated_data
        kinds = selectors.desk_kinds(self.viewer, said["ids"])

        def accept(key: int) -> Report:
            category, usual = kinds.get(key, ("", None))
            unit = usual if said["usual_unit"] else said.get("unit")
            return services.report_move(by=self.viewer, report_id=key, move="accept", category=category, unit=unit)

        return each(said["ids"], accept)


class CaseView(ApiView):
    """One case."""

    roles_to_read = STAFF

    @extend_schema(operation_id="desk_report", tags=TAGS, responses=CaseShape)
    def get(self, request: Request, pk: int) -> Response:
        """Everything of a report but who made it, and what the viewer may do with it."""
        return _case(self, pk)


class CaseMoveView(ApiView):
    """Moves of a report."""

    @extend_schema(
        operation_id="desk_report_move",
        tags=TAGS,
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=MOVES)],
        request=ReportMoveInput,
        responses=CaseShape,
    )
    def post(self, request: Request, pk: int, move: str) -> Response:
        """Do a move; `moves` of the case say which are open and what they need."""
        if move not in MOVES:
            raise NotFound(_("没有这一步。"))
        given: dict[str, Any] = dict(valid(ReportMoveInput(data=request.data)).validated_data)
        if move == "supplement":
            said = {"text": given.get("text", ""), "photos": given.get("photos", ())}
            services.report_supplement(by=self.viewer, report_id=pk, version=given.get("version"), **said)
        else:
            services.report_move(by=self.viewer, report_id=pk, move=move, **given)
        return _case(self, pk)


class CaseActView(ApiView):
    """What is done to a report beside its moves."""

    @extend_schema(operation_id="desk_report_edit", tags=TAGS, request=EditInput, responses=CaseShape)
    def post(self, request: Request, pk: int) -> Response:
        """Put words, kind, place or urgency right; what the public reads is masked again."""
        services.report_edit(by=self.viewer, report_id=pk, **valid(EditInput(data=request.data)).edits())
        return _case(self, pk)


class CasePublishView(ApiView):
    """Whether the public sees a report."""

    @extend_schema(operation_id="desk_report_publish", tags=TAGS, request=PublishInput, responses=CaseShape)
    def post(self, request: Request, pk: int) -> Response:
        """Show a report on the map, or keep it off."""
        services.report_publish(by=self.viewer, report_id=pk, **valid(PublishInput(data=request.data)).validated_data)
        return _case(self, pk)


class CasePhotoView(ApiView):
    """Moderation of a photo."""

    @extend_schema(operation_id="desk_report_photo", tags=TAGS, request=ModerateInput, responses=CaseShape)
    def post(self, request: Request, pk: int, photo: int) -> Response:
        """Blur parts of a photo, publish or hide it."""
        said = dict(valid(ModerateInput(data=request.data)).validated_data)
        boxes = [Box(**box) for box in said.pop("boxes")]
        services.report_photo(by=self.viewer, report_id=pk, photo_id=photo, boxes=boxes, **said)
        return _case(self, pk)


class CaseCommentView(ApiView):
    """Remarks of staff."""

    @extend_schema(operation_id="desk_report_comment", tags=TAGS, request=CommentInput, responses=CaseShape)
    def post(self, request: Request, pk: int) -> Response:
        """Say something to the reporter, or among staff."""
        services.report_comment(by=self.viewer, report_id=pk, **valid(CommentInput(data=request.data)).validated_data)
        return _case(self, pk)


class CommentPublishView(ApiView):
    """Moderation of remarks for everybody."""

    @extend_schema(
        operation_id="desk_report_comment_publish", tags=TAGS, request=CommentPublishInput, responses=CaseShape
    )
    def post(self, request: Request, pk: int) -> Response:
        """Publish a remark, numbers in it masked, or take it back."""
        said = valid(CommentPublishInput(data=request.data)).validated_data
        services.comment_publish(by=self.viewer, report_id=pk, **said)
        return _case(self, pk)


class CaseCallBackView(ApiView):
    """Calls that somebody wants made."""

    @extend_schema(operation_id="desk_report_call", tags=TAGS, request=CallBackInput, responses=CaseShape)
    def post(self, request: Request, pk: int) -> Response:
        """Have somebody ask the reporter, by telephone or at the door."""
        services.call_back_order(by=self.viewer, report_id=pk, **valid(CallBackInput(data=request.data)).validated_data)
        return _case(self, pk)


class CaseCallMissedView(ApiView):
    """Calls that reached nobody."""

    @extend_schema(operation_id="desk_report_call_missed", tags=TAGS, request=CallMissedInput, responses=CaseShape)
    def post(self, request: Request, pk: int) -> Response:
        """Write down that the reporter could not be reached."""
        said = valid(CallMissedInput(data=request.data)).validated_data
        services.call_back_missed(by=self.viewer, report_id=pk, **said)
        return _case(self, pk)


class ContactView(ApiView):
    """Who reported."""

    @extend_schema(
        operation_id="desk_report_contact", tags=TAGS, request=None, responses={200: shape_of(services.Contact)}
    )
    def post(self, request: Request, pk: int) -> Response:
        """How to reach the reporter. Reading it is written down."""
        return Response(asdict(services.contact_read(by=self.viewer, report_id=pk)), headers=NO_STORE)


def _case(view: ApiView, pk: int) -> Response:
    return Response(asdict(selectors.desk_case(view.viewer, pk)), headers=NO_STORE)
