"""A point as the page shows it: what it is, the two scenes, why it stands where it stands, and what may be done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from accounts.selectors import people_named
from dispatch.models import WorkOrder
from dispatch.selectors import OrderRow, order_row
from dispatch.selectors.lists import NAMED
from imagery.models import (
    FINDING_TITLES,
    FLAG_TITLES,
    KIND_TITLES,
    STATE_TITLES,
    ChangePoint,
    FieldCheck,
    Scene,
)
from imagery.querysets import KEEPERS, REVIEWERS
from imagery.selectors.chips import chips_of
from imagery.selectors.facts import checks_nearby, point_facts
from imagery.selectors.later import newest_scene
from imagery.selectors.told import CheckRow, PointStep, ReviewRow, check_rows, review_rows, step_of
from imagery.selectors.why import MU_M2, Reason, why_lines
from imagery.states import BY_HAND, QUEUE, Finding, Flag, Kind, PointFacts, State, machine, needs_second
from imagery.states.points import NOT_FIRST, SCENES
from imagery.tiles.looks import looks_of
from kernel import clock
from kernel.clock import written
from kernel.errors import NotFound
from kernel.language import named
from kernel.viewer import Role, Viewer
from media.selectors import DocumentLink, document_link
from records.selectors import history_of


@dataclass(frozen=True, slots=True)
class SceneBrief:
    """A scene beside a point: people ask for its date first; ``looks`` are those that its bands allow.

    ``licence``: under which it is shown, with whose name; "" where nobody said.
    """

    id: int
    key: str
    title: str
    sensor: str
    acquired_at: str | None
    cloud: float | None
    gsd_m: float
    licence: str
    looks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PointCard:
    """A point to look at.

    Attributes:
        number: as people read it out.
        round: that the next verdict belongs to; ``rounds`` how many it takes.
        area_mu, redline_mu: in mu (亩), with two decimals.
        why: what made its priority.
        lonlat, geom: a point inside, and the outline (GeoJSON), EPSG:4326.
        chips: addresses of small pictures of both scenes, and the box that they show, EPSG:4326.
        blank: "before", "after", or both: of which there is no picture, as the scene has no data there; none until
            somebody has tried to draw them. ``blank_note`` says it to people, "" where there are both.
        flag: why it is set aside now, "" where it is not; ``flag_until``: to the end of that day.
        group: number of the group that it is one project with; None without, ``group_title`` then "".
        order: number of the work order of its state; None without.
    """

    id: int
    number: str
    state: str
    state_title: str
    version: int
    round: int
    rounds: int
    kind: str
    kind_title: str
    area_m2: float
    area_mu: float
    redline_mu: float
    score: float
    priority: float
    why: tuple[Reason, ...]
    project: str
    village: str
    village_name: str
    township_name: str
    lonlat: tuple[float, ...]
    geom: Any
    chips: Any
    blank: tuple[str, ...]
    blank_note: str
    before: SceneBrief
    after: SceneBrief
    flag: str
    flag_title: str
    flag_until: str | None
    order: int | None
    duplicate_of: int | None
    group: int | None
    group_title: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class MoveOffer:
    """Something that the viewer may do now."""

    move: str
    title: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveWait:
    """What comes next, and why the viewer may not do it, or not yet."""

    move: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class PointDetail:
    """A point with all that was said and done.

    Attributes:
        finding: what a document says, "" without one; ``finding_title`` likewise.
        basis: that document.
        moves: what the viewer may do by name; verdicts are for whoever holds the point.
        waits: what others have to do something for first.
        order: the work order of its state, or of the last one that had one, for who may see that.
        is_claimed: somebody else holds it now.
        claim_until: until when the viewer holds it.
        latest: the newest scene in which it lies, where that is newer than its own.
        original: of a duplicate the number of the point that it is the same as, else "".
    """

    card: PointCard
    latest: SceneBrief | None
    finding: str
    finding_title: str
    basis: DocumentLink | None
    moves: tuple[MoveOffer, ...]
    waits: tuple[MoveWait, ...]
    order: OrderRow | None
    is_claimed: bool
    claim_until: str | None
    reviews: tuple[ReviewRow, ...]
    checks: tuple[CheckRow, ...]
    history: tuple[PointStep, ...]
    original: str


def point_cards(viewer: Viewer, keys: Sequence[int]) -> tuple[PointCard, ...]:
    """The points of ``keys`` that the viewer may see, in their order. Cost: one query."""
    rows = {row.pk: row for row in with_names(ChangePoint.objects.visible_to(viewer).filter(pk__in=keys))}
    return tuple(card_of(rows[key]) for key in keys if key in rows)


def with_names(rows: Any) -> Any:
    """Points with what ``card_of`` reads of other tables."""
    return rows.select_related("run__before", "run__after", "village__parent", "group", "published")


def card_of(point: ChangePoint) -> PointCard:
    """One point; its run, scenes, village and publication were selected with it."""
    village, township = point.village, point.village.parent if point.village else None
    state, run = State(point.state), point.run
    needs_two = needs_second(point.area_m2, point.redline_m2, point.number)
    blank = tuple(point.chips.get("blank", ()))
    return PointCard(
        id=point.pk,
        number=str(point),
        state=point.state,
        state_title=str(STATE_TITLES[state]),
        version=point.version,
        round=2 if state is State.SECOND_REVIEW else 1,
        rounds=2 if needs_two else 1,
        kind=point.kind,
        kind_title=str(KIND_TITLES[Kind(point.kind)]),
        area_m2=round(point.area_m2, 1),
        area_mu=round(point.area_m2 / MU_M2, 2),
        redline_mu=round(point.redline_m2 / MU_M2, 2),
        score=round(point.score, 3),
        priority=point.priority,
        why=why_lines(point.why),
        project=point.project,
        village=point.village_id or "",
        village_name=named(village.name, village.name_en) if village else "",
        township_name=named(township.name, township.name_en) if township else "",
        lonlat=(point.center.x, point.center.y),
        geom=json.loads(point.geom.geojson),
        chips=point.chips or chips_of(point),
        blank=blank,
        blank_note=gettext("这里没有画面：这景影像没有数据。") if blank else "",
        before=scene_brief(run.before),
        after=scene_brief(run.after),
        flag=point.flag if point.is_aside else "",
        flag_title=str(FLAG_TITLES[Flag(point.flag)]) if point.is_aside else "",
        flag_until=str(point.flag_until) if point.is_aside else None,
        order=point.order_id,
        duplicate_of=point.duplicate_of_id,
        group=point.group_id,
        group_title=point.group.title if point.group else "",
        is_published=hasattr(point, "published"),
    )


def scene_brief(scene: Scene) -> SceneBrief:
    """A scene as it stands beside a point."""
    at, looks = written(scene.acquired_at), tuple(looks_of(scene.bands))
    known = (scene.pk, scene.key, scene.title, scene.sensor)
    return SceneBrief(*known, at, scene.cloud, scene.gsd_m, scene.licence, looks)


def point_detail(viewer: Viewer, key: int) -> PointDetail:
    """One point in full. Cost: about a dozen queries.

    Whoever is to give the second verdict does not read the first one.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    rows = ChangePoint.objects.visible_to(viewer).select_related("order", "basis", "duplicate_of")
    point = with_names(rows).filter(pk=key).first()
    if point is None:
        raise NotFound(gettext("没有这个图斑，或者您不能看。"))
    now = clock.now()
    facts = point_facts(viewer, point, now)
    is_blind = point.state == State.SECOND_REVIEW and not viewer.has_role(Role.SUPERVISOR) and not facts.is_first
    is_keeper = viewer.has_role(*KEEPERS)
    reviews = list(point.reviews.select_related("reason")) if is_keeper and not is_blind else []
    steps = history_of(point)
    checks = _checks(viewer, point, {one.data["order"] for one in steps if one.data.get("order")})
    if is_blind:  # a second verdict, also one that was taken back, tells what the first one was
        steps = [one for one in steps if one.state_from != State.SECOND_REVIEW and one.move != "undo_second"]
    righted = {one.data["order"] for one in steps if one.move == "rectify"}
    people = people_named([*(one.by_id for one in (*reviews, *checks)), *(one.actor_id for one in steps)])
    return PointDetail(
        card=card_of(point),
        latest=scene_brief(latest) if (latest := newest_scene(viewer, point)) else None,
        finding=point.finding,
        finding_title=str(FINDING_TITLES[Finding(point.finding)]) if point.finding else "",
        basis=document_link(point.basis) if point.basis else None,
        moves=_offers(point, viewer, facts),
        waits=(*_unclaimable(point, viewer, facts), *point_waits(point, viewer, facts)),
        order=next(iter(orders_seen(viewer, [point])), None),
        is_claimed=facts.is_claimed,
        claim_until=written(point.claim_until) if facts.has_lease else None,
        reviews=review_rows(reviews, people),
        checks=check_rows(point, checks, people, righted),
        history=tuple(step_of(one, people, is_blind=is_blind) for one in steps),
        original=str(point.duplicate_of or ""),
    )


