"""What rows of before say after the migration of later scenes, and again on the way back."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from imagery.models import ChangePoint, ChangeRun, Sighting, SuppressionZone
from imagery.selectors.why import why_lines
from tests.factories import imagery as make
from tests.factories import places

pytestmark = pytest.mark.django_db
of = import_module("imagery.migrations.0009_later_scenes")
NOTE = {"code": "no_project", "weight": "note"}


def persists(**told):
    return {"code": "persists", "weight": "up", **told}


def done(*statements: str) -> None:
    with connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one)


def seen(point: ChangePoint, after: str, detector: str) -> None:
    scenes = {"before": point.run.before, "after": make.scene(after)}
    named = {"detector": detector, "params_hash": f"{after} {detector}", "county_id": places.COUNTY}
    run = ChangeRun.objects.get_or_create(**scenes, **named)[0]
    Sighting.objects.create(point=point, run=run, geom=point.geom, score=0.5)


def why(point: ChangePoint) -> list:
    return ChangePoint.objects.get(pk=point.pk).why


def test_runs_become_scenes_and_what_no_other_scene_shows_is_not_said():
    other, same, lost, between = (make.point(why=[persists(runs=runs), NOTE]) for runs in (4, 2, 2, 2))
    for after, detector in (("2026-03-08", "irmad"), ("2026-06-01", "fusion"), ("2026-06-01", "irmad")):
        seen(other, after, detector)
    seen(same, "2026-03-08", "irmad")
    seen(between, "2025-12-01", "fusion")
    done(of.PERSISTS)
    line, *rest = why(other)
    assert (line["scenes"], line["on"], rest) == (2, "2026-06-01", [NOTE])
    assert why(between)[0]["on"] == "2026-03-08", "its own scene is the latest"
    assert why(same) == why(lost) == [NOTE], "the same scene by another detector, and a run that was removed"
    assert all(why_lines(why(point)) for point in (other, same, lost))


def test_on_the_way_back_scenes_are_runs_again():
    point = make.point(why=[persists(scenes=3, on="2026-06-01"), NOTE])
    done(of.PERSISTS_BACK)
    assert why(point) == [persists(runs=3), NOTE]


def test_zones_count_before_and_after_where_enough_was_rejected():
    county, reason = places.county(), make.reason(is_lasting=True)
    rows = [(3, True), (3, False), (1, True)]
    for rejections, is_active in rows:
        named = {"rejections": rejections, "is_active": is_active, "geom": places.square(make.VILLAGE)[0]}
        SuppressionZone.objects.create(county=county, reason=reason, **named)
    zones = SuppressionZone.objects.order_by("pk").values_list("rejections", "is_active")
    done(of.ZONES)
    assert list(zones.all()) == [(3, True), (2, True), (1, True)]
    done(of.ZONES_BACK)
    assert list(zones.all()) == [(3, True), (2, False), (1, False)]
