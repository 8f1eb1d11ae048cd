"""Acts on a group while somebody does something else with it: nothing is half done, and nobody waits for ever."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from dispatch.models import WorkOrder
from imagery import services
from imagery.models import ChangeGroup, ChangePoint
from kernel.viewer import Role
from records.selectors import history_findings
from tests.factories import dispatch, media
from tests.factories import imagery as make
from tests.imagery.test_field import approved
from tests.imagery.test_races import ROUNDS, act, at_once

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST_S = 20


def grouped(*states: str) -> tuple[ChangeGroup, list[ChangePoint]]:
    points = [make.point(state=one) for one in states]
    return services.group_make(by=make.who(), point_ids=[one.pk for one in points], title="料场"), points


def meanwhile(first, then, finally_=lambda: None) -> object:
    """What ``then`` gives where it begins before ``first`` has ended: it waits for a lock that ``first`` has.

    ``finally_`` is done beside ``first`` once ``then`` waits.
    """
    found = []
    late = threading.Thread(target=lambda: found.extend(at_once(then)))
    with transaction.atomic():
        first()
        late.start()
        ends = time.monotonic() + LONGEST_S
        while not _somebody_waits():
            assert time.monotonic() < ends, "nobody waits for what was held"
            time.sleep(0.02)
        finally_()
    late.join(LONGEST_S)
    return found[0]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else it is what it was when the transaction first asked
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def check(by, group):
    return lambda: services.group_check(by=by, group_id=group.pk)


def states(points) -> list[str]:
    return [ChangePoint.objects.get(pk=one.pk).state for one in points]


def orders(points) -> list[int]:
    return [ChangePoint.objects.get(pk=one.pk).order_id for one in points]


def test_of_two_who_send_somebody_there_one_does():
    for _round in range(ROUNDS):
        group, points = grouped("confirmed", "confirmed", "confirmed")
        found = at_once(check(make.who(), group), check(make.who(), group), check(make.who(), group))
        assert sorted(map(str, found)) == sorted([str(tuple(one.pk for one in points)), *["no_such_move"] * 2])
        assert len(set(orders(points))) == 1
        assert WorkOrder.objects.filter(source_id__in=[one.pk for one in points]).count() == 1
    assert list(history_findings()) == []


@pytest.mark.parametrize("alone", [0, 2])
def test_a_point_that_was_sent_alone_meanwhile_does_not_keep_the_others(alone):
    group, points = grouped("confirmed", "confirmed", "confirmed")
    rest = [one for at, one in enumerate(points) if at != alone]
    sent = meanwhile(act(make.who(), points[alone], "check"), check(make.who(), group))
    assert sent == tuple(one.pk for one in rest)
    assert states(points) == ["field_check"] * 3
    shared, own = set(orders(rest)), orders([points[alone]])[0]
    assert len(shared) == 1
    assert own not in shared
    assert WorkOrder.objects.get(pk=shared.pop()).title.startswith(f"图斑 {rest[0]} 等 2 个")


def test_what_was_taken_out_meanwhile_is_not_sent():
    group, points = grouped("confirmed", "confirmed", "confirmed")
    by, out = make.who(), points[1]
    sent = meanwhile(
        lambda: services.group_remove(by=by, group_id=group.pk, point_ids=[out.pk]), check(make.who(), group)
    )
    assert sent == (points[0].pk, points[2].pk)
    assert states(points) == ["field_check", "confirmed", "field_check"]
    other, points = grouped("confirmed", "confirmed")
    taken = meanwhile(lambda: services.group_dissolve(by=by, group_id=other.pk), check(make.who(), other))
    assert taken == "no_such_move", "there is no such group any more"
    assert states(points) == ["confirmed", "confirmed"]


def test_who_signs_while_the_visit_is_recalled_is_on_the_way():
    office = dispatch.office()
    group, points = grouped("confirmed", "confirmed")
    services.group_check(by=make.who(), group_id=group.pk, unit=office.unit.pk)
    order = WorkOrder.objects.get(pk=orders(points)[0])
    found = meanwhile(
        lambda: dispatch.move(office.handler, order, "sign"),
        lambda: services.group_recall(by=make.who(), group_id=group.pk),
    )
    assert found == "moved_on"
    assert states(points) == ["field_check"] * 2


def test_two_visits_are_recalled_while_somebody_locks_their_points_by_key():
    by, early = make.who(), [make.point(state="confirmed") for _ in range(2)]
    group, late = grouped("confirmed", "confirmed")
    services.group_check(by=by, group_id=group.pk)
    services.group_add(by=by, group_id=group.pk, point_ids=[one.pk for one in early])
    services.group_check(by=by, group_id=group.pk)
    assert min(orders(early)) > max(orders(late)), "the later order is of the earlier points"

    def locked(point):
        return lambda: ChangePoint.objects.select_for_update().get(pk=point.pk)

    found = meanwhile(
        locked(early[0]), lambda: services.group_recall(by=make.who(), group_id=group.pk), finally_=locked(late[0])
    )
    assert found == tuple(one.pk for one in [*early, *late])
    assert states([*early, *late]) == ["confirmed"] * 4
    assert list(history_findings()) == []


def test_what_was_put_right_is_accepted_once_and_as_a_whole():
    office = dispatch.office()
    sender, boss = make.who(), make.who(Role.SUPERVISOR)
    for number in range(ROUNDS):
        group, points = grouped("found_illegal", "found_illegal", "found_illegal")
        services.group_rectify(by=sender, group_id=group.pk, unit=office.unit.pk)
        order = WorkOrder.objects.get(pk=orders(points)[0])
        dispatch.move(office.handler, order, "sign")
        proof = media.photo(office.handler, data=media.jpeg((16, 12), comment=f"proof {number}".encode()))
        approved(office, order, photos=[proof.pk])
        one, two = make.who(), make.who()
        found = at_once(
            lambda group=group, by=one: services.group_verify(by=by, group_id=group.pk),
            lambda group=group, by=boss: services.group_verify(by=by, group_id=group.pk),
            act(two, points[1], "verify"),
        )
        assert states(points) == ["verified_closed"] * 3, found
        done = [key for one in found if not isinstance(one, str) for key in (one if isinstance(one, tuple) else [one])]
        assert sorted(done) == [one.pk for one in points], "each was accepted by one"
    assert list(history_findings()) == []
