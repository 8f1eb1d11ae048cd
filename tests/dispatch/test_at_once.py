"""Many at once, on real connections: exactly one succeeds, the others hear why."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connections

from dispatch import services
from dispatch.models import Extension, WorkOrder
from kernel import clock
from kernel.errors import DomainError
from kernel.viewer import Role
from records.models import HistoryEvent
from records.selectors import history_findings
from tests.factories import dispatch as make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts):
    """Run all acts in threads of their own that begin together; what each one came to."""
    begin, done = threading.Barrier(len(acts)), []

    def run(act):
        try:
            begin.wait(60)
            act()
            done.append("ok")
        except DomainError as error:
            done.append(error.code)
        except BaseException as error:
            done.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return Counter(done)


def test_fifty_signatures(office):
    order = office.in_state("assigned")
    people = [make.who(Role.HANDLER, office.unit) for _ in range(50)]
    done = at_once([lambda by=by: make.move(by, order, "sign") for by in people])
    assert done == {"ok": 1, "no_such_move": 49}
    order.refresh_from_db()
    assert (order.state, order.signed_by_id == order.assignee_id) == ("in_progress", True)
    assert HistoryEvent.objects.filter(object_id=str(order.pk), move="sign").count() == 1
    assert list(history_findings()) == []


def test_one_open_order_for_one_thing(office):
    done = at_once([lambda: make.opened(source_id="4711")] * 12)
    assert done == {"ok": 1, "order_open_already": 11}
    assert WorkOrder.objects.count() == 1


def test_two_supervisors_grant_at_once(office):
    order = office.in_state("in_progress")
    make.move(office.handler, order, "extend", workdays=3, reason="等配件")
    other = make.who(Role.SUPERVISOR)
    done = at_once([lambda by=by: make.move(by, order, "grant") for by in (office.supervisor, other)])
    assert done == {"ok": 1, "no_extension": 1}
    order.refresh_from_db()
    assert (order.workdays, Extension.objects.get().state) == (10, "granted")


def test_a_task_and_the_submission_of_its_order(office):
    """Whichever comes first: no order is under review with an open task."""
    for _ in range(5):
        order = office.in_state("in_progress")
        text = make.reply()
        done = at_once(
            [
                lambda o=order: make.move(office.desk, o, "child", unit=office.other.pk, title="封道"),
                lambda o=order, t=text: make.move(office.handler, o, "submit", reply=t, reason_code="no_site"),
            ]
        )
        assert done in ({"ok": 1, "open_children": 1}, {"ok": 1, "no_such_move": 1})
        order.refresh_from_db()
        assert not (order.state == "review" and order.children.exists())


def test_levels_are_told_once_by_several_workers(office):
    for _ in range(4):
        office.in_state("in_progress")
    with clock.freeze("2026-07-10", everywhere=True):
        told = []
        at_once([lambda: told.append(services.levels_tell())] * 4)
    assert sum(told) == 4
