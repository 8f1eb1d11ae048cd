"""What somebody of the office may do with a report now: the buttons of the console."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from dispatch.states import State as OrderState
from incidents.models import CallBack, Report
from incidents.selectors.facts import part_of, report_facts
from incidents.selectors.public import may_be_public
from incidents.states import CALL_ORDERERS, CALLERS, COMMENTERS, EDITORS, NOT_OWN_WORK, TERMINAL, State, machine
from kernel import clock
from kernel.viewer import Role, Viewer


@dataclass(frozen=True, slots=True)
class CaseMove:
    """Something that the viewer may do now, and the fields it needs."""

    name: str
    title: str
    needs: tuple[str, ...]


def case_moves(viewer: Viewer, row: Report, calls: Sequence[CallBack]) -> Iterator[CaseMove]:
    """Moves of the table and acts beside it, with ``calls`` the report's call-backs. Cost: at most four queries."""
    yield from _moves(viewer, row)
    yield from _acts(viewer, row, calls)


def _moves(viewer: Viewer, row: Report) -> Iterator[CaseMove]:
    """The moves of the table that are open to the viewer. Cost: at most two queries."""
    part = part_of(viewer)
    facts = report_facts(viewer, row, clock.now(), has_evidence=True)
    for move in machine.open_to(row.state, part or viewer.role or "", facts):
        yield CaseMove(move.name, gettext(move.title), move.needs)
    is_asked = row.state == State.ACCEPTED and row.order is not None and row.order.state == OrderState.WAITING
    if is_asked and (part or viewer.has_role(Role.DESK)):
        yield CaseMove("supplement", _("补充"), ("text",))


def _acts(viewer: Viewer, row: Report, calls: Sequence[CallBack]) -> Iterator[CaseMove]:
    """What the viewer may do beside the moves: the rights of ``services.editing`` and ``services.talking``."""
    if row.state not in TERMINAL:
        if viewer.has_role(*COMMENTERS) or part_of(viewer):
            yield CaseMove("comment", _("留言"), ("text",))
        if viewer.has_role(*EDITORS):
            yield CaseMove("edit", _("更正"), ())
            yield CaseMove("photo", _("审核照片"), ("photo",))
            if row.is_public or may_be_public(row):
                yield CaseMove("publish", _("改为不公开") if row.is_public else _("改为公开"), ("is_public",))
    if row.state not in (State.ANSWERED, State.CLOSED):
        return
    now = next((one for one in calls if one.round == (row.order.round if row.order else 1)), None)
    if (now is None or now.outcome == CallBack.Outcome.UNREACHED) and viewer.has_role(*CALL_ORDERERS):
        yield CaseMove("call", _("安排回访"), ("mode",))
    is_waiting = now is not None and now.outcome == CallBack.Outcome.PENDING
    if is_waiting and viewer.has_role(*CALLERS) and NOT_OWN_WORK.holds(report_facts(viewer, row, clock.now())):
        yield CaseMove("call_missed", _("联系不上"), ("note",))
