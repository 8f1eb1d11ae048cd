"""What each move does to an order beside its state; the data it returns goes into the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from dispatch.models import Crew, HandBack, WorkOrder
from dispatch.selectors import day_of, paused_workdays, times_of
from dispatch.services.acts import Act, Data, due_put
from dispatch.services.chasing import supervise
from dispatch.services.children import child, due_follow
from dispatch.services.extensions import extend, grant, refuse
from dispatch.services.replies import approve, send_back, submit
from dispatch.services.rows import assignee_known, bounded, crew_known, lead_of, unit_known
from kernel.errors import Invalid
from kernel.geo import LonLat


def assign(act: Act, *, unit: Unit | int, assignee: User | int | None = None, crew: Crew | int | None = None) -> Data:
    """A unit gets the order."""
    return _given_to(act, unit_known(act.order, unit), assignee, crew)


def _given_to(act: Act, unit: Unit, assignee: User | int | None, crew: Crew | int | None) -> Data:
    order = act.order
    order.lead_unit = unit
    order.assignee, order.crew = assignee_known(unit, assignee), crew_known(unit, crew)
    order.signed_by = order.signed_at = None
    order.assigned_at = act.now
    return {"unit": unit.pk, "assignee": order.assignee_id, "crew": order.crew_id}


def sign(act: Act) -> Data:
    """Somebody of the unit takes it (签收)."""
    order = act.order
    order.signed_by_id, order.signed_at = act.by.user_id, act.now
    order.assignee_id = order.assignee_id or act.by.user_id
    return {"unit": order.lead_unit_id}


def hand_back(act: Act, *, reason: str, evidence: str, lonlat: LonLat | None = None) -> Data:
    """The unit says that it is not its business; the clock runs on."""
    order = act.order
    unit = lead_of(order)
    HandBack.objects.create(
        order=order,
        unit_id=unit,
        by_id=act.by.user_id,
        at=act.now,
        reason=bounded(HandBack, "reason", reason),
        evidence=bounded(HandBack, "evidence", evidence),
        geom=Point(*lonlat, srid=4326) if lonlat else None,
    )
    order.returns += 1
    return {"unit": unit, "reason": reason, "evidence": evidence}


def allow_return(act: Act) -> Data:
    """A supervisor agrees: the order waits for another unit."""
    back = _decide(act, HandBack.Outcome.ALLOWED)
    order = act.order
    order.lead_unit = order.assignee = order.crew = order.signed_by = None
    order.signed_at = order.assigned_at = None
    return {"unit": back.unit_id}


def arbitrate(act: Act, *, unit: Unit | int, reason: str) -> Data:
    """A supervisor names the unit, which cannot hand back."""
    named = unit_known(act.order, unit)
    back = _decide(act, HandBack.Outcome.ARBITRATED)
    back.binding_unit, back.ruling = named, bounded(HandBack, "ruling", reason, "reason")
    back.save()
    act.order.is_binding = True
    return {**_given_to(act, named, None, None), "reason": reason}


def _decide(act: Act, outcome: HandBack.Outcome) -> HandBack:
    back = HandBack.objects.get(order=act.order, outcome=HandBack.Outcome.PENDING)
    back.outcome, back.decided_by_id, back.decided_at = outcome, act.by.user_id, act.now
    back.save()
    return back


LONGEST_QUESTION = 500
"""Characters; as long as the reasons."""


def ask(act: Act, *, question: str) -> Data:
    """Ask the reporter; the clock stands."""
    if len(question) > LONGEST_QUESTION:
        raise Invalid(_("最多 %d 个字。") % LONGEST_QUESTION, code="too_long", field="question")
    act.order.pauses += 1
    act.order.paused_at = act.now
    return {"question": question}


def resume(act: Act) -> Data:
    """The clock runs on: due moves by the working days for which it stood."""
    order = act.order
    days = paused_workdays(order.paused_at or act.now, act.now)
    order.paused_days += days
    order.paused_at = None
    return {"days": days, **due_put(order, times_of(order)), **due_follow(act)}


def forward(act: Act, *, agency: str, reason: str, agency_due_on: dt.date) -> Data:
    """Hand it to somebody outside of the county's offices; the unit stays answerable, and the clock runs."""
    order = act.order
    if agency_due_on < day_of(act.now):
        raise Invalid(_("对方的时限不能早于今天。"), code="in_the_past", field="agency_due_on")
    order.agency = bounded(WorkOrder, "agency", agency)
    order.agency_due_on = agency_due_on
    return {"agency": agency, "reason": bounded(HandBack, "reason", reason), "agency_due_on": agency_due_on}


def take_back(act: Act) -> Data:
    """Back from outside."""
    agency, act.order.agency, act.order.agency_due_on = act.order.agency, "", None
    return {"agency": agency}


def cancel(act: Act, *, reason: str) -> Data:
    """Give the order up; it stays in the lists and figures."""
    act.order.finished_at = act.now
    return {"reason": bounded(HandBack, "reason", reason)}


def urgent(act: Act, *, reason: str) -> Data:
    """Mark it as urgent."""
    act.order.is_urgent = True
    return {"reason": bounded(HandBack, "reason", reason)}


def not_urgent(act: Act, *, reason: str) -> Data:
    """It goes no longer before others."""
    act.order.is_urgent = False
    return {"reason": bounded(HandBack, "reason", reason)}


EFFECTS: Mapping[str, Callable[..., Data]] = {
    "assign": assign,
    "sign": sign,
    "hand_back": hand_back,
    "allow_return": allow_return,
    "arbitrate": arbitrate,
    "ask": ask,
    "resume": resume,
    "forward": forward,
    "take_back": take_back,
    "submit": submit,
    "send_back": send_back,
    "approve": approve,
    "cancel": cancel,
    "child": child,
    "extend": extend,
    "grant": grant,
    "refuse": refuse,
    "supervise": supervise,
    "urgent": urgent,
    "not_urgent": not_urgent,
}
"""One for each move of the table."""
