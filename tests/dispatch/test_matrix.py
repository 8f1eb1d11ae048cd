"""The whole state × move × role matrix, through the one walker, against a table written down by hand once more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from dispatch import services
from dispatch.models import WorkOrder
from dispatch.states import SOURCE, SYSTEM, State, machine
from kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn
from kernel.viewer import Role, Viewer
from records.models import HistoryEvent
from tests.factories import dispatch as make
from tests.factories import media, people

pytestmark = pytest.mark.django_db

# state: move -> (state after, who)
H, G, D, S = Role.HANDLER, Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR
TABLE = {
    "opened": {"assign": ("assigned", {G, D, SYSTEM}), "cancel": ("cancelled", {S, SOURCE})},
    "assigned": {
        "sign": ("in_progress", {H, G}),
        "hand_back": ("returned", {H, G}),
        "cancel": ("cancelled", {S, SOURCE}),
        "child": ("assigned", {H, G, D, S}),
        "extend": ("assigned", {H, G}),
    },
    "in_progress": {
        "hand_back": ("returned", {H, G}),
        "ask": ("waiting", {H, G}),
        "forward": ("forwarded", {H, G}),
        "submit": ("review", {H, G}),
        "child": ("in_progress", {H, G, D, S}),
        "extend": ("in_progress", {H, G}),
    },
    "waiting": {"resume": ("in_progress", {H, G, SYSTEM, SOURCE})},
    "forwarded": {"take_back": ("in_progress", {H, G}), "extend": ("forwarded", {H, G})},
    "review": {"approve": ("done", {D, S}), "send_back": ("in_progress", {D, S})},
    "returned": {"allow_return": ("opened", {S}), "arbitrate": ("assigned", {S})},
    "done": {},
    "cancelled": {},
}
OPEN = [state for state in TABLE if state not in ("done", "cancelled")]
for state in OPEN:
    TABLE[state] |= {"urgent": (state, {G, D, S}), "not_urgent": (state, {D, S})}
    if state != "opened":
        TABLE[state] |= {"supervise": (state, {S}), "grant": (state, {S}), "refuse": (state, {S})}

MOVES = sorted({move.name for move in machine.moves})
PARTS = [*Role, SYSTEM, SOURCE]


def fields(office: make.Office, move: str) -> dict:
    """What each move needs."""
    return {
        "assign": {"unit": office.unit.pk},
        "hand_back": {"reason": "不归我单位管", "evidence": "图上是县道", "lonlat": (120.1, 30.6)},
        "arbitrate": {"unit": office.other.pk, "reason": "职责清单第三条"},
        "ask": {"question": "是哪一盏灯？"},
        "forward": {"agency": "供电公司", "reason": "线路是他们的", "agency_due_on": dt.date(2026, 7, 10)},
        "submit": {"reply": make.reply(), "photos": [], "reason_code": "no_site"},
        "send_back": {"reason": "没有说清楚修了几盏"},
        "approve": {"checklist": make.CHECKLIST},
        "cancel": {"reason": "重复"},
        "child": {"unit": office.other.pk, "title": "封道"},
        "extend": {"workdays": 3, "reason": "等配件"},
        "refuse": {"reason": "来得及"},
        "supervise": {"text": "请立即办理", "workdays": 2},
        "urgent": {"reason": "学校门口"},
        "not_urgent": {"reason": "险情已排除"},
    }.get(move, {})


def actor(office: make.Office, order: WorkOrder, part: str) -> tuple[Viewer, str]:
    """Somebody of that part whose business the order is, and the part where it is no role."""
    if part in (SYSTEM, SOURCE):
        return make.SYSTEM_VIEWER, part
    unit = office.unit if part in (Role.HANDLER, Role.GRID_MANAGER) else None
    return make.who(Role(part), unit, *([make.GRID] if part == Role.GRID_MANAGER else [])), ""


def test_the_table_by_hand_has_every_move():
    assert {move for row in TABLE.values() for move in row} == set(MOVES)
    assert set(TABLE) == set(State)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("state", list(State))
def test_matrix(office, state, part):
    """Every move from this state as this part; a refused one changes nothing."""
    plain, extended = office.in_state(state), None
    if state in OPEN and state != "opened":
        extended = with_extension(office, state)
    by, as_part = actor(office, plain, part)
    for move in MOVES:
        order = extended if extended and move in ("grant", "refuse") else plain
        with transaction.atomic():
            walk(office, order, by, as_part, part, move)
            transaction.set_rollback(True)


def walk(office, order, by, as_part, part, move):
    state, given = order.state, fields(office, move)
    expected = TABLE[state].get(move)
    WorkOrder.objects.filter(pk=order.pk).update(is_urgent=move == "not_urgent")
    steps = HistoryEvent.objects.count()
    if expected and part in expected[1]:
        after = services.order_move(by=by, order_id=order.pk, move=move, part=as_part, **given)
        assert (after.state, after.version) == (expected[0], order.version + 1), move
        assert HistoryEvent.objects.filter(object_id=str(order.pk)).latest("seq").move == move
        return
    sees = part in (SYSTEM, SOURCE, *TEAM) and not (part == H and state in ("opened", "cancelled"))
    refused = NotFound if not sees else Forbidden if expected else Conflict
    with pytest.raises(refused) as caught:
        services.order_move(by=by, order_id=order.pk, move=move, part=as_part, **given)
    if sees:
        assert caught.value.code == ("role_may_not" if expected else "no_such_move"), move
    assert HistoryEvent.objects.count() == steps
    assert WorkOrder.objects.get(pk=order.pk).version == order.version


TEAM = (H, G, D, S, Role.OFFICIAL)
"""Roles that see the order at all."""


def with_extension(office: make.Office, state: str) -> WorkOrder:
    """An order in ``state`` with an extension that waits for its answer."""
    order = make.opened()
    for by, name, given in office.way_to(state):
        order = make.move(by, order, name, **given)
        if name == "assign":
            order = make.move(office.handler, order, "extend", workdays=2, reason="等配件")
    return order


@pytest.mark.parametrize("move", MOVES)
def test_nobody_signed_in_does_nothing(office, move):
    order = office.in_state("in_progress")
    with pytest.raises(NotSignedIn):
        services.order_move(by=people.viewer(None), order_id=order.pk, move=move, **fields(office, move))


@pytest.mark.parametrize(
    "role, unit, place, finds",
    [
        (Role.GRID_MANAGER, None, "990521003008001", False),
        (Role.SUPERVISOR, None, "990521004", False),
        (Role.DESK, None, "990521003", True),
        (Role.HANDLER, "jtj", "", False),
        (Role.HANDLER, "csglj", "", True),
    ],
)
def test_what_is_not_ones_business_is_not_there(office, role, unit, place, finds):
    order = office.in_state("in_progress")
    by = make.who(role, people.unit(unit) if unit else None, *([place] if place else []))
    with pytest.raises(Conflict if finds else NotFound):
        make.move(by, order, "assign", unit=office.unit.pk)


def test_urgency_is_given_once_and_taken_back_with_a_reason(office):
    order = office.in_state("in_progress")
    supervisor = make.who(Role.SUPERVISOR)
    for move, code in (("not_urgent", "not_urgent"), ("urgent", ""), ("urgent", "urgent_already"), ("not_urgent", "")):
        if not code:
            order = make.move(supervisor, order, move, reason="看过现场")
            assert order.is_urgent is (move == "urgent")
            continue
        with pytest.raises(Conflict) as refused:
            make.move(supervisor, order, move, reason="看过现场")
        assert refused.value.code == code


def test_photos_are_evidence(office):
    order = office.in_state("in_progress")
    photo = media.photo(office.handler, data=media.jpeg())
    after = make.move(office.handler, order, "submit", reply=make.reply(), photos=[photo.pk])
    assert [one.photo_id for one in after.replies.get().evidence.all()] == [photo.pk]
