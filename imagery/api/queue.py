"""The queue over HTTP: pages, figures, the next point, and the lease."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from imagery import services
from imagery.api.inputs import MOST_KEY, NextInput, read
from imagery.models import CONFIDENCE_TITLES, FINDING_TITLES, FLAG_TITLES, KIND_TITLES, STATE_TITLES, RejectReason
from imagery.querysets import KEEPERS, READERS, REVIEWERS
from imagery.selectors.cards import PointCard, point_cards
from imagery.selectors.lists import PointFilter, PointPage, point_page, queue_page
from imagery.selectors.queue import (
    CHOICES,
    FILTER_TITLES,
    QueueCounts,
    QueueFilter,
    point_number,
    queue_counts,
    queue_filter,
)
from imagery.selectors.reviewers import SAID
from imagery.states import Kind
from kernel.api.base import ApiView
from kernel.api.params import Params
from kernel.api.shapes import shape_of
from kernel.clock import written
from kernel.language import named

FILTERS = (*CHOICES, "min_m2", "min_score", "since", "number")

NUMBER_DOC = OpenApiParameter("number", str, description="of that number: `12`, `YG-0012`")

FILTER_DOCS = [
    *(
        OpenApiParameter(name, str, description=f"{what}; several with commas, all but these with a leading `!`")
        for name, what in {
            "state": "`queued` (first round), `second_review`",
            "place": "codes of townships or villages; `none`: outside every village",
            "kind": "kinds of change",
            "project": "`yes`: inside an approved project",
            "redline": "`yes`: on a red line",
            "gone": "`yes`: a later scene has hardly anything left of it",
            "flag": "why it is set aside; without it what is not set aside",
        }.items()
    ),
    OpenApiParameter("min_m2", float, description="square metres at least"),
    OpenApiParameter("min_score", float, description="score at least, 0…1"),
    OpenApiParameter("since", str, description="detected on that day or later"),
    NUMBER_DOC,
]


@dataclass(frozen=True, slots=True)
class NextPoint:
    """The point that the viewer holds now (None: nothing is left), until when, and those that would come next."""

    point: PointCard | None
    until: str | None
    ahead: tuple[PointCard, ...]


@dataclass(frozen=True, slots=True)
class Lease:
    """Until when the viewer holds a point."""

    id: int
    until: str | None


@dataclass(frozen=True, slots=True)
class Option:
    """A value and what it is called; of kinds with their key on the keyboard, else 0."""

    value: str
    title: str
    key: int = 0


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """What forms of the review let people choose from; the first reason is that of the key K."""

    kinds: tuple[Option, ...]
    reasons: tuple[Option, ...]
    states: tuple[Option, ...]
    flags: tuple[Option, ...]
    findings: tuple[Option, ...]
    confidences: tuple[Option, ...]


PageShape = shape_of(PointPage, "ChangePointPage")
CountsShape = shape_of(QueueCounts, "ReviewQueueCounts")
NextShape = shape_of(NextPoint)
LeaseShape = shape_of(Lease, "ReviewLease")
OptionsShape = shape_of(ReviewOptions)


def filter_of(params: Params) -> QueueFilter:
    """What of the queue is asked for."""
    return queue_filter({name: params.text(name, longest=600) for name in FILTERS if params.has(name)})


class QueueView(ApiView):
    """The points that the viewer may look at."""

    known_params = (*FILTERS, "cursor", "limit", "lon", "lat")
    roles_to_read = REVIEWERS

    @extend_schema(
        operation_id="review_queue",
        tags=["imagery"],
        parameters=[
            *FILTER_DOCS,
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
            OpenApiParameter(
                "lon", float, description="with `lat`: the nearest of there, on one page; tells `distances_m`"
            ),
            OpenApiParameter("lat", float),
        ],
        responses=PageShape,
    )
    def get(self, request: Request) -> Response:
        """One page, the highest priority first."""
        limit = self.params.integer("limit", 50, 1, 200)
        after, near = self.params.text("cursor", longest=60), self.params.lonlat(required=False)
        page = queue_page(self.viewer, filter_of(self.params), after, limit, near)
        return Response(asdict(page), headers={"Cache-Control": "no-store"})


class QueueCountsView(ApiView):
    """The figures beside the queue."""

    known_params = FILTERS
    roles_to_read = REVIEWERS

    @extend_schema(operation_id="review_queue_counts", tags=["imagery"], parameters=FILTER_DOCS, responses=CountsShape)
    def get(self, request: Request) -> Response:
        """How many points the filter leaves, by kind and township; of saved filters (queue `imagery`), of today."""
        found = queue_counts(self.viewer, filter_of(self.params))
        return Response(asdict(found), headers={"Cache-Control": "no-store"})


class NextView(ApiView):
    """The next point."""

    roles_to_write = REVIEWERS

    @extend_schema(operation_id="review_next", tags=["imagery"], request=NextInput, responses=NextShape)
    def post(self, request: Request) -> Response:
        """Hold the next point for ten minutes; what was held before is free. With the three that would come next."""
        said = read(NextInput, request.data)
        asked = queue_filter(said.get("filter", {}))
        found = services.point_claim_next(by=self.viewer, asked=asked, near=said.get("near"), skip=said.get("skip", ()))
        keys = [found.point, *found.ahead] if found.point else []
        cards = point_cards(self.viewer, keys)
        return Response(asdict(NextPoint(cards[0] if cards else None, written(found.until), cards[1:])))


class ClaimView(ApiView):
    """One point by name."""

    roles_to_write = REVIEWERS

    @extend_schema(operation_id="review_claim", tags=["imagery"], request=None, responses=LeaseShape)
    def post(self, request: Request, pk: int) -> Response:
        """Hold it for ten minutes; for whoever holds it already, ten minutes more (a sign of life)."""
        found = services.point_claim(by=self.viewer, point_id=pk)
        return Response(asdict(Lease(pk, written(found.until))))


class ReleaseView(ApiView):
    """Hold nothing."""

    roles_to_write = REVIEWERS

    @extend_schema(operation_id="review_release", tags=["imagery"], request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Free what the viewer holds."""
        services.point_release(by=self.viewer)
        return Response(status=204)


