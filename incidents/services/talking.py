"""What is said beside the moves: additions, remarks, wishes for a call."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.selectors import pause_ends
from dispatch.services import order_move
from dispatch.states import SOURCE
from dispatch.states import State as OrderState
from incidents import selectors
from incidents.models import CallBack, Comment, Report
from incidents.services.effects import LONGEST_NOTE, round_of
from incidents.services.messages import tell
from incidents.services.moves import report_locked, report_move, still_read
from incidents.services.photos import attach
from incidents.services.submitting import checked_line
from incidents.states import CALL_ORDERERS, CALLERS, COMMENTERS, EDITORS, NOT_OWN_WORK, REPORTER, TERMINAL, State
from incidents.states.masking import masked
from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.viewer import Role, Viewer
from records.services import history_append

LONGEST = 1000
CALLABLE = (CallBack.Outcome.PENDING, CallBack.Outcome.UNREACHED)
"""Outcomes of a call-back that somebody may still make."""


@transaction.atomic
def report_supplement(
    *, by: Viewer, report_id: int, text: str, photos: Sequence[str] = (), part: str = "", version: int | None = None
) -> Report:
    """The answer to a question: of the desk before acceptance, or of the unit that works on it.

    Raises:
        Invalid: no text.
        Conflict: code "no_such_move": nobody has asked.
        NotFound, Forbidden: as for every move.
    """
    part = part or selectors.part_of(by)
    report = report_locked(by, report_id, part)
    order = report.order
    if report.state != State.ACCEPTED or order is None or order.state != OrderState.WAITING:
        return report_move(
            by=by, report_id=report_id, move="supplement", version=version, part=part, text=text, photos=photos
        )
    still_read(report, version)
    if part != REPORTER and not by.has_role(Role.DESK):
        raise Forbidden(_("补充由反映人或受理员来写。"))
    words = _words(text)
    attach(report, photos, part=part or str(by.role), work=round_of(report))
    _kept(by, report, part, Comment.Audience.REPORTER, words, "supplement")
    order_move(by=by, order_id=order.pk, move="resume", part=SOURCE)
    return report


@transaction.atomic
def report_comment(*, by: Viewer, report_id: int, text: str, audience: str = "", part: str = "") -> Comment:
    """A remark. The reporter's is for staff; of staff's, those for the reporter are told.

    Args:
        by: who says it.
        report_id: key of the report.
        text: what.
        audience: of ``Comment.Audience``; "" = reporter and staff.
        part: ``REPORTER`` for whoever has shown the code.

    Raises:
        NotFound, Forbidden: not the viewer's business, or a role that only reads.
        Conflict: code "over": the report is rejected, merged or withdrawn; "not_public": a remark for everybody, where
            the report is not for everybody.
        Invalid: no text, an unknown audience.
    """
    part = part or selectors.part_of(by)
    report = report_locked(by, report_id, part)
    wanted = audience or Comment.Audience.REPORTER
    if wanted not in Comment.Audience.values or (part == REPORTER and wanted == Comment.Audience.STAFF):
        raise Invalid(_("没有这种留言。"), field="audience")
    if part != REPORTER and not by.has_role(*COMMENTERS):
        raise Forbidden(_("您没有做这件事的权限。"))
    if report.state in TERMINAL:
        raise Conflict(_("这件反映已经结束，不能再留言。"), code="over")
    if wanted == Comment.Audience.PUBLIC and not report.is_public:
        raise Conflict(_("这件反映不公开，留言也不能公开。"), code="not_public")
    made = _kept(by, report, part, wanted, _words(text), "comment")
    if part != REPORTER and wanted == Comment.Audience.REPORTER:
        tell(report, "comment", by=by, mark=f"c{made.pk}")
    return made


@transaction.atomic
def call_back_order(*, by: Viewer, report_id: int, mode: str = CallBack.Mode.PHONE) -> CallBack:
    """Have somebody ask the reporter (回访), beside those whom chance picks; one for each round.

    One that waits, or where nobody could be reached, is wanted in this way from now on.

    Raises:
        NotFound, Forbidden: not the viewer's business, or the role may not.
        Conflict: code "not_answered": there is nothing to ask about yet; "called": the reporter has said it.
        Invalid: neither by telephone nor at the door.
    """
    report = _answered(by, report_id, CALL_ORDERERS, mode)
    wanted = {"mode": mode, "asked_by_id": by.user_id, "outcome": CallBack.Outcome.PENDING}
    found, is_new = CallBack.objects.get_or_create(report=report, round=round_of(report), defaults=wanted)
    if not is_new:
        if found.outcome not in CALLABLE:
            raise Conflict(_("这一轮已经回访过。"), code="called")
        for name, value in wanted.items():
            setattr(found, name, value)
        found.save(update_fields=list(wanted))
    _noted(by, report, "", "call_back_order", {"mode": mode})
    return found


@transaction.atomic
def call_back_missed(*, by: Viewer, report_id: int, note: str, mode: str = CallBack.Mode.PHONE) -> CallBack:
    """Write down that the reporter could not be reached. It counts as asked; who reaches them later writes over it.

    Raises:
        NotFound, Forbidden: as for ``call_back_order``; whoever did the work does not call, code "own_work".
        Conflict: code "not_answered"; "no_call_back": nobody wants this one called.
        Invalid: no note, or neither by telephone nor at the door.
    """
    report = _answered(by, report_id, CALLERS, mode)
    if not NOT_OWN_WORK.holds(selectors.report_facts(by, report, clock.now())):
        raise Forbidden(_(NOT_OWN_WORK.text), code=NOT_OWN_WORK.code)
    found = CallBack.objects.filter(report=report, round=round_of(report)).first()
    if found is None or found.outcome not in CALLABLE:
        raise Conflict(_("没有等着回访的。"), code="no_call_back")
    found.outcome, found.mode = CallBack.Outcome.UNREACHED, mode
    found.note = checked_line(_words(note), "note", LONGEST_NOTE)
    found.by_id, found.at = by.user_id, clock.now()
    found.save()
    _noted(by, report, "", "call_back_missed", {"mode": mode, "note": found.note})
    return found


def _answered(by: Viewer, report_id: int, roles: frozenset[Role], mode: str) -> Report:
    """The report, locked, when there is an answer to ask about."""
    report = report_locked(by, report_id)
    if not by.has_role(*roles):
        raise Forbidden(_("您没有做这件事的权限。"))
    if report.state not in (State.ANSWERED, State.CLOSED):
        raise Conflict(_("还没有答复，不能回访。"), code="not_answered")
    if mode not in CallBack.Mode.values:
        raise Invalid(_("回访只能打电话或上门。"), field="mode")
    return report


@transaction.atomic
def comment_publish(*, by: Viewer, report_id: int, comment: int, is_published: bool, text: str = "") -> Comment:
    """Moderation of a remark for the public: shown masked, and as the desk corrected it.

    Args:
        by: who answers for it.
        report_id: key of the report.
        comment: key of a remark of that report.
        is_published: whether everybody reads it.
        text: what is shown instead of what was written; "" = that.

    Raises:
        NotFound: the report is not the viewer's business.
        Forbidden: neither desk nor grid manager.
        Invalid: the report has no such remark for the public.
    """
    report = report_locked(by, report_id)
    if not by.has_role(*EDITORS):
        raise Forbidden(_("您没有做这件事的权限。"))
    found = Comment.objects.filter(report=report, pk=comment, audience=Comment.Audience.PUBLIC).first()
    if found is None:
        raise Invalid(_("没有这条留言。"), field="comment")
    found.public_text = masked(_words(text or found.text), selectors.office_numbers(by.county))
    found.is_published = is_published
    found.save(update_fields=["public_text", "is_published"])
    _noted(by, report, "", "comment_publish", {"comment": found.pk, "is_published": is_published})
    return found


def _kept(by: Viewer, report: Report, part: str, audience: str, text: str, move: str) -> Comment:
    role = part or str(by.role)
    made = Comment.objects.create(report=report, audience=audience, text=text, by_id=by.user_id, part=role)
    _noted(by, report, part, move, {"comment": made.pk})
    return made


def _noted(by: Viewer, report: Report, part: str, move: str, data: dict[str, object]) -> None:
    history_append(by=by, obj=report, move=move, part=part, states=(report.state, report.state), data=data)
    Report.objects.filter(pk=report.pk).update(updated_at=clock.now())


def _words(text: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise Invalid(_("请写内容。"), code="needs_fields", field="text")
    if len(words) > LONGEST:
        raise Invalid(_("最多 %d 个字。") % LONGEST, code="too_long", field="text")
    return words


def question_tell(*, by: Viewer, report_id: int, question: str) -> None:
    """The unit at work asks the reporter something; it counts among the questions. Inside the order's transaction."""
    report = Report.objects.select_for_update(of=("self",)).select_related("order").get(pk=report_id)
    Comment.objects.create(
        report=report, audience=Comment.Audience.REPORTER, text=question, by_id=by.user_id, part=str(by.role or "")
    )
    report.questions += 1
    report.save(update_fields=["questions"])
    until = pause_ends(clock.now())
    tell(report, "ask", by=by, more=until.date().isoformat(), mark=f"q{report.questions}")
