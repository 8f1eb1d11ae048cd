"""One order in full, for those whose business it is; and what of it may leave the office."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from accounts.selectors import people_named
from dispatch.models import Evidence, Extension, HandBack, Reply, Supervision, WorkOrder
from dispatch.selectors.due import day_of
from dispatch.selectors.facts import order_facts
from dispatch.selectors.lists import NAMED, OrderRow, level_of, order_row
from dispatch.selectors.titles import REASON_TITLES, move_title
from dispatch.states import SOURCE, SYSTEM, Level, ReasonCode, State, machine
from kernel import clock
from kernel.errors import NotFound
from kernel.language import is_english, named
from kernel.viewer import Viewer
from media.selectors import DocumentLink, PhotoUrls, document_link, photo_urls
from records.selectors import history_of, special_days


@dataclass(frozen=True, slots=True)
class OrderReply:
    """A reply with what shows it."""

    number: int
    text: str
    unit: str
    at: str
    reason: str
    photos: tuple[PhotoUrls, ...]
    documents: tuple[DocumentLink, ...]


@dataclass(frozen=True, slots=True)
class OrderHandBack:
    """A hand-back and what came of it."""

    unit: str
    at: str
    reason: str
    evidence: str
    lonlat: tuple[float, ...] | None
    outcome: str
    binding_unit: str
    ruling: str


@dataclass(frozen=True, slots=True)
class OrderExtension:
    """The one extension."""

    workdays: int
    reason: str
    state: str
    note: str
    due_before: str
    due_after: str | None


@dataclass(frozen=True, slots=True)
class OrderSupervision:
    """A supervision order; times are null until it is read or answered."""

    id: int
    unit: str
    text: str
    issued_at: str
    due_at: str
    read_at: str | None
    answer: str
    answered_at: str | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class OrderStep:
    """One step of the history."""

    number: int
    at: str
    who: str
    part: str
    move: str
    title: str
    state: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OrderDay:
    """A day, ISO, and why it counts or does not."""

    on: str
    name: str


@dataclass(frozen=True, slots=True)
class OrderCounted:
    """How the due time was counted.

    Attributes:
        since: the day on which the clock started, which does not count; ISO.
        workdays: counted ones, extensions included.
        paused_days: working days for which the clock stood, added to them.
        free: weekdays in between that are holidays.
        made_up: weekend days in between that are worked.
        is_provisional: a year was counted whose calendar is not published yet.
    """

    since: str
    workdays: int
    paused_days: int
    free: tuple[OrderDay, ...]
    made_up: tuple[OrderDay, ...]
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class OrderButton:
    """Something that the viewer may do now, and the fields it needs."""

    name: str
    title: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """A work order in full."""

    row: OrderRow
    counted: OrderCounted
    paused_at: str | None
    agency: str
    agency_due_on: str | None
    is_binding: bool
    replies: tuple[OrderReply, ...]
    hand_backs: tuple[OrderHandBack, ...]
    extension: OrderExtension | None
    supervisions: tuple[OrderSupervision, ...]
    children: tuple[OrderRow, ...]
    routing: tuple[str, ...]
    history: tuple[OrderStep, ...]
    moves: tuple[OrderButton, ...]


def order_get(viewer: Viewer, order_id: int) -> OrderDetail:
    """One order. Cost: 16 queries, whatever hangs on it.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    order = WorkOrder.objects.visible_to(viewer).select_related(*NAMED).filter(pk=order_id).first()
    if order is None:
        raise NotFound(_("没有这张工单，或者您不能看。"))
    extension = Extension.objects.filter(order=order).first()
    return OrderDetail(
        row=order_row(viewer, order),
        counted=_counted(order),
        paused_at=_iso(order.paused_at),
        agency=order.agency,
        agency_due_on=order.agency_due_on.isoformat() if order.agency_due_on else None,
        is_binding=order.is_binding,
        replies=replies_of(order),
        hand_backs=tuple(map(_hand_back, order.hand_backs.select_related("unit", "binding_unit"))),
        extension=_extension(extension) if extension else None,
        supervisions=tuple(_supervision(viewer, one) for one in order.supervisions.select_related("unit")),
        children=tuple(order_row(viewer, one) for one in order.children.select_related(*NAMED).order_by("pk")),
        routing=_routing(order),
        history=steps_of(order),
        moves=order_moves(viewer, order),
    )


def _counted(order: WorkOrder) -> OrderCounted:
    since, until = day_of(order.started_at), day_of(order.due_at)
    days = special_days(since, until)
    free, made_up = (
        tuple(OrderDay(one.date.isoformat(), one.name) for one in days if one.is_workday is works)
        for works in (False, True)
    )
    return OrderCounted(since.isoformat(), order.workdays, order.paused_days, free, made_up, order.is_provisional)


def order_moves(viewer: Viewer, order: WorkOrder) -> tuple[OrderButton, ...]:
    """The buttons of a viewer. Cost: four queries."""
    found = machine.open_to(order.state, viewer.role or "", order_facts(viewer, order))
    return tuple(OrderButton(move.name, gettext(move.title), move.needs) for move in found)


