"""One report in full: for everybody, and for whoever holds the tracking code."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Unit
from dispatch.states import State as OrderState
from dispatch.states import machine as order_machine
from incidents.models import REJECT_TITLES, Attachment, Comment, Report
from incidents.selectors.answers import answered_by, photo_by_code, replies_of
from incidents.selectors.categories import answers_named
from incidents.selectors.facts import report_facts
from incidents.selectors.public import public_comments, public_get, public_line, public_photos
from incidents.selectors.told import is_told, told_at
from incidents.states import REPORTER, TERMINAL, State, machine
from incidents.states.masking import masked
from kernel import clock
from kernel.errors import NotFound
from kernel.viewer import Viewer
from records.models import HistoryEvent
from records.selectors import history_of

SHOWN_OF_ORDER = frozenset(
    {"assign", "sign", "hand_back", "arbitrate", "ask", "resume", "forward", "take_back", "submit", "grant"}
)
"""Moves of the order that people outside hear of; who did them inside an office is the office's affair."""

WORDS = {"submit": gettext_lazy("提交"), "grant": gettext_lazy("延期")}
_TITLES = {move.name: move.title for move in (*order_machine.moves, *machine.moves)}


@dataclass(frozen=True, slots=True)
class ReportStep:
    """One step in plain words, without anybody's name. ``at`` in Asia/Shanghai."""

    at: str
    move: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class MoveOpen:
    """Something that the reporter may do now; ``needs`` names the fields that must be filled."""

    name: str
    title: str
    needs: list[str]


def report_by_code(viewer: Viewer, code_hash: str) -> Report:
    """The report of a tracking code. Cost: one query.

    Raises:
        NotFound: no such code in the county.
    """
    rows = Report.objects.filter(county_id=viewer.county, reporter__code_hash=code_hash)
    report = rows.select_related("category", "order", "village__parent", "merged_into__order", "reporter").first()
    if report is None:
        raise NotFound(_("没有这个查询码，请核对。"), code="unknown_code")
    return report


def track_view(viewer: Viewer, report: Report, code: str) -> dict[str, Any]:
    """Everything that the reporter may know of the own report; addresses of files carry the ``code``.

    The place is the public one: an address with a code in it is passed on sooner than one thinks.

    A merged report tells what became of the one it went into.

    Cost: about twelve queries.
    """
    target = answered_by(report)
    now = clock.now()
    line = asdict(public_line(target, now))
    return {
        **line,
        "number": report.number,
        "title": report.title,
        "state": report.state,
        "text": report.text,
        "address": report.address,
        "answers": [asdict(one) for one in answers_named(report.category.attributes, report.attributes)],
        "confidence": report.confidence,
        "is_public": report.is_public,
        "is_reminded": is_told(report.reporter),
        "is_asked": bool(told_at(report.reporter)) and not is_told(report.reporter),
        "lonlat": [round(report.public_geom.x, 6), round(report.public_geom.y, 6)],
        "precision_m": report.category.precision_m,
        "merged_into": target.number if report.merged_into else None,
        "accept_by": clock.written(report.accept_by),
        "info_by": clock.written(report.info_by),
        "submitted_at": clock.written(report.submitted_at),
        "photos": _own_photos(report, code),
        "comments": _comments(report),
        "steps": [asdict(step) for step in steps_of(report)] + _steps_of_target(report),
        "replies": [asdict(reply) for reply in replies_of(target, code)],
        "moves": [asdict(move) for move in moves_of(viewer, report)],
    }


def steps_of(report: Report) -> list[ReportStep]:
    """What was done, oldest first. Cost: three queries and one per order."""
    units = unit_names(report)
    shown = [event for event in events_of(report) if event.move in _TITLES or event.move in WORDS]
    return [ReportStep(clock.written(one.at), one.move, step_title(one.move), note_of(one, units)) for one in shown]


