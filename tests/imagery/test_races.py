"""Several people at the same moment, each on a connection of its own: one wins, the others hear it, nothing is lost."""

from __future__ import annotations

import datetime as dt
import io
import random
import threading
import time
import uuid
from collections import Counter

import pytest
from django.db import connections, transaction

from dispatch.models import WorkOrder
from imagery import services
from imagery.models import ChangePoint, ChangeRun, FieldCheck, FieldPhoto, PublishedPoint, Review
from imagery.services import FoundPatch, ReviewFields
from kernel import clock
from kernel.errors import DomainError
from kernel.viewer import Role, Viewer
from records.selectors import history_findings
from tests.factories import dispatch, media
from tests.factories import imagery as make
from tests.imagery.conftest import say
from tests.imagery.test_field import check, move, shot

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def at_once(*acts) -> list:
    """What each act gave: its result, or the code of its refusal."""
    found, together = [None] * len(acts), threading.Barrier(len(acts))

    def run(at: int) -> None:
        try:
            together.wait(60)
            found[at] = acts[at]()
        except DomainError as error:
            found[at] = error.code
        except BaseException as error:
            found[at] = error
        finally:
            connections.close_all()

    working = [threading.Thread(target=run, args=(at,)) for at in range(len(acts))]
    for one in working:
        one.start()
    for one in working:
        one.join(300)
    broken = [one for one in found if isinstance(one, BaseException)]
    assert broken == [], "every refusal is a sentence"
    return found


def claim(by, point):
    return lambda: services.point_claim(by=by, point_id=point.pk).point


def undo(by, **given):
    client_id = uuid.uuid4()
    return lambda: services.review_undo(by=by, client_id=client_id, **given).pk


def act(by, point, move, **given):
    return lambda: services.point_move(by=by, point_id=point.pk, move=move, **given).pk


def found_there(by, point, fields):
    return lambda: services.check_add(by=by, point_id=point.pk, fields=fields).pk


def verdict(by, point, version=None, client_id=None, said="change"):
    fields = ReviewFields(client_id=client_id or uuid.uuid4(), verdict=said, reason="")
    return lambda: services.point_review(by=by, point_id=point.pk, fields=fields, version=version).pk


def batch(by, points, *, dry=False, said="change"):
    fields = ReviewFields(client_id=uuid.uuid4(), verdict=said)
    keys = [one.pk for one in points]
    return lambda: services.points_review(by=by, point_ids=keys, fields=fields, is_dry_run=dry)


def test_of_two_verdicts_at_one_version_one_is_refused():
    for _round in range(ROUNDS):
        one, two, point = make.who(), make.who(), make.point()
        services.point_claim(by=one, point_id=point.pk)
        later = clock.now() + dt.timedelta(minutes=11)
        with clock.freeze(later, everywhere=True):
            found = at_once(
                verdict(one, point, point.version),
                lambda two=two, point=point: (
                    services.point_claim(by=two, point_id=point.pk) and verdict(two, point, point.version)()
                ),
                batch(make.who(), [point]),
            )
        assert Review.objects.filter(point=point).count() <= 1, found
        point.refresh_from_db()
        assert (point.state, point.version) in (("confirmed", 2), ("queued", 1)), found


def test_what_is_sent_twice_at_once_is_one_verdict_and_one_taking_back():
    for _round in range(ROUNDS):
        by, earlier, point = make.who(), make.point(), make.point()
        say(by, earlier, "change")
        services.point_claim(by=by, point_id=point.pk)
        same = verdict(by, point, 1, uuid.uuid4())
        assert len(set(at_once(same, same, same))) == 1
        back = [undo(by)] * 3
        assert len(set(at_once(*back))) == 1, "not one more with each"
        assert sorted(ChangePoint.objects.values_list("state", flat=True).filter(pk__in=[earlier.pk, point.pk])) == [
            "confirmed",
            "queued",
        ]


def test_one_id_for_verdicts_on_two_points_at_once_is_taken_for_one_of_them():
    for _round in range(ROUNDS):
        one, two, left, right = make.who(), make.who(), make.point(), make.point()
        services.point_claim(by=one, point_id=left.pk)
        services.point_claim(by=two, point_id=right.pk)
        same = uuid.uuid4()
        found = at_once(verdict(one, left, 1, same), verdict(two, right, 1, same))
        assert found.count("client_id_used") == 1, found


