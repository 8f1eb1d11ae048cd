"""An alarm opens exactly one work order, and tells it when it is right again."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connections

from devices import services
from devices.models import Alarm, AlarmEvent, Seen
from devices.states import Phase
from dispatch.models import WorkOrder
from dispatch.selectors import order_get
from dispatch.states import State
from kernel import clock
from kernel.viewer import Role
from tests.devices.conftest import NOW
from tests.factories import devices as make
from tests.factories import dispatch, places

pytestmark = pytest.mark.django_db

HERE = dt.datetime.fromisoformat(NOW)


def take(*rows):
    """Readings given as (stream, seconds after NOW, value)."""
    return make.take(*((one, (HERE + dt.timedelta(seconds=at)).isoformat(), value) for one, at, value in rows))


def orders():
    return list(WorkOrder.objects.order_by("pk"))


def moves(order):
    return [step.move for step in order_get(dispatch.who(Role.OFFICIAL), order.pk).history]


@pytest.mark.django_db(transaction=True)
def test_eight_who_raise_it_at_once_make_one_alarm_and_one_order():
    services.partitions_make()
    make.rule(opens_order=True)
    level, begin, broken = make.stream(), threading.Barrier(8), []

    def act(n):
        try:
            with clock.freeze(NOW):
                begin.wait(30)
                take((level, -n, 3.0))
                services.alarms_sweep()
        except BaseException as error:
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(n,)) for n in range(1, 9)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert broken == []
    assert (Alarm.objects.get().phase, WorkOrder.objects.get().pk) == (Phase.ACTIVE, Alarm.objects.get().order_id)
    assert sorted(AlarmEvent.objects.values_list("move", flat=True)) == ["ordered", "raised"]


def test_when_it_clears_the_unsigned_order_is_cancelled_and_the_signed_one_left():
    office = dispatch.office()
    make.rule(opens_order=True, workdays=2)
    mine, theirs = make.stream(), make.stream()
    take((mine, -60, 3.0), (theirs, -60, 3.0))
    services.alarms_sweep()
    assert services.alarms_sweep() == 0
    signed, unsigned = orders()
    assert (signed.title, signed.category, signed.workdays) == (f"{mine.device.name}：水位过高", "manhole", 2)
    assert (signed.is_urgent, signed.place_id) == (True, make.VILLAGE)
    for order in (signed, unsigned):
        dispatch.move(office.desk, order, "assign", unit=office.unit.pk)
    dispatch.move(office.handler, signed, "sign")
    assert Alarm.objects.get(stream=mine).acknowledged_by_id == office.handler.user_id
    take((mine, -30, 1.0), (theirs, -30, 1.0))
    services.alarms_sweep()
    signed, unsigned = orders()
    assert (signed.state, unsigned.state) == (State.IN_PROGRESS, State.CANCELLED)
    assert moves(signed) == ["open", "assign", "sign", "cleared"]
    assert moves(unsigned) == ["open", "assign", "cleared", "cancel"]
    step = order_get(office.desk, signed.pk)
    assert step.history[-1].data["at"] == (HERE - dt.timedelta(seconds=30)).isoformat()
    assert step.row.link == f"/?sel=devices:{mine.device_id}"
    assert not services.orders_due()
    take((mine, -10, 3.0))
    services.alarms_sweep()
    assert len(orders()) == 3


def test_a_power_cut_is_one_storm_with_one_order():
    """Two that went before have orders of their own, which go when nobody has signed; the others never get one."""
    office = dispatch.office()
    make.rule("offline", key="", level=1, opens_order=True, storm_n=3, title="离线")
    lamps = [make.device(status="online") for _ in range(12)]
    lonely = make.device("990521003008", status="online")
    Seen.objects.bulk_create(Seen(device=one, at=HERE) for one in [*lamps, lonely])

    def later(seconds, heard=()):
        with clock.freeze(HERE + dt.timedelta(seconds=seconds), everywhere=True):
            Seen.objects.filter(device__in=heard).update(at=clock.now())
            services.silence_note()
            services.alarms_sweep()

    later(606, heard=[one.pk for one in lamps[2:]])
    assert len(orders()) == 3
    dispatch.move(office.desk, orders()[0], "assign", unit=office.unit.pk)
    dispatch.move(office.handler, orders()[0], "sign")
    later(1212)
    storm = Alarm.objects.get(device=None)
    assert (storm.children.count(), storm.value) == (10, 10)
    assert [one.state for one in orders()] == ["in_progress", "opened", "opened", "opened"]
    assert orders()[-1].title == "荷塘村：离线（10 台）"
    later(1300, heard=[one.pk for one in lamps[2:]])
    assert Alarm.objects.get(device=None).phase == Phase.CLEARED
    assert [one.state for one in orders()] == ["in_progress", "opened", "opened", "cancelled"]
    later(1310, heard=[one.pk for one in (*lamps, lonely)])
    assert [one.state for one in orders()] == ["in_progress", "cancelled", "cancelled", "cancelled"]
    assert not Alarm.objects.standing().exists()


def test_a_storm_takes_over_the_orders_that_nobody_has_signed_for():
    make.rule(opens_order=True, storm_n=3)
    wells = [make.stream() for _ in range(5)]
    take(*((one, -60, 3.0) for one in wells[:2]))
    services.alarms_sweep()
    take(*((one, -50, 3.0) for one in wells[2:]))
    services.alarms_sweep()
    assert [one.state for one in orders()] == ["cancelled", "cancelled", "opened"]
    assert Alarm.objects.get(device=None).children.count() == len(wells)
    assert places.village().name in orders()[-1].title
