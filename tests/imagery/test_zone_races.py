"""Verdicts that teach a zone, what is put into order because of it, and a run that adds its points: all at once."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import transaction
from django.test import Client

from imagery import services
from imagery.admin import SuppressionZoneAdmin
from imagery.models import ChangePoint, ChangeRun, SuppressionZone
from imagery.services import ReviewFields
from kernel.viewer import Role, Viewer
from tests.factories import imagery as make
from tests.factories import people, places
from tests.imagery.test_races import ROUNDS, at_once

pytestmark = pytest.mark.django_db(transaction=True)
BY = Viewer(county=places.COUNTY, label="change_detect")


def row(count: int) -> list[ChangePoint]:
    """Points some 3 m from each other."""
    lon, lat = places.lonlat(make.VILLAGE)
    return [make.point(lonlat=(lon + at * 0.00003, lat)) for at in range(count)]


def rejected(points: list[ChangePoint]):
    """All of them, by one batch of a new reviewer."""
    by, fields = make.who(), ReviewFields(uuid.uuid4(), "no_change", reason="season")
    keys = [point.pk for point in points]
    return lambda: [line.code for line in services.points_review(by=by, point_ids=keys, fields=fields)]


def test_rejections_at_once_teach_one_zone():
    make.reason("season", is_lasting=True)
    for _round in range(ROUNDS):
        found = at_once(*(rejected([point]) for point in row(4)))
        assert found == [[""]] * 4
        assert [zone.rejections for zone in SuppressionZone.objects.all()] == [4]
        SuppressionZone.objects.all().delete()
        ChangePoint.objects.all().update(state="confirmed")


def test_nobody_waits_for_ever_for_what_a_zone_puts_into_order():
    make.reason("season", is_lasting=True)
    make.run()
    scenes = {"before": make.scene("2025-09-11"), "after": make.scene("2026-06-01")}
    for turn in range(ROUNDS):
        points = row(12)
        run = ChangeRun.objects.create(
            county_id=places.COUNTY, detector="fusion", params_hash=f"later {turn}", **scenes
        )
        left = {point.pk: 5 for point in reversed(points)}
        found = at_once(
            rejected(points[:4]),
            rejected(points[:7:-1]),
            *(services.zones_apply for _time in range(3)),
            lambda run=run, left=left: services.points_found(by=BY, run=run, patches=[], left=left).gone,
            lambda: services.points_reorder(by=BY),
        )
        assert found[:2] == [[""] * 4] * 2
        services.zones_apply()
        assert not services.zones_wait()
        # One after the other makes two, the first within the second: one when somebody rejects in both.
        assert max(zone.rejections for zone in SuppressionZone.objects.all()) == 8 * (turn + 1)
        waiting = ChangePoint.objects.filter(pk__in=[point.pk for point in points[4:8]])
        for point in waiting:
            assert {"suppressed", "gone"} <= {one["code"] for one in point.why}


def test_who_switches_a_zone_off_takes_nothing_back_that_was_learnt_meanwhile(monkeypatch):
    reason = make.reason("season", is_lasting=True)
    for reject in map(rejected, [[point] for point in row(3)]):
        reject()
    fourth = rejected(row(1))
    admin, zone = people.user(Role.ADMIN), SuppressionZone.objects.get()
    client = Client()
    client.force_login(admin, "accounts.backends.Backend")
    save = SuppressionZoneAdmin.save_model

    def later(self, request, obj, form, change):
        at_once(fourth)
        save(self, request, obj, form, change)

    monkeypatch.setattr(SuppressionZoneAdmin, "save_model", later)
    client.post(f"/admin/imagery/suppressionzone/{zone.pk}/change/", {})
    now = SuppressionZone.objects.get(reason=reason)
    assert (now.rejections, now.is_active) == (4, False)


def test_what_is_decided_meanwhile_keeps_the_reasons_that_were_read():
    """The verdict is being written while the queue is put into order."""
    [point] = row(1)
    services.points_reorder(by=BY)
    ChangePoint.objects.filter(pk=point.pk).update(priority=0.123, why=[])
    began, wait = threading.Event(), threading.Event()

    def decide():
        with transaction.atomic():
            rejected([point])()
            began.set()
            wait.wait(10)

    def order():
        began.wait(10)
        threading.Timer(0.5, wait.set).start()
        return services.points_reorder(by=BY)

    make.reason("season")
    assert at_once(decide, order)[1] == 0
    now = ChangePoint.objects.get(pk=point.pk)
    assert (now.state, now.priority, now.why) == ("rejected", 0.123, [])
