"""The whole state × move × part matrix of reports, through the one walker, against a table written down by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from incidents.models import Attachment, Report
from incidents.states import REPORTER, SYSTEM, State, machine
from kernel import clock
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.viewer import Role, Viewer
from records.models import HistoryEvent
from tests.factories import incidents as factory
from tests.factories import media
from tests.incidents import loop

pytestmark = pytest.mark.django_db

# state: move -> (state after, who)
G, D, S = Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR
OWN = {REPORTER, Role.VILLAGE_AGENT, Role.CITIZEN}
"""Whoever holds the code, and those who reported it themselves or for somebody."""
AGAIN = {"call_back": ("closed", {D, S}), "call_back_reopen": ("accepted", {D, S}), "reopen": ("accepted", OWN)}
TABLE: dict[str, dict[str, tuple[str, set[str]]]] = {
    "submitted": {
        "accept": ("accepted", {G, D, SYSTEM}),
        "ask": ("need_info", {G, D}),
        "reject": ("rejected", {D}),
        "merge": ("merged", {D}),
        "withdraw": ("withdrawn", OWN),
    },
    "need_info": {
        "supplement": ("submitted", OWN | {D}),
        "lapse": ("withdrawn", {SYSTEM}),
        "withdraw": ("withdrawn", OWN),
    },
    "accepted": {"answer": ("answered", {SYSTEM}), "dismiss": ("rejected", {SYSTEM})},
    "answered": {
        **AGAIN,
        "confirm": ("closed", OWN),
        "expire": ("closed", {SYSTEM}),
        "appeal": ("answered", OWN),
        "rule_reopen": ("accepted", {S}),
        "rule_close": ("closed", {S}),
    },
    "closed": AGAIN,
    "merged": {},
    "rejected": {},
    "withdrawn": {},
}
MOVES = sorted({move.name for move in machine.moves})
PARTS: tuple[str, ...] = (*Role, REPORTER, SYSTEM)
GIVEN: dict[str, dict[str, Any]] = {
    "accept": {"category": "noise"},
    "ask": {"question": "哪一家？"},
    "supplement": {"text": "东头第三家"},
    "reject": {"reason": "not_ours", "where_to_go": "县人民法院"},
    "answer": {"reply": 1},
    "dismiss": {"reason": "重复"},
    "call_back": {"note": "满意"},
    "call_back_reopen": {"note": "还是吵"},
    **{key: {"reason": "还是吵"} for key in ("reopen", "appeal", "rule_reopen", "rule_close")},
}


def test_the_table_by_hand_has_every_move():
    assert {move for row in TABLE.values() for move in row} == set(MOVES)
    assert set(TABLE) == set(State)


@pytest.mark.parametrize("state", list(State))
def test_matrix(village, state):
    """Every move from this state by everybody; a refused one changes nothing."""
    cast = loop.cast()
    target = factory.report(state="submitted", category=factory.category("noise"))
    report = in_state(state, target)
    document = media.document()
    for part in PARTS:
        named = {Role.CITIZEN: loop.COUNTY, Role.ADMIN: loop.COUNTY}
        by = {
            **{REPORTER: loop.CITIZEN, SYSTEM: loop.PRODUCT, G: cast.grid, D: cast.desk, S: cast.supervisor},
            **{Role.HANDLER: cast.handler, Role.OFFICIAL: cast.official, Role.VILLAGE_AGENT: cast.agent},
        }.get(part) or loop.who(Role(part), named[Role(part)])
        Report.objects.filter(pk=report.pk).update(filed_by=by.user_id if part in OWN else None)
        for move in MOVES:
            with transaction.atomic():
                made_ready(report, move, document)
                walk(report, by, part, move, target.number, document)
                transaction.set_rollback(True)


def in_state(state: State, target: Report) -> Report:
    """A report in ``state``, with an order behind it where it was accepted."""
    report = factory.report(state="submitted", category=factory.category("noise"))
    factory.reporter(report)
    if state in (State.ACCEPTED, State.ANSWERED, State.CLOSED):
        report.order = factory.order(report, state="in_progress" if state == State.ACCEPTED else "done")
    report.state, report.merged_into = state.value, target if state == State.MERGED else None
    report.save()
    return report


def made_ready(report: Report, move: str, document: Any) -> None:
    """What the guards of ``move`` want beside the state."""
    facts = {
        "appeal": {"reopens": 2},
        "rule_reopen": {"appealed_at": clock.now()},
        "rule_close": {"appealed_at": clock.now()},
    }
    if move in facts:
        Report.objects.filter(pk=report.pk).update(**facts[move])
    if move == "reopen":
        Attachment.objects.create(document=document, part=REPORTER)


def walk(report: Report, by: Viewer, part: str, move: str, into: str, document: Any) -> None:
    given = {"into": into} if move == "merge" else GIVEN.get(move, {})
    files = {"documents": (document.token,)} if move == "reopen" else {}
    as_part = part if part in (REPORTER, SYSTEM) else ""
    expected = TABLE[report.state].get(move)
    steps = HistoryEvent.objects.count()
    if expected and part in expected[1]:
        after = loop.move(by, report, move, as_part, **given, **files)
        assert (after.state, after.version) == (expected[0], report.version + 1), (part, move)
        return
    with pytest.raises((Forbidden, NotFound) if expected else (Conflict, Forbidden, NotFound)) as caught:
        loop.move(by, report, move, as_part, **given, **files)
    if part in (G, D, S, REPORTER, SYSTEM):  # they see it, and hear why
        assert caught.value.code == ("role_may_not" if expected else "no_such_move"), (part, move)
    assert HistoryEvent.objects.count() == steps
    assert Report.objects.get(pk=report.pk).version == report.version