def test_taking_back_races_with_the_second_round():
    for _round in range(ROUNDS):
        one, two, point = make.who(), make.who(), make.point(area_m2=make.LARGE_M2)
        first = say(one, point, "change")
        services.point_claim(by=two, point_id=point.pk)
        found = at_once(
            undo(one, review_id=first.pk),
            verdict(two, point, 2),
        )
        assert sum(isinstance(one, str) for one in found) == 1, found
        point.refresh_from_db()
        assert point.state == ("confirmed" if isinstance(found[0], str) else "queued")
        assert point.version == 3


def test_who_change_places_do_not_wait_for_each_other():
    for _round in range(ROUNDS * 2):
        one, two, left, right = make.who(), make.who(), make.point(), make.point()
        services.point_claim(by=one, point_id=left.pk)
        services.point_claim(by=two, point_id=right.pk)
        with clock.freeze(clock.now() + dt.timedelta(minutes=11), everywhere=True):
            at_once(
                claim(one, right),
                claim(two, left),
            )
        held = ChangePoint.objects.exclude(claimed_by=None).filter(pk__in=[left.pk, right.pk])
        assert set(Counter(held.values_list("claimed_by", flat=True)).values()) <= {1}


def test_batches_and_their_trials_in_any_order():
    points = [make.point() for _ in range(30)]
    trials = at_once(
        batch(make.who(), points, dry=True), batch(make.who(), points[::-1], dry=True), batch(make.who(), points[5:])
    )
    assert [line.id for line in trials[1]] == [one.pk for one in points[::-1]], "in the order that was asked for"
    assert Review.objects.count() == 25 == sum(line.ok for line in trials[2])


def test_two_batches_decide_each_point_once():
    points = [make.point() for _ in range(30)]
    found = at_once(batch(make.who(), points), batch(make.who(), points[::-1]))
    assert Review.objects.count() == 30 == sum(line.ok for lines in found for line in lines)
    assert list(history_findings()) == []


def test_a_check_comes_while_the_visit_that_points_share_is_approved():
    office = dispatch.office()
    by, points = make.who(), [make.point(state="confirmed") for _ in range(3)]
    for number in range(ROUNDS):
        points = [make.point(state="confirmed") for _ in range(3)]
        group = services.group_make(by=by, point_ids=[one.pk for one in points], title=f"{number}")
        services.group_check(by=by, group_id=group.pk, unit=office.unit.pk)
        first, last = points[0], points[-1]
        first.refresh_from_db()
        dispatch.move(office.handler, first.order, "sign")
        fields = check("legal")
        for part in range(3):
            photo_there(office.handler, first, fields, f"{number} {part}")()
        services.check_add(by=office.handler, point_id=first.pk, fields=fields)
        dispatch.move(office.handler, first.order, "submit", reply=dispatch.reply(), reason_code="no_site")
        order = WorkOrder.objects.get(pk=first.order_id)
        at_once(
            lambda order=order: dispatch.move(office.supervisor, order, "approve", checklist=dispatch.CHECKLIST),
            found_there(by, last, check("legal")),
            found_there(by, last, check("legal")),
        )
        assert {ChangePoint.objects.get(pk=one.pk).state for one in points} == {"found_legal"}


