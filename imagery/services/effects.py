"""What a move does to a point beside its state; the data it returns goes into the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from dispatch.models import WorkOrder
from dispatch.services import order_open
from imagery.models import KIND_TITLES, ChangePoint
from imagery.selectors.facts import SOURCE
from imagery.services.acts import Act, Data
from imagery.states import Finding, Flag, Kind
from kernel.errors import Invalid
from kernel.language import in_both
from media.models import Document

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_ASIDE = dt.timedelta(days=366)
"""What is put off for longer than to the same season of the next year is rejected or checked instead."""

LONGEST_NOTE = 200


def nothing(act: Act) -> Data:
    """The state says it all."""
    return {}


def decide(act: Act, *, note: str) -> Data:
    """Somebody says which of two verdicts holds, or what was not put right."""
    return {"note": _short(note)}


def reopen(act: Act, *, note: str) -> Data:
    """As it was when it came into the queue."""
    point = act.point
    point.first_by = point.duplicate_of = point.basis = None
    point.finding, point.wants_check = "", False
    aside(point, Flag.NONE, None)
    return {"note": _short(note)}


def duplicate(act: Act, *, original: int) -> Data:
    """It is the same as an earlier one."""
    act.point.duplicate_of = act.target
    return {"original": original}


def aside(point: ChangePoint, flag: Flag, until: dt.date | None) -> None:
    """Give a point its flag, or take it away."""
    point.flag, point.flag_until = flag.value, until


def check(act: Act, *, unit: Unit | int | None = None, among: int = 1, order: WorkOrder | None = None) -> Data:
    """Somebody is sent there: for this point, as the first of ``among`` of a group, or by the ``order`` they share."""
    act.point.wants_check = False
    return _ordered(act, "field_check", unit, among, order)


def rectify(act: Act, *, unit: Unit | int | None = None, among: int = 1, order: WorkOrder | None = None) -> Data:
    """Somebody has to put it right; several of a group by one ``order``, as for ``check``."""
    act.point.rectified_by_id = act.by.user_id
    return _ordered(act, "rectify", unit, among, order)


TITLES: Mapping[str, StrOrPromise] = {
    "field_check": gettext_lazy("图斑 %(number)s 实地核查（%(kind)s）"),
    "rectify": gettext_lazy("图斑 %(number)s 整改（%(kind)s）"),
}
"""Of orders, by their kind."""


def _title(point: ChangePoint, kind: str, among: int) -> str:
    number = str(point) if among == 1 else _("%(first)s 等 %(n)d 个") % {"first": point, "n": among}
    return str(TITLES[kind]) % {"number": number, "kind": KIND_TITLES[Kind(point.kind)]}


def _ordered(act: Act, kind: str, unit: Unit | int | None, among: int, order: WorkOrder | None) -> Data:
    """Open the work order, or share it; its length is the county's policy of that kind."""
    point = act.point
    if order is not None:
        point.order = order
        return {"order": order.pk}
    title, title_en = in_both(lambda: _title(point, kind, among))
    point.order = order_open(
        by=act.by,
        source=SOURCE,
        source_id=str(point.pk),
        title=title,
        title_en=title_en,
        kind=kind,
        lonlat=(point.center.x, point.center.y),
        village=point.village_id,
        category=point.kind,
        unit=unit,
    )
    return {"order": point.order.pk}


def unchecked(act: Act) -> Data:
    """Nobody goes there any more: what was to be the result of that order is none of the next one."""
    act.point.finding, act.point.basis = "", None
    return {}


def find(act: Act, *, finding: str, document: int | None = None, note: str = "") -> Data:
    """An official, or whoever was sent, says what it is; with the document that says so where there is one."""
    if finding not in list(Finding):
        raise Invalid(_("没有这个结果。"), field="finding")
    if document is not None:
        act.point.basis = document_known(act, document)
    elif finding != act.point.finding:
        act.point.basis = None  # it said something else
    act.point.finding = finding
    return {"finding": finding, "document": document, "note": _short(note)}


def document_known(act: Act, key: int) -> Document:
    """A document of the county that the viewer brought, or keeps.

    Raises:
        Invalid: there is none.
    """
    found = Document.objects.kept_by(act.by).filter(pk=key, county_id=act.point.county_id).first()
    if found is None:
        raise Invalid(_("没有这个文件，或者您不能用。"), code="unknown_upload", field="document")
    return found


def _short(note: str) -> str:
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("最多 %d 个字。") % LONGEST_NOTE, code="too_long", field="note")
    return note


EFFECTS: Mapping[str, Callable[..., Data]] = {
    "uphold": decide,
    "overrule": decide,
    "refuse": decide,
    "reopen": reopen,
    "duplicate": duplicate,
    "check": check,
    "rectify": rectify,
    "find": find,
    "unchecked": unchecked,
}
"""By move; a move that is not here changes the state alone."""