def events_of(report: Report) -> list[HistoryEvent]:
    """The history of a report, and of its orders what people outside hear of. Cost: two queries and one per order.

    In the order in which it happened: a step that opened an order is written when the order is there, so after the
    order's own first steps.
    """
    events = history_of(report)
    opened = {str(event.data["order"]): event.pk for event in events if "order" in event.data}
    of_orders = HistoryEvent.objects.filter(
        object_type="dispatch.workorder", object_id__in=opened, move__in=SHOWN_OF_ORDER
    )
    placed = [(event.pk, 0, event) for event in events]
    placed += [(max(event.pk, opened[event.object_id]), event.pk, event) for event in of_orders]
    return [event for *_place, event in sorted(placed, key=lambda one: one[:2])]


def unit_names(report: Report) -> dict[int, str]:
    """Names of the county's units by key. Cost: one query."""
    return dict(Unit.objects.filter(county_id=report.county_id).values_list("pk", "name"))


def step_title(move: str) -> str:
    """The official word for a step that people outside hear of."""
    return str(WORDS[move]) if move in WORDS else gettext(_TITLES[move])


def note_of(event: HistoryEvent, units: dict[int, str]) -> str:
    """What may be said of a step outside the office."""
    data = event.data
    if event.move == "reject":
        return f"{REJECT_TITLES.get(data.get('reason', ''), '')} {data.get('where_to_go', '')}".strip()
    if event.move in ("assign", "arbitrate"):
        return units.get(data.get("unit", 0), "")
    if event.move == "forward":
        return masked(str(data.get("agency", "")))
    if event.move == "merge":
        return str(data.get("number", ""))
    return _("时限到 %s") % data["due_on"] if data.get("due_on") else ""


def _steps_of_target(report: Report) -> list[dict[str, Any]]:
    """What happened to the report it was merged into, after that."""
    if report.merged_into is None:
        return []
    since = clock.written(report.updated_at)
    return [asdict(step) for step in steps_of(report.merged_into) if step.at >= since]


def moves_of(viewer: Viewer, report: Report) -> list[MoveOpen]:
    """What the reporter may do now. Cost: at most two queries."""
    facts = report_facts(viewer, report, clock.now(), has_evidence=True)
    found = [MoveOpen(m.name, gettext(m.title), list(m.needs)) for m in machine.open_to(report.state, REPORTER, facts)]
    order = report.order
    if report.state == State.ACCEPTED and order is not None and order.state == OrderState.WAITING:
        found.append(MoveOpen("supplement", _("补充"), ["text"]))
    if report.state not in TERMINAL:
        found.append(MoveOpen("comment", _("留言"), ["text"]))
    if report.state == State.CLOSED:
        found = [MoveOpen(m.name, m.title, [*m.needs, "photos"]) if m.name == "reopen" else m for m in found]
    return found


def _own_photos(report: Report, code: str) -> list[dict[str, Any]]:
    rows = Attachment.objects.filter(report=report, photo__isnull=False).select_related("photo")
    return [
        {
            "token": row.photo.token,
            "state": row.photo.state,
            "part": row.part,
            "round": row.round,
            **{size: photo_by_code(code, row.photo, size) for size in ("thumb", "large")},
        }
        for row in rows
        if row.photo
    ]


def _comments(report: Report) -> list[dict[str, Any]]:
    """What the reporter and staff said to each other; staff without names."""
    rows = Comment.objects.filter(report=report).exclude(audience=Comment.Audience.STAFF)
    return [
        {
            "at": clock.written(row.at),
            "is_own": row.part == REPORTER,
            "text": row.text,
            "is_public": row.audience == Comment.Audience.PUBLIC,
            "is_published": row.is_published,
        }
        for row in rows
    ]


def public_detail(viewer: Viewer, number: str) -> dict[str, Any]:
    """A public report in full. Cost: four queries.

    Raises:
        NotFound: there is none, or it is not public.
    """
    row = public_get(viewer, number)
    return {
        **asdict(public_line(row, clock.now())),
        "text": row.public_text,
        "photos": public_photos(row),
        "comments": public_comments(row),
        "replies": [asdict(reply) for reply in replies_of(row)],
        "steps": [asdict(step) for step in steps_of(row)],
        "merged_into": row.merged_into.number if row.merged_into and row.merged_into.is_public else None,
    }