class PointsView(ApiView):
    """All points that are the viewer's business."""

    known_params = ("state", "number", "kind", "place", "since", "until", "reviewer", "said", "bbox", "cursor", "limit")
    roles_to_read = READERS

    @extend_schema(
        operation_id="change_points",
        tags=["imagery"],
        parameters=[
            OpenApiParameter("state", str, description="names of states with commas"),
            NUMBER_DOC,
            OpenApiParameter("kind", str, enum=[kind.value for kind in Kind]),
            OpenApiParameter("place", str, description="code of a township or village; `none`: outside every village"),
            OpenApiParameter("since", str, description="detected on that day or later; with `reviewer` reviewed"),
            OpenApiParameter("until", str, description="on that day or earlier"),
            OpenApiParameter("reviewer", int, description="number of a person; for who reads the figures"),
            OpenApiParameter("said", str, enum=list(SAID), description="which of that person's; without it reviews"),
            OpenApiParameter("bbox", str, description="west,south,east,north in degrees, EPSG:4326"),
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
        responses=PageShape,
    )
    def get(self, request: Request) -> Response:
        """One page, the newest first."""
        params = self.params
        asked = PointFilter(
            states=params.choices("state", STATE_TITLES, STATE_TITLES, FILTER_TITLES["state"]),
            number=point_number(params.text("number", longest=20)),
            kind=params.choice("kind", KIND_TITLES, "", KIND_TITLES, FILTER_TITLES["kind"]),
            place=params.text("place", longest=15),
            since=params.date("since"),
            until=params.date("until"),
            reviewer=params.integer("reviewer", 0, 0, MOST_KEY) if self.viewer.has_role(*KEEPERS) else 0,
            said=params.choice("said", SAID, next(iter(SAID)), SAID, _("人员的哪些图斑")),
            bbox=params.bbox(),
        )
        after, limit = params.integer("cursor", 0, 1, 2**53), params.integer("limit", 50, 1, 200)
        return Response(asdict(point_page(self.viewer, asked, after, limit)), headers={"Cache-Control": "no-store"})


class OptionsView(ApiView):
    """What forms let people choose from."""

    roles_to_read = READERS

    @extend_schema(operation_id="review_options", tags=["imagery"], responses=OptionsShape)
    def get(self, request: Request) -> Response:
        """Kinds with their keys, reasons of the county, states, flags, findings, how sure one may be."""
        reasons = RejectReason.objects.visible_to(self.viewer).filter(is_active=True)
        rows = reasons.values_list("code", "title", "title_en") if self.viewer.has_role(*KEEPERS) else ()
        options = ReviewOptions(
            kinds=tuple(Option(kind.value, str(title), kind.key) for kind, title in KIND_TITLES.items()),
            reasons=tuple(Option(code, named(title, title_en)) for code, title, title_en in rows),
            states=tuple(Option(state.value, str(title)) for state, title in STATE_TITLES.items()),
            flags=tuple(Option(flag.value, str(title)) for flag, title in FLAG_TITLES.items()),
            findings=tuple(Option(one.value, str(title)) for one, title in FINDING_TITLES.items()),
            confidences=tuple(Option(value, str(title)) for value, title in CONFIDENCE_TITLES.items()),
        )
        return Response(asdict(options))