def _offers(point: ChangePoint, viewer: Viewer, facts: PointFacts) -> tuple[MoveOffer, ...]:
    """Moves whose guards hold; a finding is offered before anybody was there, and then needs its document."""
    asks = () if facts.has_evidence else ("document",)
    offers = machine.open_to(point.state, viewer.role or "", replace(facts, has_evidence=True))
    return tuple(
        MoveOffer(one.name, gettext(one.title), (*one.needs, *asks) if one.name == "find" else one.needs)
        for one in offers
        if one.name in BY_HAND
    )


def _checks(viewer: Viewer, point: ChangePoint, orders: set[int]) -> list[FieldCheck]:
    """Its own, whatever they count for, and those of others that count for it, in their order."""
    own = FieldCheck.objects.filter(point=point).select_related("point")
    return sorted([*own, *checks_nearby(viewer, point, orders)], key=lambda one: (one.at, one.pk))


def orders_seen(viewer: Viewer, points: Sequence[ChangePoint]) -> tuple[OrderRow, ...]:
    """The work orders of points that the viewer may see, each once. Cost: a query where there are any."""
    keys = {point.order_id for point in points if point.order_id is not None}
    if not keys:
        return ()
    seen = WorkOrder.objects.visible_to(viewer).select_related(*NAMED).filter(pk__in=keys).order_by("pk")
    return tuple(order_row(viewer, one) for one in seen)


def _unclaimable(point: ChangePoint, viewer: Viewer, facts: PointFacts) -> tuple[MoveWait, ...]:
    """The verdict, where ``point_claim`` refuses the point: of the own first one, and without its scenes."""
    if point.state not in QUEUE or not viewer.has_role(*REVIEWERS):
        return ()
    is_second = point.state == State.SECOND_REVIEW
    title = gettext("复核") if is_second else gettext("核查")
    asked = (NOT_FIRST, SCENES) if is_second else (SCENES,)
    missing = next((guard for guard in asked if not guard.holds(facts)), None)
    return (MoveWait("review", title, gettext(missing.text)),) if missing else ()


def point_waits(point: ChangePoint, viewer: Viewer, facts: PointFacts) -> tuple[MoveWait, ...]:
    """The acceptance of what was put right, and the first thing it waits for."""
    found = (one for one in machine.moves if one.name == "verify" and point.state in one.frm and viewer.role in one.by)
    missing = [(one, next((guard for guard in one.guards if not guard.holds(facts)), None)) for one in found]
    return tuple(MoveWait(one.name, gettext(one.title), gettext(guard.text)) for one, guard in missing if guard)