def photo_there(by, point, fields, mark, *, is_cut=False, client_id=None):
    """Send a photo of a check; ``is_cut``: only the first half of the file comes through."""
    data = media.jpeg((16, 12), comment=mark.encode())
    one = shot(fields.client_id, data, **({"client_id": client_id} if client_id else {}))

    def send():
        came = io.BytesIO(data[: len(data) // 2] if is_cut else data)
        return services.check_photo_add(by=by, point_id=point.pk, fields=one, file=came, name="a.jpg").pk

    return send


def or_code(act):
    """The act as one that gives the code of its refusal."""

    def run():
        try:
            return act()
        except DomainError as error:
            return error.code

    return run


def test_200_offline_checks_of_several_telephones_sent_twice_in_any_order_are_200_rows():
    office, telephones = dispatch.office(), 8
    points = [make.point(state="confirmed") for _ in range(4)]
    by = office.handler
    for point in points:
        move(make.who(), point, "check", unit=office.unit.pk)
    sent, halves = [], []
    for number in range(200):
        point, one = points[number % 4], check("legal")
        sent.append(found_there(by, point, one))
        if number % 20:
            continue
        for part in range(3):
            photo = {"mark": f"{number} {part}", "client_id": uuid.uuid4()}
            sent.append(photo_there(by, point, one, **photo))
            halves.append((sent[-1], or_code(photo_there(by, point, one, **photo, is_cut=True))))
    anyhow = random.Random(6)
    order = [*sent, *sent]
    anyhow.shuffle(order)
    for whole, half in halves:
        order.insert(order.index(whole), half)  # the network broke, and the telephone begins again
    keys = [[] for _ in range(telephones)]
    at_once(*(lambda at=at: keys[at].extend(send() for send in order[at::telephones]) for at in range(telephones)))
    assert (FieldCheck.objects.count(), FieldPhoto.objects.count()) == (200, 30)
    assert {key for of_one in keys for key in of_one if isinstance(key, str)} == {"sha256_mismatch"}
    per_point = Counter(FieldCheck.objects.values_list("point", flat=True))
    assert set(per_point.values()) == {50}
    complete = Counter(FieldPhoto.objects.values_list("check_client", flat=True))
    assert list(complete.values()) == [3] * 10
    assert set(ChangePoint.objects.values_list("state", flat=True)) == {"field_check"}
    assert list(history_findings()) == []


def test_one_id_for_two_points_at_once_is_taken_for_one_of_them():
    office = dispatch.office()
    by, points = office.handler, [make.point(state="confirmed") for _ in range(2)]
    for point in points:
        move(make.who(), point, "check", unit=office.unit.pk)
    for number in range(ROUNDS):
        one, photo = check("legal"), uuid.uuid4()
        checks = at_once(*(found_there(by, point, one) for point in points * 3))
        photos = at_once(*(photo_there(by, point, one, f"{number}", client_id=photo) for point in points * 3))
        for found, model in ((checks, FieldCheck), (photos, FieldPhoto)):
            assert found.count("client_id_used") == 3, found
            assert {key for key in found if key != "client_id_used"} == {model.objects.latest("pk").pk}
    assert (FieldCheck.objects.count(), FieldPhoto.objects.count()) == (ROUNDS, ROUNDS)
    assert list(history_findings()) == []


def test_a_pair_asked_for_at_once_is_one_run():
    before, after = make.scene("2025-09-11"), make.scene("2026-03-08")
    by = make.who()
    asked = [lambda: services.run_start(by=by, before_id=before.pk, after_id=after.pk, detector="fusion")[1]] * 6
    assert sorted(at_once(*asked)) == [False] * 5 + [True]
    assert ChangeRun.objects.count() == 1
    assert [run for run in at_once(*[services.run_take] * 4) if run] != []
    assert ChangeRun.objects.filter(state="running").count() == 1


def test_a_run_takes_points_in_the_order_of_whoever_decides_several():
    """Else each waits for the other, and one of them is broken off."""
    first, last = make.point(), make.point(lonlat=(120.05, 30.55))
    ChangePoint.objects.filter(pk=first.pk).update(priority=0.4)  # the first now lies behind the last in the table
    patches = [FoundPatch(one.geom, "building", 0.8, {}) for one in (last, first)]
    later = make.run()
    later.pk, later.params_hash, later.after = None, "later", make.scene("2026-06-01")
    later.save()
    by = Viewer(county=first.county_id, label="change_detect")
    taken = threading.Barrier(2)

    def people() -> None:
        with transaction.atomic():
            ChangePoint.objects.select_for_update().get(pk=first.pk)
            taken.wait(60)
            time.sleep(1)  # the run is waiting for the first, or it has the last
            ChangePoint.objects.select_for_update(nowait=True).get(pk=last.pk)

    def found() -> int:
        taken.wait(60)
        return len(services.points_found(by=by, run=later, patches=patches).again)

    assert at_once(people, found) == [None, 2]


def test_publishing_races_with_withdrawing_and_reopening():
    for _round in range(ROUNDS):
        one, two, boss, point = make.who(), make.who(), make.who(Role.SUPERVISOR), make.point(state="found_legal")
        found = at_once(
            act(one, point, "publish"),
            act(two, point, "publish"),
            act(boss, point, "reopen", note="x"),
        )
        point.refresh_from_db()
        assert point.state == "queued", found
        assert not PublishedPoint.objects.filter(pk=point.pk).exists(), found
