"""What each move does to a report beside its state; the data it returns goes into the history."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping

from django.db.models import F
from django.utils.translation import gettext as _

from dispatch.selectors import day_of, end_of
from dispatch.services import order_open
from incidents import selectors
from incidents.models import REJECT_TITLES, CallBack, Comment, Rating, Report, Reporter
from incidents.services.acts import Act, Data
from incidents.services.messages import tell
from incidents.services.photos import answer_mask
from incidents.services.submitting import accept_by, checked_line, visibility_set
from incidents.states import INFO_WITHIN, REJECT_REASONS, SYSTEM
from incidents.states.masking import masked
from kernel.clock import ZONE
from kernel.errors import Invalid
from records.selectors import workdays_add

LONGEST_NOTE = 500
SAMPLED_PERCENT = 10
"""Share of answered reports that somebody calls back about without being asked to."""


def accept(act: Act, *, category: str, is_urgent: bool | None = None, unit: int | None = None) -> Data:
    """The matter is ours: its order is opened, and the clock runs; with ``unit`` that has it at once (受理并交办)."""
    report = act.report
    if category != report.category.code:
        report.category = selectors.category_named(act.by, category)
        visibility_set(report)
    report.is_urgent = report.is_urgent if is_urgent is None else is_urgent
    report.accepted_at, report.accept_by = act.now, None
    if act.part == SYSTEM:
        report.title = report.category.title  # nobody has looked at the words yet: the public reads the kind only
    elif not report.public_text:
        report.public_text = masked(report.text, selectors.office_numbers(report.county_id))
    report.proposal = {**report.proposal, "decided": category, "by": act.part}
    data = {"category": category, **_work_open(act, unit)}
    tell(report, "accept", by=act.by, more=data["due_on"])
    return data


def _work_open(act: Act, unit: int | None = None) -> Data:
    """Open the order of this round: half the time from the second on."""
    report = act.report
    before = report.order
    order = order_open(
        by=act.by,
        source=selectors.SOURCE,
        source_id=str(report.pk),
        title=report.title,
        kind=report.category.kind,
        lonlat=(report.geom.x, report.geom.y),
        village=report.village_id,
        grid=report.grid_id,
        category=report.category.code,
        is_urgent=report.is_urgent,
        round=before.round + 1 if before else 1,
        questions=report.questions,
        unit=unit,
    )
    report.order = order
    return {"order": order.pk, "round": order.round, "due_on": _day(order.due_at)}


def ask(act: Act, *, question: str) -> Data:
    """The reporter is asked for more; acceptance waits."""
    report = act.report
    report.questions += 1
    report.accept_by = None
    report.info_by = end_of(workdays_add(day_of(act.now), INFO_WITHIN).date)
    question_keep(act, question)
    tell(report, "ask", by=act.by, more=_day(report.info_by))
    return {"info_by": report.info_by}


def question_keep(act: Act, question: str) -> None:
    """What was asked, for the reporter to read."""
    text = checked_line(question, "question", LONGEST_NOTE)
    _comment(act, Comment.Audience.REPORTER, text)


def supplement(act: Act, *, text: str) -> Data:
    """The reporter has added something; somebody has to look at it within a working day again."""
    act.report.accept_by, act.report.info_by = accept_by(day_of(act.now)), None
    _comment(act, Comment.Audience.REPORTER, text)
    return {"files": len(act.files)}


def lapse(act: Act) -> Data:
    """Nothing came."""
    act.report.info_by = None
    tell(act.report, "lapse", by=act.by)
    return {}


def reject(act: Act, *, reason: str, where_to_go: str) -> Data:
    """The matter is not ours, for a reason that the rules know; and who is there for it."""
    if reason not in REJECT_REASONS:
        raise Invalid(_("没有这个不予受理的理由。"), code="unknown_reason", field="reason")
    where = masked(checked_line(where_to_go, "where_to_go", 200), selectors.office_numbers(act.report.county_id))
    act.report.accept_by = None
    tell(act.report, "reject", by=act.by, more=str(REJECT_TITLES[reason]))
    return {"reason": reason, "where_to_go": where}


def merge(act: Act, *, into: object) -> Data:
    """It is the same thing as another report: whoever followed this one follows that."""
    report, target = act.report, act.target
    if target is None:
        raise Invalid(_("没有要并入的那一件。"), code="unknown_report", field="into")
    report.merged_into, report.accept_by = target, None
    Report.objects.filter(pk=target.pk).update(followers=F("followers") + 1 + report.followers)
    tell(report, "merge", by=act.by, more=target.number)
    return {"into": target.pk, "number": target.number, "followers": report.followers + 1}


def withdraw(act: Act) -> Data:
    """The reporter takes it back."""
    act.report.accept_by = act.report.info_by = None
    return {}


def answer(act: Act, *, reply: int) -> Data:
    """The work is done and reviewed; the reporter says what it is worth."""
    report = act.report
    report.answered_at, report.first_reply_at = act.now, report.first_reply_at or act.now
    answer_mask(by=act.by, reply=reply, keep=selectors.office_numbers(report.county_id))
    number = round_of(report)
    if is_sampled(report, number) and Reporter.objects.filter(report=report).exclude(phone=b"").exists():
        CallBack.objects.get_or_create(report=report, round=number, defaults={"is_sample": True})
    tell(report, "answer", by=act.by)
    return {"reply": reply, "round": number}


def is_sampled(report: Report, number: int) -> bool:
    """Whether chance picks the answer of a round for a call: the same answer whenever it is asked."""
    drawn = hashlib.sha256(f"{report.number} {number}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") % 100 < SAMPLED_PERCENT


def dismiss(act: Act, *, reason: str) -> Data:
    """The work was given up."""
    tell(act.report, "dismiss", by=act.by)
    return {"reason": reason}


def confirm(act: Act, *, text: str = "") -> Data:
    """The reporter is satisfied."""
    _rate(act, True, text)
    return {"is_satisfied": True, **_closed(act)}


def expire(act: Act) -> Data:
    """Two weeks of silence."""
    return _closed(act)


def _closed(act: Act) -> Data:
    report = act.report
    report.closed_at, report.appealed_at = report.closed_at or act.now, None
    tell(report, "close", by=act.by, mark=f"r{round_of(report)}")
    return {"round": round_of(report)}


def reopen(act: Act, *, reason: str) -> Data:
    """The reporter is not satisfied: once more, in half the time."""
    act.report.reopens += 1
    _rate(act, False, reason)
    return _again(act)


def _again(act: Act) -> Data:
    report = act.report
    report.answered_at = report.closed_at = report.appealed_at = None
    asked = CallBack.objects.filter(report=report, outcome=CallBack.Outcome.PENDING)
    asked.update(outcome=CallBack.Outcome.MOOT)  # what was to be asked about is being done once more
    data = _work_open(act)
    tell(report, "reopen", by=act.by, more=data["due_on"])
    return data


def appeal(act: Act, *, reason: str) -> Data:
    """The reporter asks for a supervisor's ruling."""
    act.report.appealed_at = act.now
    _rate(act, False, reason)
    return {}


