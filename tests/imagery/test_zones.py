"""Zones of false alarms: learnt from verdicts, applied to what waits, switched off by an administrator."""

from __future__ import annotations

import re

import pytest
from django.contrib.gis.geos import Polygon
from django.db import transaction
from django.test import Client

from imagery import services
from imagery.models import ChangePoint, Scene, SuppressionZone
from imagery.states.priority import MOST, SUPPRESSED
from kernel.viewer import Role, Viewer
from records.models import AuditEvent
from records.services import audit_write
from tests.factories import imagery as make
from tests.factories import people, places
from tests.imagery.conftest import say, undo

pytestmark = pytest.mark.django_db
ADMIN = "/admin/imagery/suppressionzone/"


def test_what_is_rejected_again_and_again_for_a_lasting_reason_becomes_a_zone():
    by, season = make.who(), make.reason("season", is_lasting=True)
    lon, lat = places.lonlat(make.VILLAGE)
    near = [make.point(lonlat=(lon + number * 0.0001, lat)) for number in range(4)]
    far = make.point(lonlat=(lon + 0.002, lat))
    for point in (near[0], near[1], far):
        say(by, point, "no_change", reason=season.code)
    say(by, near[2], "no_change")
    assert not SuppressionZone.objects.exists(), "two of one place, one far away, one for another reason"
    say(by, near[3], "no_change", reason=season.code)
    zone = SuppressionZone.objects.get()
    assert (zone.rejections, zone.is_active, zone.geom.covers(near[3].center)) == (3, True, True)
    undo(by)
    assert SuppressionZone.objects.get().rejections == 2
    SuppressionZone.objects.update(is_active=False)
    near[3].refresh_from_db()
    say(by, near[3], "no_change", reason=season.code)
    zone.refresh_from_db()
    assert (zone.rejections, zone.is_active) == (3, False), "what an administrator has switched off stays so"


def test_what_waits_where_a_zone_is_learnt_moves_back_and_when_it_is_switched_off_forward():
    by, season = make.who(), make.reason("season", is_lasting=True)
    lon, lat = places.lonlat(make.VILLAGE)
    near = [make.point(lonlat=(lon + number * 0.0001, lat)) for number in (0, 2, 4)]
    waits, far = make.point(lonlat=(lon + 0.0002, lat)), make.point(lonlat=(lon + 0.002, lat))
    services.points_reorder(by=by)
    first = [point_now(one).priority for one in (waits, far)]
    for point in near:
        say(by, point, "no_change", reason=season.code)
    assert services.zones_wait()
    assert services.zones_apply() == 1
    assert not services.zones_wait()
    assert (point_now(waits).priority < first[0], point_now(far).priority) == (True, first[1])
    assert "suppressed" in [one["code"] for one in point_now(waits).why]
    SuppressionZone.objects.update(is_active=False, is_applied=False)
    assert services.zones_apply() == 1
    assert point_now(waits).priority == first[0]


def point_now(point: ChangePoint) -> ChangePoint:
    return ChangePoint.objects.get(pk=point.pk)


