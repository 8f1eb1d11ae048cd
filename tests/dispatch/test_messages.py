"""Who is told what, once: of moves, of levels, of a day; and that a killed worker changes nothing about that."""

from __future__ import annotations

import pytest

from accounts.models import InboxItem, User
from dispatch import services
from dispatch.models import WorkOrder
from dispatch.services.news import WORDS
from kernel import clock
from kernel.viewer import Role
from records.models import HistoryEvent, OutboxMessage
from records.services import outbox_deliver
from tests.factories import dispatch as make

pytestmark = pytest.mark.django_db


def said(since=0):
    """(username without its number, what) of messages after ``since``."""
    names = {str(user.pk): user.role for user in User.objects.all()}
    rows = OutboxMessage.objects.filter(pk__gt=since, channel="inbox").order_by("pk")
    return sorted((names[row.recipient], row.subject) for row in rows)


def last():
    return OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_an_opened_order_is_told_to_the_grid_manager(office):
    order = make.opened()
    assert said() == [("grid_manager", f"工单 {order.pk} 待交办，时限 2026-07-09。")]


def test_where_there_is_no_grid_manager_the_desk_is_told(office):
    User.objects.filter(role=Role.GRID_MANAGER).update(is_active=False)
    make.opened()
    assert [role for role, _ in said()] == ["desk"]


@pytest.mark.parametrize(
    "state, move, given, roles",
    [
        ("opened", "assign", {"unit": "unit"}, ["handler", "handler"]),
        ("in_progress", "hand_back", {"reason": "不归我管", "evidence": "县道"}, ["supervisor"]),
        ("returned", "allow_return", {}, ["grid_manager"]),
        ("in_progress", "submit", {"reply": "reply", "reason_code": "no_site"}, ["desk", "supervisor"]),
        ("review", "send_back", {"reason": "说清楚"}, ["handler"]),
        ("review", "approve", {"checklist": make.CHECKLIST}, ["handler"]),
        ("in_progress", "extend", {"workdays": 2, "reason": "等配件"}, ["supervisor"]),
        ("in_progress", "supervise", {"text": "请办", "workdays": 2}, ["handler"]),
        ("in_progress", "forward", {"agency": "供电公司", "reason": "线路", "agency_due_on": "date"}, []),
    ],
)
def test_whose_turn_it_is(office, state, move, given, roles):
    make.who(Role.HANDLER, office.unit)  # a colleague, who hears of new orders only
    order, since = office.in_state(state), last()
    fill = {"unit": office.unit.pk, "reply": make.reply(), "date": clock.today()}
    by = {"assign": office.desk} | dict.fromkeys(
        ("allow_return", "supervise", "send_back", "approve"), office.supervisor
    )
    values = {name: fill.get(value, value) if isinstance(value, str) else value for name, value in given.items()}
    make.move(by.get(move, office.handler), order, move, **values)
    assert [role for role, _ in said(since)] == roles


def test_nobody_is_told_what_he_did_himself(office):
    order = office.in_state("review")
    since = last()
    make.move(office.desk, order, "send_back", reason="说清楚")
    assert office.desk.user_id not in [int(row.recipient) for row in OutboxMessage.objects.filter(pk__gt=since)]


def test_messages_say_nothing_of_the_matter(office):
    order = office.in_state("in_progress", title="张三家门口路灯", category="canary-category")
    make.move(office.handler, order, "hand_back", reason="canary-reason", evidence="canary-evidence")
    for row in OutboxMessage.objects.all():
        text = f"{row.subject} {row.body} {row.data}"
        assert "张三" not in text
        assert "canary" not in text


def test_both_languages(office):
    order = make.opened()
    assert OutboxMessage.objects.get().data["subject_en"] == f"Work order {order.pk} waits for a unit, due 2026-07-09."
    assert all("%(id)s" in str(words.text) for words in WORDS.values())


def test_a_refused_move_tells_nobody(office, told):
    order = office.in_state("review")
    since, steps = last(), HistoryEvent.objects.count()
    told.fails = True
    with pytest.raises(RuntimeError):
        make.move(office.supervisor, order, "approve", checklist=make.CHECKLIST)
    assert (last(), HistoryEvent.objects.count()) == (since, steps)
    assert WorkOrder.objects.get(pk=order.pk).state == "review"


def test_levels_are_told_once_each(office):
    order = office.in_state("in_progress")
    since, words = last(), []
    for day in ("2026-07-01", "2026-07-08", "2026-07-09", "2026-07-10", "2026-07-12", "2026-07-20", "2026-07-25"):
        with clock.freeze(day):
            services.levels_tell()
            services.levels_tell()
        words.append([(role, text.split("，")[0].split(" ")[-1]) for role, text in said(since)])
        since = last()
    assert words == [
        [],
        [("grid_manager", "即将到期"), ("handler", "即将到期")],
        [],
        [("grid_manager", "已超期"), ("handler", "已超期")],
        [],
        [("handler", "严重超期"), ("supervisor", "严重超期")],
        [],
    ]
    assert WorkOrder.objects.get(pk=order.pk).version == order.version, "nobody did anything to it"


def test_a_moved_due_time_is_told_of_anew(office):
    order = office.in_state("in_progress")
    with clock.freeze("2026-07-08"):
        services.levels_tell()
        make.move(office.handler, order, "extend", workdays=7, reason="等配件")
        make.move(office.supervisor, order, "grant")
    since = last()
    with clock.freeze("2026-07-17"):
        assert services.levels_tell() == 1
    assert {text.split("，")[0].split(" ")[-1] for _, text in said(since)} == {"即将到期"}


def test_pauses_end_by_themselves(office):
    order = office.in_state("waiting")
    with clock.freeze("2026-07-14T23:59:00"):
        assert services.pauses_end() == 0
    with clock.freeze("2026-07-15"):
        assert services.pauses_end() == 1
        assert services.pauses_end() == 0
    order.refresh_from_db()
    assert (order.state, order.paused_at, order.paused_days) == ("in_progress", None, 10)
    assert order.due_at.astimezone(clock.ZONE).date().isoformat() == "2026-07-23"
    event = HistoryEvent.objects.filter(object_id=str(order.pk)).latest("seq")
    assert (event.move, event.part, event.actor_label) == ("resume", "system", "system")


def test_the_day_is_told_once(office):
    for state in ("opened", "in_progress", "done"):
        office.in_state(state)
    since = last()
    with clock.freeze("2026-07-13T08:05"):
        assert services.digests_send() == 2
        services.digests_send()
    grid, handler = said(since)
    assert grid == ("grid_manager", "今天有 2 张工单在办：待交办 1，即将到期 0，超期 2。")
    assert handler == ("handler", "今天有 1 张工单在办：待交办 0，即将到期 0，超期 1。")


def test_the_inbox_gets_each_message_once_though_the_worker_was_killed(office):
    """Killed between sending and noting: the message is delivered again, and the inbox has it once."""
    office.in_state("assigned")
    sent = OutboxMessage.objects.count()
    assert outbox_deliver() == (sent, 0)
    OutboxMessage.objects.update(state="waiting", due_at=clock.now())
    assert outbox_deliver() == (sent, 0)
    assert InboxItem.objects.count() == sent == len({row.key for row in InboxItem.objects.all()})
