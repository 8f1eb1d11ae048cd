"""Due times against two calendars that other people wrote, on every start day, with pauses and extensions."""

from __future__ import annotations

import datetime as dt
from functools import cache
from io import StringIO

import chinese_calendar
import holidays
import pytest
from django.core.management import call_command

from dispatch import services
from dispatch.models import SlaPolicy, WorkOrder
from dispatch.selectors import level_of, order_get, policy_workdays, times_from
from dispatch.states import Level
from kernel import clock
from records.models import CalendarDay, HistoryEvent
from tests.factories import dispatch as make
from tests.factories import places

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2026, 11, 30)
LENGTHS = (1, 3, 5, 7, 15)
CHINA = holidays.country_holidays("CN", years=(2024, 2025, 2026, 2027), categories=("public",))


@cache
def by_chinesecalendar(day):
    return chinese_calendar.is_workday(day)


@cache
def by_holidays(day):
    return CHINA.is_working_day(day)


def brute(start, count, works):
    day = start
    while count:
        day += DAY
        count -= works(day)
    return day


def days(first=FIRST, last=LAST, step=1):
    return [first + n * DAY for n in range(0, (last - first).days + 1, step)]


def published(day):
    return day.year < 2027


@pytest.mark.parametrize("count", LENGTHS)
def test_every_start_day(count):
    for start in days():
        due = brute(start, count, by_holidays)
        moment = dt.datetime.combine(start, dt.time(23, 30), clock.ZONE)
        times = times_from(moment, count)
        if not published(due):  # the year is not published: one package raises, the other answers without knowing
            assert times.is_provisional
            with pytest.raises(NotImplementedError):
                brute(start, count, by_chinesecalendar)
            continue
        assert due == brute(start, count, by_chinesecalendar)
        assert times.due_at.isoformat() == f"{due}T23:59:59+08:00", (start, count)
        assert not times.is_provisional
        back = [day for day in days(due - 40 * DAY, due - DAY) if by_holidays(day)]
        assert times.yellow_at.isoformat() == f"{back[-2]}T23:59:59+08:00"
        red = brute(due, 5, by_holidays)
        if published(red):
            assert times.red_at.isoformat() == f"{red}T23:59:59+08:00"


@pytest.mark.parametrize(
    ("start", "workdays", "until", "free", "made_up"),
    [
        ("2026-09-17", 7, "2026-09-28", ["2026-09-25"], ["2026-09-20"]),
        ("2026-09-29", 3, "2026-10-09", [f"2026-10-0{n}" for n in (1, 2, 5, 6, 7)], []),
        ("2026-06-01", 5, "2026-06-08", [], []),
    ],
)
def test_the_due_time_says_how_it_was_counted(office, start, workdays, until, free, made_up):
    """Every weekday that does not count is named, and every weekend day that does: the count can be done by hand."""
    with clock.freeze(start):
        order = make.opened(workdays=workdays)
        counted = order_get(office.desk, order.pk).counted
    due = order.due_at.astimezone(clock.ZONE).date()
    assert ([one.on for one in counted.free], [one.on for one in counted.made_up]) == (free, made_up)
    assert {one.name for one in counted.free} <= {"中秋", "国庆节"}
    between = days(dt.date.fromisoformat(start) + DAY, due)
    weekdays = sum(day.weekday() < 5 for day in between)
    assert (due.isoformat(), weekdays - len(counted.free) + len(counted.made_up)) == (until, workdays)


def test_counting_monday_to_friday_would_be_wrong_for_a_quarter():
    """Why it matters, and that the test above can fail."""
    starts = [day for day in days() if by_holidays(day)]
    wrong = sum(brute(day, 7, by_holidays) != brute(day, 7, lambda one: one.weekday() < 5) for day in starts)
    assert 0.2 < wrong / len(starts) < 0.35


SAMPLE = [day for day in days(step=13) if day < dt.date(2026, 10, 1)]


def at(day, hour=10):
    return clock.freeze(dt.datetime.combine(day, dt.time(hour), clock.ZONE))


@pytest.mark.parametrize("works", [by_chinesecalendar, by_holidays])
@pytest.mark.parametrize("paused_for", [0, 1, 4, 30])
def test_pauses_move_due_by_the_days_at_whose_end_the_clock_stood(office, works, paused_for):
    for start in SAMPLE[:: 2 if paused_for == 4 else 4]:
        with at(start):
            order = office.in_state("in_progress")
        asked, back = start + DAY, start + (1 + paused_for) * DAY
        with at(asked):
            make.move(office.handler, order, "ask", question="哪一盏？")
        with at(back, 9):
            order = make.move(office.handler, order, "resume")
        stood = min(10, sum(map(works, days(asked, back - DAY))))
        assert order.due_at.isoformat() == f"{brute(start, 7 + stood, works)}T23:59:59+08:00", (start, paused_for)
        event = HistoryEvent.objects.filter(object_id=str(order.pk)).latest("seq")
        assert event.data["days"] == stood
        assert ("due" in event.data) is (stood > 0)


