"""Work orders over HTTP: staff only, one address for each move."""

from __future__ import annotations

from dataclasses import asdict
from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch import selectors, services
from dispatch.api.inputs import OrdersBulkInput, SupervisionAnswerInput, fields_of
from dispatch.models import STATE_TITLES
from dispatch.selectors import Outcome
from dispatch.states import Level
from kernel.api.base import ApiView
from kernel.api.bulk import BulkAnswer, each
from kernel.api.params import Params
from kernel.api.shapes import shape_of
from kernel.viewer import Role
from media.api.serializers import DocumentShape, DocumentUpload
from media.api.views import UploadView
from media.pipeline.limits import MAX_DOCUMENT_BYTES
from media.selectors import document_link

WORKERS = (Role.HANDLER, Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR, Role.OFFICIAL)
"""Roles that have orders of their own to look at; for all others there are none."""

FILTERS = (
    *("state", "level", "place", "unit", "category", "source", "since", "until", "outcome", "returned_by"),
    *("mine", "leading", "urgent"),
)
PageShape = shape_of(selectors.OrderPage)
DetailShape = shape_of(selectors.OrderDetail, "OrderDetail")
OptionsShape = shape_of(selectors.OrderOptions)

FILTER_DOCS = [
    OpenApiParameter("state", str, description="names of states with commas; `open` for all open ones"),
    OpenApiParameter("level", str, enum=[level.value for level in Level]),
    OpenApiParameter("place", str, description="code of a township, village or grid; `none`: outside of every village"),
    OpenApiParameter("unit", str, description="number of the leading unit; `none`: no unit yet"),
    OpenApiParameter("category", str),
    OpenApiParameter("source", str),
    OpenApiParameter("since", str, description="first day on which the clock started"),
    OpenApiParameter("until", str, description="last day, included"),
    OpenApiParameter("outcome", str, enum=[one.value for one in Outcome], description="a term of the statistics"),
    OpenApiParameter("returned_by", int, description="number of a unit that handed the order back"),
    OpenApiParameter("mine", bool, description="signed for by the viewer, or given to the viewer"),
    OpenApiParameter("leading", bool, description="no tasks of further units"),
    OpenApiParameter("urgent", bool),
]


def filter_of(params: Params) -> selectors.OrderFilter:
    """What of the orders is asked for."""
    states = params.choices("state", ["open", *STATE_TITLES])
    is_unled = params.text("unit") == "none"
    return selectors.OrderFilter(
        states=states,
        level=params.choice("level", [level.value for level in Level]),
        place=params.text("place", longest=15),
        unit=-1 if is_unled else params.integer("unit", 0, 1, 2**53) or None,
        category=params.text("category", longest=40) if params.has("category") else None,
        source=params.text("source", longest=20),
        since=params.date("since"),
        until=params.date("until"),
        outcome=params.choice("outcome", [one.value for one in Outcome]),
        returned_by=params.integer("returned_by", 0, 1, 2**53) or None,
        mine=params.flag("mine"),
        leading=params.flag("leading"),
        urgent=params.flag("urgent"),
    )


class OrdersView(ApiView):
    """The viewer's orders."""

    known_params = (*FILTERS, "cursor", "limit")
    roles_to_read = WORKERS

    @extend_schema(
        operation_id="orders",
        tags=["dispatch"],
        parameters=[*FILTER_DOCS, OpenApiParameter("cursor", str), OpenApiParameter("limit", int)],
        responses=PageShape,
    )
    def get(self, request: Request) -> Response:
        """One page, the nearest due time first."""
        limit = self.params.integer("limit", 50, 1, 200)
        page = selectors.order_page(self.viewer, filter_of(self.params), self.params.text("cursor"), limit)
        return Response(asdict(page))


class OptionsView(ApiView):
    """What forms of orders let people choose from."""

    roles_to_read = WORKERS

    @extend_schema(operation_id="order_options", tags=["dispatch"], responses=OptionsShape)
    def get(self, request: Request) -> Response:
        """Units, crews, people, states, levels, reasons and checks."""
        return Response(asdict(selectors.order_options(self.viewer)))


class OrderView(ApiView):
    """One order in full."""

    @extend_schema(operation_id="order", tags=["dispatch"], responses=DetailShape)
    def get(self, request: Request, pk: int) -> Response:
        """The order, what hangs on it, its history, and what the viewer may do now."""
        return Response(asdict(selectors.order_get(self.viewer, pk)))


class MoveView(ApiView):
    """One move of one order; ``urls`` makes one view for each move."""

    move: ClassVar[str]

    def do(self, request: Request, pk: int) -> Response:
        """Do it, and answer with the order after it; for somebody who may no longer see it, with its state only."""
        given = fields_of(self.move, request.data)
        order = services.order_move(by=self.viewer, order_id=pk, move=self.move, **given)
        return Response({"id": order.pk, "state": order.state, "version": order.version})


class OrderMoved(serializers.Serializer):
    """An order after a move."""

    id = serializers.IntegerField()
    state = serializers.CharField()
    version = serializers.IntegerField()


class EvidenceView(UploadView):
    """Documents of a reply that is being written."""

    roles_to_write = WORKERS
    most = MAX_DOCUMENT_BYTES

    @extend_schema(
        operation_id="order_evidence_add",
        tags=["dispatch"],
        request={"multipart/form-data": DocumentUpload},
        responses={201: DocumentShape},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add a document (PDF, DOCX, XLSX, TXT, CSV; at most 20 MB); `submit` names it by its `id`."""
        file = self.one_file(request)
        document = services.evidence_add(by=self.viewer, order_id=pk, file=file, name=file.name or "")
        return Response(document_link(document), status=201)


class BulkView(ApiView):
    """The same move on several orders."""

    roles_to_write = WORKERS

    @extend_schema(operation_id="orders_bulk", tags=["dispatch"], request=OrdersBulkInput, responses=BulkAnswer)
    def post(self, request: Request) -> Response:
        """Each order by itself: what is refused for one does not stop the others."""
        body = OrdersBulkInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        values = fields_of(given["move"], given.get("fields", {}))
        return each(
            given["ids"],
            lambda key: services.order_move(by=self.viewer, order_id=key, move=given["move"], **values),
        )


class SupervisionReadView(ApiView):
    """A supervision order was read."""

    @extend_schema(operation_id="supervision_read", tags=["dispatch"], request=None, responses=DetailShape)
    def post(self, request: Request, pk: int) -> Response:
        """The read receipt of the unit; a second reading changes nothing."""
        found = services.supervision_read(by=self.viewer, supervision_id=pk)
        return Response(asdict(selectors.order_get(self.viewer, found.order_id)))


class SupervisionAnswerView(ApiView):
    """A supervision order is answered."""

    @extend_schema(
        operation_id="supervision_answer", tags=["dispatch"], request=SupervisionAnswerInput, responses=DetailShape
    )
    def post(self, request: Request, pk: int) -> Response:
        """What the unit has done."""
        body = SupervisionAnswerInput(data=request.data)
        body.is_valid(raise_exception=True)
        found = services.supervision_answer(by=self.viewer, supervision_id=pk, text=body.validated_data["text"])
        return Response(asdict(selectors.order_get(self.viewer, found.order_id)))