def replies_of(order: WorkOrder) -> tuple[OrderReply, ...]:
    """All versions of the reply, oldest first. Cost: two queries."""
    files = Prefetch("evidence", Evidence.objects.select_related("photo", "document"))
    rows = Reply.objects.filter(order=order).select_related("unit").prefetch_related(files)
    return tuple(map(_reply, rows))


def steps_of(order: WorkOrder) -> tuple[OrderStep, ...]:
    """The history, oldest first; ``who`` is empty for the source (a reporter) and the product. Cost: two queries."""
    events = history_of(order)
    people = people_named(event.actor_id for event in events)
    return tuple(
        OrderStep(
            number=event.seq,
            at=iso(event.at),
            who="" if event.part in (SYSTEM, SOURCE) else people.get(event.actor_id or 0, event.actor_label),
            part=event.part,
            move=event.move,
            title=move_title(event.move),
            state=event.state_to,
            data=event.data,
        )
        for event in events
    )


@dataclass(frozen=True, slots=True)
class OrderPublic:
    """What of an order the reporter and, where the thing is public, everybody may know.

    Attributes:
        state, level: as in lists.
        unit_name: who does it; "" before somebody does.
        replies: of a finished order the answer; before that none: a reply that nobody has reviewed is no answer.
        question: what the unit asked, while it waits.
        steps: (move, official word, when), nothing of who and what.
    """

    state: str
    level: str
    unit_name: str
    due_at: dt.datetime
    is_overdue: bool
    is_provisional: bool
    finished_at: dt.datetime | None
    question: str
    replies: tuple[OrderReply, ...]
    steps: tuple[tuple[str, str, dt.datetime], ...]


PUBLIC_STEPS = (
    *("open", "assign", "sign", "ask", "resume", "forward", "take_back", "submit", "approve", "grant", "cancel"),
    *("hand_back", "arbitrate"),
)
"""Steps that people outside hear of; the office's own affairs (tasks, supervision, review) are not among them."""


def order_public(order: WorkOrder) -> OrderPublic:
    """What may be told outside. Cost: three queries at most, one more for an order whose unit is not loaded."""
    level, history = level_of(order), history_of(order)
    asked = [event.data.get("question", "") for event in history if event.move == "ask"]
    is_done = order.state == State.DONE
    return OrderPublic(
        state=order.state,
        level=level.value,
        unit_name=named(order.lead_unit.name, order.lead_unit.name_en) if order.lead_unit else "",
        due_at=order.due_at,
        is_overdue=level in (Level.ORANGE, Level.RED),
        is_provisional=order.is_provisional,
        finished_at=order.finished_at,
        question=asked[-1] if asked and order.state == State.WAITING else "",
        replies=replies_of(order)[-1:] if is_done else (),
        steps=tuple((e.move, move_title(e.move), e.at) for e in history if e.move in PUBLIC_STEPS),
    )


def _reply(reply: Reply) -> OrderReply:
    files = list(reply.evidence.all())
    return OrderReply(
        number=reply.number,
        text=reply.text,
        unit=named(reply.unit.name, reply.unit.name_en),
        at=iso(reply.at),
        reason=str(REASON_TITLES[ReasonCode(reply.reason_code)]) if reply.reason_code else "",
        photos=tuple(photo_urls(one.photo) for one in files if one.photo),
        documents=tuple(document_link(one.document) for one in files if one.document),
    )


def _hand_back(back: HandBack) -> OrderHandBack:
    binding = back.binding_unit
    return OrderHandBack(
        unit=named(back.unit.name, back.unit.name_en),
        at=iso(back.at),
        reason=back.reason,
        evidence=back.evidence,
        lonlat=(round(back.geom.x, 6), round(back.geom.y, 6)) if back.geom else None,
        outcome=back.outcome,
        binding_unit=named(binding.name, binding.name_en) if binding else "",
        ruling=back.ruling,
    )


def _extension(one: Extension) -> OrderExtension:
    return OrderExtension(one.workdays, one.reason, one.state, one.note, iso(one.due_before), _iso(one.due_after))


def _supervision(viewer: Viewer, one: Supervision) -> OrderSupervision:
    return OrderSupervision(
        id=one.pk,
        unit=named(one.unit.name, one.unit.name_en),
        text=one.text,
        issued_at=iso(one.issued_at),
        due_at=iso(one.due_at),
        read_at=_iso(one.read_at),
        answer=one.answer,
        answered_at=_iso(one.answered_at),
        is_own=viewer.unit_id is not None and viewer.unit_id == one.unit_id,
    )


def _routing(order: WorkOrder) -> tuple[str, ...]:
    """Why it went where it went, when no person decided: the last decision's sentences."""
    last = order.decisions.order_by("-pk").first()
    return tuple(last.why.get("en" if is_english() else "zh", ())) if last else ()


def iso(moment: dt.datetime) -> str:
    """A moment as text, in Asia/Shanghai."""
    return moment.astimezone(clock.ZONE).isoformat()


def _iso(moment: dt.datetime | None) -> str | None:
    return iso(moment) if moment else None
