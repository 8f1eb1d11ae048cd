"""Orders that no crew was free for: told once, tried again, given out when somebody is free; nobody twice."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import connections
from django.db.models import F

from dispatch.models import RoutingDecision, WorkOrder
from dispatch.services.waiting import orders_retry, orders_waiting
from dispatch.states import State
from kernel import clock
from kernel.periodic import jobs
from kernel.viewer import Role
from records.models import HistoryEvent, OutboxMessage
from records.selectors import is_waiting
from tests.factories import crews, places
from tests.factories import dispatch as make

NOON = dt.datetime(2026, 6, 30, 12, 0, tzinfo=clock.ZONE)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]


def call(**fields) -> WorkOrder:
    return make.opened(**{"title": "家里暖气不热", "category": crews.SKILL, **fields})


def moves(order: WorkOrder) -> list[tuple[str, str]]:
    rows = HistoryEvent.objects.filter(object_type="dispatch.workorder", object_id=str(order.pk)).order_by("seq")
    return list(rows.values_list("move", "part"))


def test_a_call_is_given_to_a_crew_without_a_person() -> None:
    crews.rule(skill=crews.SKILL)
    crew = crews.crew()
    order = call()
    order.refresh_from_db()
    assert (order.state, order.crew, order.lead_unit) == (State.ASSIGNED, crew, crew.unit)
    assert moves(order) == [("open", "system"), ("assign", "system")]
    assert orders_waiting() == {}


def test_a_unit_that_was_named_goes_before_the_rules() -> None:
    crews.rule(skill=crews.SKILL)
    crew = crews.crew()
    office = make.office()
    order = call(unit=office.unit)
    assert (order.lead_unit, order.crew) == (office.unit, None)
    assert not RoutingDecision.objects.filter(crew=crew).exists()


def test_it_is_tried_again_until_somebody_is_free() -> None:
    crews.rule(skill=crews.SKILL)
    crew = crews.crew()
    first, second, third = call(), call(), call()
    assert [order.state for order in (first, second, third)] == [State.ASSIGNED, State.OPENED, State.OPENED]
    assert (second.is_urgent, second.version) == (True, 2)
    assert orders_retry() == 0
    assert moves(second) == [("open", "system"), ("escalate", "system")]
    WorkOrder.objects.filter(pk=first.pk).update(state=State.DONE)
    assert orders_retry() == 1
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, second.crew, third.state) == (State.ASSIGNED, crew, State.OPENED)
    assert list(orders_waiting()) == [third.pk]


def test_who_can_help_is_told_and_why() -> None:
    """The crews' unit, whoever dispatches, and the supervisors of the place; not those of another township."""
    office = make.office()
    crews.rule(skill=crews.SKILL, unit=office.unit)
    crews.crew(unit=office.unit)
    elsewhere = make.who(Role.SUPERVISOR, None, "990521004")
    _first, second = call(), call()
    told = OutboxMessage.objects.filter(dedupe_key__startswith=f"order-{second.pk}-", channel="inbox")
    people = {int(one.recipient) for one in told}
    assert people == {office.handler.user_id, office.grid.user_id, office.supervisor.user_id}
    assert elsewhere.user_id not in people
    (message,) = told.filter(recipient=str(office.supervisor.user_id))
    assert message.subject.startswith(f"工单 {second.pk} 没有空闲班组")
    assert "其中有空 0 个" in message.body
    assert "没有道路通到那里" in message.body
    assert "no road leads there" in message.data["body_en"]


def test_a_shift_that_begins_is_asked() -> None:
    crews.rule(skill=crews.SKILL)
    crews.crew(shift_start=dt.time(20), shift_end=dt.time(6))
    with clock.freeze(NOON):
        order = call()
        assert orders_retry() == 0
    with clock.freeze(NOON + dt.timedelta(hours=8)):
        assert orders_retry() == 1
    order.refresh_from_db()
    assert order.state == State.ASSIGNED


def test_one_that_fails_stops_no_other() -> None:
    crews.rule(skill=crews.SKILL)
    lost, other = call(), call()
    WorkOrder.objects.filter(pk=lost.pk).update(source="gone")
    crews.crew(capacity=2)
    assert orders_retry() == 1
    other.refresh_from_db()
    assert other.state == State.ASSIGNED
    assert list(orders_waiting()) == [lost.pk]


@pytest.mark.parametrize("becomes", [State.ASSIGNED, State.CANCELLED])
def test_what_a_person_took_care_of_waits_no_more(becomes) -> None:
    crews.rule(skill=crews.SKILL)
    order = call()
    unit = make.office().unit
    WorkOrder.objects.filter(pk=order.pk).update(state=becomes, lead_unit=unit)
    crews.crew()
    assert orders_retry() == 0


@pytest.mark.django_db(transaction=True)
def test_the_job_is_enqueued_only_when_somebody_waits() -> None:
    job = jobs["dispatch.retry_orders"]
    job.enqueue()
    assert not is_waiting("dispatch.tasks.retry_orders")
    crews.rule(skill=crews.SKILL)
    call()
    job.enqueue()
    assert is_waiting("dispatch.tasks.retry_orders")


@pytest.mark.django_db(transaction=True)
def test_orders_and_tries_at_once_fill_every_place_once() -> None:
    """Eight calls and three workers that try again at the same moment, for five places."""
    crews.rule(skill=crews.SKILL)
    early = [call() for _ in range(3)]
    lon, lat = places.lonlat(make.VILLAGE)
    team = [crews.crew((lon + 0.003 * n, lat), capacity=1 + n % 2) for n in range(3, 6)]
    assert sum(crew.capacity for crew in team) == 5
    acts = [call] * 8 + [orders_retry] * 3
    barrier, errors = threading.Barrier(len(acts)), []

    def one(act) -> None:
        try:
            barrier.wait()
            act()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    orders_retry()
    taken = Counter(WorkOrder.objects.exclude(crew=None).values_list("crew_id", flat=True))
    assert taken == {crew.pk: crew.capacity for crew in team}
    assert WorkOrder.objects.filter(state=State.OPENED).count() == len(early) + 8 - 5
    doubled = RoutingDecision.objects.filter(crew=None, order__crew__isnull=False, at__gt=F("order__assigned_at"))
    assert not doubled.exists()