def call_back(act: Act, *, note: str, mode: str = CallBack.Mode.PHONE) -> Data:
    """Somebody who had nothing to do with the work asked, and it is good."""
    _called(act, CallBack.Outcome.SATISFIED, note, mode)
    if act.report.closed_at is not None:
        return {"mode": mode}
    return {"mode": mode, **_closed(act)}


def call_back_reopen(act: Act, *, note: str, mode: str = CallBack.Mode.PHONE) -> Data:
    """Somebody asked, and it is not."""
    _called(act, CallBack.Outcome.UNSATISFIED, note, mode)
    return {"mode": mode, **_again(act)}


def _called(act: Act, outcome: str, note: str, mode: str) -> None:
    if mode not in CallBack.Mode.values:
        raise Invalid(_("回访只能打电话或上门。"), field="mode")
    said = {"outcome": outcome, "note": checked_line(note, "note", LONGEST_NOTE), "mode": mode}
    done = {**said, "by_id": act.by.user_id, "at": act.now}
    CallBack.objects.update_or_create(report=act.report, round=round_of(act.report), defaults=done)


def rule_reopen(act: Act, *, reason: str) -> Data:
    """The supervisor rules: once more."""
    return {"reason": checked_line(reason, "reason", LONGEST_NOTE), **_again(act)}


def rule_close(act: Act, *, reason: str) -> Data:
    """The supervisor rules: done."""
    return {"reason": checked_line(reason, "reason", LONGEST_NOTE), **_closed(act)}


def round_of(report: Report) -> int:
    """1, and one more each time the matter was opened again."""
    return report.order.round if report.order else 1


def _rate(act: Act, is_satisfied: bool, text: str) -> None:
    said = {"is_satisfied": is_satisfied, "text": checked_line(text, "text", LONGEST_NOTE), "part": act.part}
    Rating.objects.update_or_create(report=act.report, round=round_of(act.report), defaults={**said, "at": act.now})


def _comment(act: Act, audience: str, text: str) -> None:
    Comment.objects.create(
        report=act.report, audience=audience, text=text, by_id=act.by.user_id, part=act.part, at=act.now
    )


def _day(moment: dt.datetime | None) -> str:
    return moment.astimezone(ZONE).date().isoformat() if moment else ""


EFFECTS: Mapping[str, Callable[..., Data]] = {
    one.__name__: one
    for one in (
        *(accept, ask, supplement, lapse, reject, merge, withdraw, answer, dismiss, confirm, expire, reopen, appeal),
        *(call_back, call_back_reopen, rule_reopen, rule_close),
    )
}
"""One for each move of the table."""