def test_an_administrator_sees_where_they_are_and_switches_them_off():
    season = make.reason("season", title="季节", title_en="Season", is_lasting=True)
    shape = places.square(make.VILLAGE)[0]
    named = {"geom": shape, "rejections": 4, "is_applied": True}
    zone = SuppressionZone.objects.create(county=places.village(make.VILLAGE).county, reason=season, **named)
    other = SuppressionZone.objects.create(county=places.county("330521"), reason=season, **named)
    admin = Client()
    admin.force_login(people.user(Role.ADMIN), "accounts.backends.Backend")
    listed = admin.get(ADMIN).content.decode()
    assert zone.reason.title in listed
    assert places.village(make.VILLAGE).name in listed
    for page in (ADMIN, f"{ADMIN}{zone.pk}/change/"):
        english = admin.get(page, headers={"Accept-Language": "en"}).content.decode()
        assert (season.title_en in english, season.title in english, "object (" in english) == (True, False, False)
    assert f"{ADMIN}{other.pk}/" not in listed
    assert admin.post(f"{ADMIN}{other.pk}/change/", {}).status_code == 302, "not theirs: back to the list"
    assert admin.get(f"{ADMIN}{zone.pk}/change/").status_code == 200
    assert admin.post(f"{ADMIN}{zone.pk}/change/", {}).status_code == 302
    zone.refresh_from_db()
    assert (zone.is_active, zone.is_applied, zone.rejections) == (False, False, 4)
    assert AuditEvent.objects.filter(action="suppressionzone.update", object_id=str(zone.pk)).exists()
    assert admin.get(f"{ADMIN}add/").status_code == 403
    assert admin.post(f"{ADMIN}{zone.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_reason_that_does_not_last_any_more_puts_nothing_last():
    by, season = make.who(), make.reason("season", title="季节", is_lasting=True)
    *near, waits = row(0, 1, 2, 1)
    for point in near:
        say(by, point, "no_change", reason=season.code)
    services.zones_apply()
    assert "suppressed" in codes(waits)
    admin = Client()
    admin.force_login(people.user(Role.ADMIN), "accounts.backends.Backend")
    form = {"county": season.county_id, "code": season.code, "title": season.title, "order": 1, "is_active": "on"}
    for lasting, last in (({}, False), ({"is_lasting": "on"}, True)):
        assert admin.post(f"/admin/imagery/rejectreason/{season.pk}/change/", form | lasting).status_code == 302
        assert services.zones_apply() == 1
        assert ("suppressed" in codes(waits)) is last


def test_an_administrator_withdraws_a_scene_and_changes_nothing_that_was_compared():
    admin, scene, other = Client(), make.scene(), make.scene(county="330521")
    admin.force_login(people.user(Role.ADMIN), "accounts.backends.Backend")
    page = f"/admin/imagery/scene/{scene.pk}/"
    form = {"title": "九月", "sensor": "", "licence": "CC BY 4.0", "status": "withdrawn", "acquired_at": "2020-01-01"}
    assert admin.post(f"{page}change/", form).status_code == 302
    refused = admin.post(f"{page}change/", form | {"cloud": "140", "status": "ready"}).content.decode()
    assert "100" in refused
    assert "scene_cloud_percent" not in refused
    assert scene.sha256
    assert scene.sha256 in refused, "what a scene is can be read"
    taken = scene.acquired_at
    scene.refresh_from_db()
    assert (scene.title, scene.status, scene.licence, scene.acquired_at) == ("九月", "withdrawn", "CC BY 4.0", taken)
    assert AuditEvent.objects.filter(action="scene.update", object_id=str(scene.pk)).exists()
    assert admin.post(f"/admin/imagery/scene/{other.pk}/change/", form).status_code == 302
    other.refresh_from_db()
    assert other.status == "ready"
    for way in ("/admin/imagery/scene/add/", f"{page}delete/"):
        assert admin.get(way).status_code == 403


def row(*steps: int) -> list[ChangePoint]:
    """Points in a row, so many times 10 m from the middle of the village."""
    lon, lat = places.lonlat(make.VILLAGE)
    return [make.point(lonlat=(lon + step * 0.0001, lat)) for step in steps]


def test_verdicts_that_are_taken_back_are_taken_from_every_zone_that_they_taught():
    by, season = make.who(), make.reason("season", is_lasting=True)
    *near, beyond, waits = row(0, 1, 2, 4, 1)
    said = [say(by, point, "no_change", reason=season.code) for point in (*near, beyond)]
    for one in reversed(said[1:]):
        undo(by, review_id=one.pk)
    assert {zone.rejections for zone in SuppressionZone.objects.all()} == {1}
    services.zones_apply()
    assert "suppressed" not in codes(waits)


def codes(point: ChangePoint) -> list[str]:
    return [one["code"] for one in point_now(point).why]


def test_where_a_zone_is_switched_off_no_other_one_of_the_reason_counts():
    by, season = make.who(), make.reason("season", is_lasting=True)
    *near, beyond, waits = row(0, 1, 2, 4, 1)
    for point in near:
        say(by, point, "no_change", reason=season.code)
    SuppressionZone.objects.update(is_active=False)
    say(by, beyond, "no_change", reason=season.code)
    services.zones_apply()
    assert "suppressed" not in codes(waits), "what an administrator has switched off stays so"


def test_what_lies_no_longer_in_a_zone_that_has_shrunk_moves_forward():
    by, season = make.who(), make.reason("season", is_lasting=True)
    *near, long, waits = row(0, 1, 2, 3, 30)
    west, south, _east, north = long.geom.extent
    once = make.reason("shift", title="错位")  # lasts no more: it holds nobody back
    SuppressionZone.objects.create(county_id=by.county, reason=once, geom=waits.geom, rejections=9, is_applied=True)
    ChangePoint.objects.filter(pk=long.pk).update(geom=Polygon.from_bbox((west, south, west + 0.004, north)))
    for point in (*near, long):
        say(by, point, "no_change", reason=season.code)
        services.zones_apply()
    assert "suppressed" in codes(waits)
    undo(by)
    services.zones_apply()
    assert "suppressed" not in codes(waits)


@pytest.mark.parametrize("is_active", [True, False])
def test_zones_that_overlap_push_down_once_and_become_one_when_somebody_rejects_in_both(is_active):
    by, season = make.who(), make.reason("season", title="季节", is_lasting=True)
    *near, beyond, between, waits = row(0, 1, 2, 4, 1, 1)
    services.points_reorder(by=by)
    high = point_now(waits).priority
    for point in (*near, beyond):
        say(by, point, "no_change", reason=season.code)
    services.zones_apply()
    assert SuppressionZone.objects.filter(geom__covers=waits.center).count() == 2
    assert codes(waits).count("suppressed") == 1
    assert point_now(waits).priority == pytest.approx(high + SUPPRESSED / MOST, abs=0.002)
    SuppressionZone.objects.filter(pk=SuppressionZone.objects.last().pk).update(is_active=is_active)
    say(by, between, "no_change", reason=season.code)
    zone = SuppressionZone.objects.get()
    assert (zone.rejections, zone.is_active, zone.geom.covers(beyond.center)) == (5, is_active, True)
    services.zones_apply()
    assert ("suppressed" in codes(waits)) is is_active


def test_where_a_zone_is_switched_off_what_lies_beyond_it_and_says_so_moves_forward():
    """The same zones count for the order as for what has to be put into order again."""
    by, season = make.who(), make.reason("season", title="季节", is_lasting=True)
    [waits] = row(1)
    ground = {"county_id": by.county, "reason": season, "rejections": 3}
    SuppressionZone.objects.create(geom=waits.geom.envelope, is_applied=True, **ground)
    services.points_reorder(by=by)
    assert "suppressed" in codes(waits)
    SuppressionZone.objects.create(geom=waits.geom.envelope, is_active=False, is_applied=True, **ground)
    elsewhere = row(30)[0]
    SuppressionZone.objects.create(geom=elsewhere.geom.envelope, **ground)
    services.zones_apply()
    assert ("suppressed" in codes(waits), "suppressed" in codes(elsewhere)) == (False, True)


@pytest.mark.parametrize("by", ["user", "command", ""])
def test_an_administrator_reads_who_brought_a_scene_and_when(by):
    """The command line has no user: the audit knows what did it."""
    admin, scene, user = Client(), make.scene(), people.user(Role.OFFICIAL)
    at = "2026-03-08T04:05:06Z"
    Scene.objects.update(acquired_at=at, added_at=at, added_by=user if by == "user" else None)
    if by == "command":
        with transaction.atomic():
            audit_write(by=Viewer(county=scene.county_id, label="scene_add"), action="scene.add", obj=scene)
            audit_write(by=Viewer(county=scene.county_id, label="later"), action="scene.restore", obj=scene)
    admin.force_login(people.user(Role.ADMIN), "accounts.backends.Backend")
    page = admin.get(f"/admin/imagery/scene/{scene.pk}/change/", headers={"accept-language": "zh"}).content.decode()
    who = {"user": str(user), "command": "scene_add", "": "–"}[by]
    rows = re.findall(r'field-(acquired_at|brought_\w+)".*?<div class="readonly">(.*?)</div>', page, re.DOTALL)
    taken = dict(rows)["acquired_at"]
    assert "12:05" in taken, "the county's time"
    assert dict(rows) == {"acquired_at": taken, "brought_by": who, "brought_at": taken}
    english = admin.get(f"/admin/imagery/scene/{scene.pk}/change/", headers={"accept-language": "en"}).content.decode()
    assert "Added by" in english
    assert "Change Scene" in english
