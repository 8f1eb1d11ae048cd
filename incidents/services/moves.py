"""The one walker of the machine of reports."""

from __future__ import annotations

from inspect import signature
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.services import matter_hold
from incidents import selectors
from incidents.models import STATE_TITLES, Report
from incidents.services.acts import Act
from incidents.services.effects import EFFECTS, round_of
from incidents.services.photos import attach
from incidents.states import State, machine
from kernel import clock
from kernel.errors import Forbidden, Invalid, NotFound, NotSignedIn
from kernel.machine import IllegalMove
from kernel.refusal import refusal
from kernel.search import search_text
from kernel.viewer import Viewer
from kernel.writing import given, same_version
from records.services import history_append

LONGEST_TEXT = 1000
FILES = ("photos", "documents")


@transaction.atomic
def report_move(
    *, by: Viewer, report_id: int, move: str, version: int | None = None, part: str = "", **fields: Any
) -> Report:
    """Do one move of the table on one report: its effects, its history and its messages, or nothing.

    Args:
        by: who moves it.
        report_id: key of the report.
        move: name of a move of ``incidents.states.machine``.
        version: of the report as it was read; None: whichever it is.
        part: ``REPORTER`` for whoever has shown the tracking code, ``SYSTEM`` for the product; never from outside.
        fields: what is given with the move, see ``services.effects``; beside that ``photos`` and ``documents``, what
            uploads were answered with.

    Raises:
        NotSignedIn, NotFound: nobody is signed in; there is none that ``by`` may see.
        Forbidden: the role may not, or the report is somebody else's to handle.
        Conflict: another version, or the state or the facts do not allow it (code of the guard).
        Invalid: something is missing or wrong.
    """
    part = part or selectors.part_of(by)
    values = {name: _given(value) for name, value in fields.items() if name not in FILES}
    target = _target(by, values.get("into")) if move == "merge" else None
    report = report_locked(by, report_id, part, also=target)
    still_read(report, version)
    if target is not None:
        target = _locked_target(target)
    now = clock.now()
    before = report.state
    photos, documents = (tuple(fields.get(name) or ()) for name in FILES)
    facts = selectors.report_facts(by, report, now, has_evidence=bool(photos or documents), target=target)
    try:
        plan = machine.plan(before, move, part or by.role or "", values, facts)
    except IllegalMove as error:
        raise refusal(error, machine, move, STATE_TITLES[State(before)]) from None
    role = part or str(by.role)
    files = attach(report, photos, documents, part=role, work=round_of(report))
    data = _applied(move, Act(by, report, role, now, files, target), values)
    report.state, report.version, report.updated_at = plan.to.value, report.version + 1, now
    report.search_text = search_text(report.title, report.number)[:400]
    history_append(by=by, obj=report, move=move, part=part, states=(before, report.state), data=data, at=now)
    report.save()
    return report


def _applied(move: str, act: Act, values: dict[str, Any]) -> dict[str, Any]:
    effect = EFFECTS[move]
    taken = {name for name, one in signature(effect).parameters.items() if one.kind is one.KEYWORD_ONLY}
    unknown = next((name for name in values if name not in taken), None)
    if unknown is not None:
        raise Invalid(_("这一步没有“%s”这一项。") % unknown[:40], field=unknown[:40])
    return effect(act, **values)


def report_locked(by: Viewer, report_id: int, part: str = "", *, also: Report | None = None) -> Report:
    """The report, locked until the transaction ends, and its matter held as ``dispatch`` holds it.

    Args:
        by: who moves it.
        report_id: key of the report.
        part: see ``report_move``.
        also: another report whose matter is held with it, always in the order of their keys.

    Raises:
        NotSignedIn: nobody is signed in, and it is neither the reporter nor the product itself.
        NotFound: there is none that ``by`` may see.
        Forbidden: it is public, but somebody else's to handle.
    """
    if not (by.is_signed_in or part):
        raise NotSignedIn(_("请先登录。"))
    for key in sorted({report_id, also.pk} if also else {report_id}):
        matter_hold(selectors.SOURCE, str(key))
    rows = selectors.reports_of(by, part).select_related("category", "order").filter(pk=report_id)
    report = rows.select_for_update(of=("self",)).first()
    if report is not None:
        return report
    if Report.objects.visible_to(by).filter(pk=report_id).exists():
        raise Forbidden(_("这件反映不归您负责。"))
    raise NotFound(_("没有这件反映，或者您不能看。"))


def still_read(report: Report, version: int | None) -> None:
    """Refuse a write over what somebody has not seen; see ``kernel.writing.same_version``."""
    same_version(report.version, version, _("别人刚刚改过这件反映，您的操作没有保存。"))


def _target(by: Viewer, into: object) -> Report | None:
    """The report to merge into, named by its number or its key."""
    rows = Report.objects.business_of(by)
    text = str(into or "")
    found = rows.filter(pk=int(text)) if text.isdecimal() and len(text) < 18 else rows.filter(number=text.upper())
    return found.first()


def _locked_target(target: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).get(pk=target.pk)


def _given(value: Any) -> Any:
    """Texts without blanks around them, and no longer than people read.

    Raises:
        Invalid: too long, or with a character that no column holds.
    """
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise Invalid(_("最多 %d 个字。") % LONGEST_TEXT, code="too_long")
    return given(value)