@pytest.mark.parametrize("works", [by_chinesecalendar, by_holidays])
def test_extensions_and_pauses_together(office, works):
    for start in SAMPLE[::4]:
        with at(start):
            order = office.in_state("in_progress")
            make.move(office.handler, order, "extend", workdays=5, reason="等配件")
        with at(start + 2 * DAY):
            order = make.move(office.supervisor, order, "grant")
        assert order.due_at.isoformat() == f"{brute(start, 12, works)}T23:59:59+08:00"
        with at(start + 2 * DAY):
            make.move(office.handler, order, "ask", question="哪一盏？")
        with at(start + 7 * DAY):
            order = make.move(office.handler, order, "resume")
        stood = sum(map(works, days(start + 2 * DAY, start + 6 * DAY)))
        assert order.due_at.isoformat() == f"{brute(start, 12 + stood, works)}T23:59:59+08:00"


@pytest.mark.parametrize(
    "kind, number, workdays",
    [("enquiry", 1, 3), ("complaint", 1, 7), ("complex", 1, 15), ("complaint", 2, 4), ("enquiry", 3, 2), ("odd", 1, 7)],
)
def test_lengths_without_a_policy_of_the_county(office, kind, number, workdays):
    assert make.opened(kind=kind, round=number).workdays == workdays


def test_policies_have_versions_and_old_orders_keep_theirs(office):
    before = make.opened()
    for since, workdays in (("2026-01-01", 9), ("2026-07-01", 6), ("2027-01-01", 2)):
        SlaPolicy.objects.create(
            county_id=places.COUNTY, kind="complaint", title="投诉", workdays=workdays, valid_from=since
        )
    assert policy_workdays(places.COUNTY, "complaint", dt.date(2025, 12, 31)) == 7
    assert policy_workdays(places.COUNTY, "complaint", dt.date(2026, 6, 30)) == 9
    assert policy_workdays(places.COUNTY, "complaint", dt.date(2026, 7, 1), is_again=True) == 3
    assert make.opened().workdays == 9
    assert WorkOrder.objects.get(pk=before.pk).workdays == 7


NOTICE = "day,is_workday,name\n2027-01-01,0,元旦\n2027-01-04,0,调休\n2027-01-09,1,补班\n2027-10-01,0,国庆节\n"


def test_a_published_calendar_moves_what_was_provisional(office, tmp_path):
    with clock.freeze("2026-12-28"):
        order = office.in_state("in_progress")
        task = make.move(office.desk, order, "child", unit=office.other.pk, title="封道").children.get()
        assert (order.is_provisional, order.due_at.date()) == (True, dt.date(2027, 1, 6))
    path = tmp_path / "2027.csv"
    path.write_text(NOTICE)
    call_command("import_calendar", str(path), stdout=StringIO())
    with clock.freeze("2026-12-30"):
        out = StringIO()
        call_command("orders_recount", stdout=out)
        assert "1 orders" in out.getvalue()
        assert services.orders_recount() == 0
    order.refresh_from_db()
    task.refresh_from_db()
    # 29, 30, 31 December, 5 to 8 January: the first and the fourth are free
    assert (order.is_provisional, order.due_at.astimezone(clock.ZONE).date()) == (False, dt.date(2027, 1, 8))
    assert task.due_at == order.due_at
    event = HistoryEvent.objects.filter(object_id=str(order.pk)).latest("seq")
    assert (event.move, event.part, len(event.data["due"])) == ("recount", "system", 2)
    assert CalendarDay.objects.count() == 4


@pytest.mark.parametrize(
    "moment, level",
    [
        ("2026-07-07T23:59:58", Level.NONE),
        ("2026-07-07T23:59:59", Level.YELLOW),
        ("2026-07-09T23:59:59", Level.YELLOW),
        ("2026-07-10T00:00:00", Level.ORANGE),
        ("2026-07-16T23:59:59", Level.ORANGE),
        ("2026-07-17T00:00:00", Level.RED),
    ],
)
def test_levels(office, moment, level):
    order = office.in_state("in_progress")
    with clock.freeze(moment) as now:
        assert level_of(order) == level
        for one in Level:
            assert WorkOrder.objects.at_level(one, now).filter(pk=order.pk).exists() is (one == level)


def test_the_level_stands_still_while_the_clock_does(office):
    order = office.in_state("waiting")
    with clock.freeze("2026-08-30") as now:
        assert level_of(order) == Level.NONE
        assert list(WorkOrder.objects.at_level(Level.NONE, now)) == [order]
