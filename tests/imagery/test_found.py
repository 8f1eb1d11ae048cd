"""Patches of a run become points: placed, ordered, and never twice."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.utils import translation

from imagery import services
from imagery.models import ChangePoint, ChangeRun, RedLine, Scene, Sighting, SuppressionZone
from imagery.selectors.cards import point_cards
from imagery.selectors.queue import queue_filter, queue_rows
from imagery.selectors.why import WORDS, why_lines
from imagery.services import FoundPatch, points_found, run_finished
from imagery.states import Gone, PriorityFacts, State, Zone, priority
from imagery.states.priority import GONE, MOST
from kernel.viewer import Viewer
from records.models import HistoryEvent
from records.selectors import history_findings
from tests.factories import imagery as make
from tests.factories import places, projects
from tests.imagery.conftest import say

BY = Viewer(county=places.COUNTY, label="change_detect")
DAY = dt.date(2026, 6, 1)
STEP = 0.0001
"""Degrees; about 10 m."""


def box(east: float = 0, north: float = 0, size: float = 4, place: str = make.VILLAGE) -> Polygon:
    """A square of ``size`` steps, so many steps from the middle of a village."""
    lon, lat = places.lonlat(place)
    west, south = lon + east * STEP, lat + north * STEP
    outline = Polygon.from_bbox((west, south, west + size * STEP, south + size * STEP))
    outline.srid = 4326
    return outline


def patch(*at: float, score: float = 0.5, **fields: float) -> FoundPatch:
    return FoundPatch(box(*at, **fields), "building", score, {"ndvi": -0.2})


def run(before: str = "2025-09-11", after: str = "2026-03-08") -> ChangeRun:
    scenes = {"before": make.scene(before), "after": make.scene(after)}
    named = {"county_id": places.COUNTY, "detector": "fusion", "params_hash": f"{before}{after}", **scenes}
    return ChangeRun.objects.create(**named)


@pytest.mark.django_db
class TestFound:
    """One county, a village in it."""

    @pytest.fixture(autouse=True)
    def _village(self) -> None:
        places.village(make.VILLAGE)

    def test_a_patch_is_numbered_placed_measured_and_queued(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(30):
            found = points_found(by=BY, run=run(), patches=[patch(), patch(20, score=0.9)])
        first, second = ChangePoint.objects.filter(pk__in=found.added).order_by("number")
        assert (first.number, second.number, second.state) == (1, 2, State.QUEUED)
        assert first.village_id == make.VILLAGE
        assert first.area_m2 == pytest.approx(38.4 * 44.3, rel=0.01), "four steps each way at 30.6° N"
        assert first.geom.contains(first.center)
        assert second.priority > first.priority
        assert [one["percent"] for one in second.why if one["code"] == "strength"] == [50]
        with translation.override("zh-hans"):
            assert "不在任何批准项目范围内" in [one.text for one in why_lines(first.why)]

    @pytest.mark.parametrize("cloud, said", [(None, ": compared as they lie"), (12.4, ", 12% cloud")])
    def test_points_of_a_pair_whose_shift_nobody_can_tell_say_so(self, cloud, said):
        compared = run()
        Scene.objects.filter(pk=compared.before_id).update(cloud=cloud)
        compared.before.refresh_from_db()
        found = run_finished(by=BY, run=compared, patches=[patch()], left={}, shift=None, peak_mb=lambda: 1.0)
        with translation.override("en"):
            [told] = [one for one in point_cards(make.who(), found.added)[0].why if one.code == "unmatched"]
        assert (told.weight, said in told.text) == ("note", True), told

    def test_many_are_written_known_and_gone_in_no_more_queries_than_some(self, django_assert_max_num_queries):
        """Each with its history; 110,000 of a noisy pair once took nine minutes, five queries each."""
        many = [patch(5 * (n % 10) - 25, 5 * (n // 10)) for n in range(60)]
        with django_assert_max_num_queries(30):
            keys = points_found(by=BY, run=run(), patches=many).added
        points = list(ChangePoint.objects.order_by("pk"))
        assert [point.number for point in points] == list(range(1, 61))
        assert {(point.pk, point.version, point.state) for point in points} == {(key, 2, "queued") for key in keys}
        steps = HistoryEvent.objects.filter(object_type="imagery.changepoint")
        assert {int(step.object_id) for step in steps} == set(keys)
        told = {(one.seq, one.move, one.part, one.state_from, one.state_to, one.data["run"]) for one in steps}
        assert told == {(1, "queue", "system", "detected", "queued", points[0].run_id)}
        assert list(history_findings("imagery.changepoint")) == []
        with django_assert_max_num_queries(30):
            later = points_found(by=BY, run=run(after="2026-06-01"), patches=many)
        assert later.again == keys
        with django_assert_max_num_queries(50):
            left = {key: n % 20 for n, key in enumerate(keys)}
            assert points_found(by=BY, run=run(after="2026-07-01"), patches=[], left=left).gone == keys
        assert dict(ChangePoint.objects.values_list("pk", "gone_percent")) == left
        assert all({"persists", "gone"} <= {one["code"] for one in point.why} for point in ChangePoint.objects.all())

    def test_outside_of_every_village_it_is_the_countys(self):
        found = points_found(by=BY, run=run(), patches=[patch(3000)])
        assert ChangePoint.objects.get(pk=found.added[0]).village is None

    def test_the_same_run_again_adds_nothing(self):
        again, patches = run(), [patch(), patch(20), patch(40)]
        first = points_found(by=BY, run=again, patches=patches)
        second = points_found(by=BY, run=again, patches=patches)
        assert len(first.added) == 3
        assert (second.added, second.again) == ((), first.added)
        assert Sighting.objects.count() == 0, "the run has not seen them twice"

    def test_near_patches_of_one_run_are_points_each(self):
        found = points_found(by=BY, run=run(), patches=[patch(), patch(5)])
        assert len(found.added) == 2

    @pytest.mark.parametrize(
        ("at", "known"), [((1.9, 0), True), ((5.5, 0), True), ((6.5, 0), False), ((0, 0, 8), False)]
    )
    def test_a_later_run_links_what_overlaps_or_lies_within_twenty_metres(self, at, known):
        points_found(by=BY, run=run(), patches=[patch()])
        later = points_found(by=BY, run=run(after="2026-06-01"), patches=[patch(*at)])
        touches = at == (0, 0, 8)  # four times as large: IoU a quarter, but nearer than 20 m
        assert bool(later.again) is (known or touches)

    def test_the_next_scene_links_what_was_planted_and_nothing_farther_than_fifty_metres(self):
        """60 patches of 20–60 m as two scenes see them: shifted, swollen, shrunk; each with another one near by."""
        draw = np.random.default_rng(6)
        spots = [(14 * (n % 10) - 70, 14 * (n // 10) - 40) for n in range(60)]
        sizes = draw.uniform(2, 6, 60)
        first = [patch(*at, size=size) for at, size in zip(spots, sizes, strict=True)]
        keys = points_found(by=BY, run=run(), patches=first).added
        again = [
            patch(*(np.array(at) + draw.normal(0, 0.5, 2)), size=size * draw.uniform(0.75, 1.3))
            for at, size in zip(spots, sizes, strict=True)
        ]
        fresh = [patch(14 * n - 70, 60, size=3) for n in range(10)]
        later = points_found(by=BY, run=run(after="2026-06-01"), patches=[*again, *fresh])
        assert len(later.again) >= 0.95 * len(keys)
        assert len(later.added) >= len(fresh), "what was not there before is no old point"
        far = """SELECT max(ST_Distance(seen.geom::geography, point.geom::geography))
            FROM imagery_sighting AS seen JOIN imagery_changepoint AS point ON point.id = seen.point_id"""
        with connection.cursor() as cursor:
            cursor.execute(far)
            assert cursor.fetchone()[0] <= 50
        seen = {sighting.point_id: sighting.geom for sighting in Sighting.objects.all()}
        right = [seen[key].equals_exact(one.outline, 1e-9) for key, one in zip(keys, again, strict=True) if key in seen]
        assert sum(right) >= 0.95 * len(keys), "each to its own, not to the neighbour"

    def test_what_somebody_called_a_duplicate_comes_as_no_new_point(self):
        """Farther from its original than a patch may lie from a point: it would come again with each run."""
        keys = points_found(by=BY, run=run(), patches=[patch(), patch(12)]).added
        ChangePoint.objects.filter(pk=keys[1]).update(state="duplicate", duplicate_of=keys[0])
        later = points_found(by=BY, run=run(after="2026-06-01"), patches=[patch(), patch(12)])
        assert (later.added, later.again) == ((), keys)
        between = points_found(by=BY, run=run(after="2026-06-02"), patches=[patch(5)])
        assert between.again == keys[:1], "an original goes before a duplicate"

    def test_what_is_seen_again_moves_forward_once(self):
        key = points_found(by=BY, run=run(), patches=[patch()]).added[0]
        before = ChangePoint.objects.get(pk=key)
        for _time in range(2):
            points_found(by=BY, run=ChangeRun.objects.get_or_create(
                county_id=places.COUNTY, params_hash="later", before=make.scene("2025-09-11"),
                after=make.scene("2026-06-01"), detector="fusion")[0], patches=[patch(1)])  # fmt: skip
        point = ChangePoint.objects.get(pk=key)
        assert point.priority == pytest.approx(before.priority + 0.1 / MOST, abs=0.001)
        assert point.why[0] == {"code": "persists", "weight": "up", "scenes": 2, "on": "2026-06-01"}
        assert point.version == before.version, "nobody's verdict is a lost race for it"

    def test_another_detector_on_the_same_scenes_is_no_later_scene(self):
        key = points_found(by=BY, run=run(), patches=[patch()]).added[0]
        before = ChangePoint.objects.get(pk=key)
        irmad = ChangeRun.objects.create(
            county_id=places.COUNTY, params_hash="irmad", detector="irmad",
            before=make.scene("2025-09-11"), after=make.scene("2026-03-08"),
        )  # fmt: skip
        assert points_found(by=BY, run=irmad, patches=[patch()]).again == (key,)
        point = ChangePoint.objects.get(pk=key)
        assert (point.priority, point.why) == (before.priority, before.why)

    def test_one_picture_that_was_added_twice_is_one_scene(self):
        """With another mask of clouds it is another file, of the same moment."""
        [key] = points_found(by=BY, run=run(), patches=[patch()]).added
        before = ChangePoint.objects.get(pk=key)
        masked = make.scene("2026-03-09", acquired_at=make.at("2026-03-08"))
        scenes = {"before": make.scene("2025-09-11"), "after": masked}
        again = ChangeRun.objects.create(county_id=places.COUNTY, params_hash="masked", detector="fusion", **scenes)
        assert points_found(by=BY, run=again, patches=[patch()]).again == (key,)
        point = ChangePoint.objects.get(pk=key)
        assert (point.priority, point.why) == (before.priority, before.why)
        for day in ("2026-06-01", "2026-06-02"):
            make.scene(day, acquired_at=make.at("2026-06-01"))
            points_found(by=BY, run=run(after=day), patches=[patch()])
        told = ChangePoint.objects.get(pk=key).why[0]
        assert (told["code"], told["scenes"], told["on"]) == ("persists", 2, "2026-06-01")

    def test_what_a_later_scene_hardly_shows_any_more_moves_back_until_one_shows_it(self):
        keys = points_found(by=BY, run=run(), patches=[patch(15 * at) for at in range(3)]).added
        was = ChangePoint.objects.get(pk=keys[0])
        ChangePoint.objects.filter(pk=keys[2]).update(state="confirmed")
        later = points_found(
            by=BY, run=run(after="2026-06-01"), patches=[], left=dict(zip(keys, (12, 60, 1), strict=True))
        )
        assert later.gone == keys[:1], "60 % is no little, and what is confirmed does not wait"
        gone, there, confirmed = ChangePoint.objects.filter(pk__in=keys).order_by("pk")
        assert gone.priority == pytest.approx(was.priority + GONE / MOST, abs=0.001)
        assert {"code": "gone", "weight": "down", "percent": 12, "on": "2026-06-01"} in gone.why
        assert (there.gone_on, confirmed.gone_on, gone.version) == (None, None, was.version)
        asked = queue_rows(make.who(), queue_filter({"gone": "yes"}))
        assert [one.pk for one in asked] == [gone.pk]

        points_found(by=BY, run=run(after="2026-05-01"), patches=[patch()])
        assert ChangePoint.objects.get(pk=keys[0]).gone_on is not None, "that is an earlier scene"
        points_found(by=BY, run=run(after="2026-06-20"), patches=[patch()])
        back = ChangePoint.objects.get(pk=keys[0])
        assert (back.gone_on, [one["code"] for one in back.why if one["weight"] != "note"]) == (None, ["persists"])
        assert back.why[0]["on"] == "2026-06-20"
        late = points_found(by=BY, run=run(after="2026-06-10"), patches=[], left={keys[0]: 3})
        assert late.gone == (), "a still later scene has shown it"

    def test_what_another_detector_finds_in_the_same_scene_is_not_gone_whichever_came_first(self):
        keys = points_found(by=BY, run=run(), patches=[patch(), patch(15)]).added
        fusion = run(after="2026-06-01")
        scenes = {"before": fusion.before, "after": fusion.after}
        other = ChangeRun.objects.create(county_id=places.COUNTY, detector="irmad", params_hash="other", **scenes)
        points_found(by=BY, run=other, patches=[patch()])
        assert points_found(by=BY, run=fusion, patches=[], left=dict.fromkeys(keys, 9)).gone == keys[1:]
        points_found(by=BY, run=other, patches=[patch(15)])
        assert not ChangePoint.objects.exclude(gone_on=None).exists()

    def test_what_a_still_later_scene_shows_in_part_is_not_gone(self):
        [key] = points_found(by=BY, run=run(), patches=[patch()]).added
        was = ChangePoint.objects.get(pk=key)
        for day, percent, is_gone in (("2026-06-01", 9, True), ("2026-05-01", 80, True), ("2026-06-20", 80, False)):
            points_found(by=BY, run=run(after=day), patches=[], left={key: percent})
            assert (ChangePoint.objects.get(pk=key).gone_on is not None) is is_gone
        assert (point := ChangePoint.objects.get(pk=key)).gone_percent is None
        assert (point.priority, point.why) == (was.priority, was.why)

    def test_the_latest_scene_that_shows_it_may_be_its_own(self):
        """Scenes between are often compared last."""
        [key] = points_found(by=BY, run=run(after="2026-06-01"), patches=[patch()]).added
        points_found(by=BY, run=run(after="2026-03-08"), patches=[patch()])
        told = ChangePoint.objects.get(pk=key).why[0]
        assert (told["code"], told["scenes"], told["on"]) == ("persists", 2, "2026-06-01")

    def test_what_changes_after_the_point_is_another_point(self):
        points_found(by=BY, run=run(), patches=[patch()])
        later = points_found(by=BY, run=run("2026-03-08", "2026-06-01"), patches=[patch()])
        assert len(later.added) == 1

    def test_what_changed_later_is_another_point(self):
        """Older scenes are compared when they come: what changed long after them is not what they show."""
        points_found(by=BY, run=run("2026-03-08", "2026-06-01"), patches=[patch()])
        earlier = points_found(by=BY, run=run("2025-03-01", "2025-09-11"), patches=[patch()])
        assert len(earlier.added) == 1
        between = points_found(by=BY, run=run("2025-09-11", "2026-04-20"), patches=[patch()])
        assert between.again, "half of the time is common"

    def test_a_neighbour_within_twenty_metres_is_not_taken_for_the_point(self):
        """Both are the point by the rule; what it looks like now is told by the patch that covers it."""
        key = points_found(by=BY, run=run(), patches=[patch(score=0.5)]).added[0]
        for day, patches in (
            ("2026-06-01", [patch(score=0.6), patch(5)]),
            ("2026-06-02", [patch(5), patch(score=0.6)]),
        ):
            later = points_found(by=BY, run=run(after=day), patches=patches)
            assert (later.added, later.again) == ((), (key,))
            assert Sighting.objects.get(run__after__key=f"demo-{day}").score == 0.6

    def test_whoever_looks_at_a_point_keeps_it_when_it_is_seen_again(self):
        """Nor does anything change that somebody has said of it."""
        first, patches = run(), [patch(15 * at) for at in range(5)]
        keys = points_found(by=BY, run=first, patches=patches).added
        by, other = make.who(), make.who()
        points = {key: ChangePoint.objects.get(pk=key) for key in keys}
        say(by, points[keys[0]], "no_change")
        services.group_make(by=by, point_ids=keys[1:3], title="1")
        services.point_claim(by=by, point_id=keys[3])
        services.point_claim(by=other, point_id=keys[4])
        services.point_move(by=other, point_id=keys[4], move="duplicate", original=keys[3])
        kept = ("state", "version", "claimed_by", "claim_until", "group", "duplicate_of", "number")
        before = list(ChangePoint.objects.values_list(*kept))
        later = points_found(by=BY, run=run(after="2026-06-01"), patches=patches)
        assert (later.added, later.again) == ((), keys)
        assert list(ChangePoint.objects.values_list(*kept)) == before
        assert points_found(by=BY, run=first, patches=patches).added == ()

    def test_red_lines_projects_and_zones_of_false_alarms(self):
        county = places.county()
        line = MultiPolygon(box(-2, -2, 4), srid=4326)
        RedLine.objects.create(county=county, kind=RedLine.Kind.FARMLAND, geom=line)
        works = projects.project(geom=box(60).centroid, is_published=False, name_en="Village road")
        zone = {"county": county, "reason": make.reason(is_lasting=True)}
        SuppressionZone.objects.create(**zone, geom=box(100, 0, 8), rejections=3)
        SuppressionZone.objects.create(**zone, geom=box(140, 0, 8), rejections=9, is_active=False)
        SuppressionZone.objects.create(**zone, geom=box(180, 0, 8), rejections=2)
        patches = [patch(), patch(60), patch(101, 1), patch(141, 1), patch(181, 1)]
        points = [ChangePoint.objects.get(pk=key) for key in points_found(by=BY, run=run(), patches=patches).added]
        codes = [[one["code"] for one in point.why] for point in points]
        assert points[0].redline_m2 == pytest.approx(points[0].area_m2 / 4, rel=0.02)
        assert codes[0][0] == "redline"
        assert points[1].project == f"projects:{works.pk}"
        assert [("suppressed" in one) for one in codes] == [False, False, True, False, False]
        with translation.override("zh-hans"):
            assert "这里 3 次判为“看不出变化”" in [one.text for one in why_lines(points[2].why)]
        with translation.override("en"):
            assert "Said to be “No change to be seen” here 3 times" in [one.text for one in why_lines(points[2].why)]
            assert "“Village road”" in " ".join(one.text for one in why_lines(points[1].why))
        assert points[0].priority > 0.5 > points[1].priority > points[2].priority

    def test_of_another_county_nothing_counts(self):
        points_found(by=BY, run=run(), patches=[patch()])
        ChangePoint.objects.update(county=places.county("330521"))
        assert len(points_found(by=BY, run=run(after="2026-06-01"), patches=[patch()]).added) == 1


def test_a_priority_stays_between_nought_and_one_and_each_reason_has_words():
    top, high = priority(PriorityFacts(1.0, 0.01, redline_m2=900, redline="farmland", shift_px=0.3, cloud=2))
    low, down = priority(
        PriorityFacts(
            0.9, project="p", project_name="p", water=0.9, zone=Zone(3, "p", "p"), cloud=40, tolerant=0.1,
            urban=0.6, learnt=0.2, scenes=2, seen_on=DAY, gone=Gone(9, DAY),
        )
    )  # fmt: skip
    assert (top, low) == (round(1.3 / MOST, 3), 0.0)
    assert {one["code"] for one in (*high, *down)} == set(WORDS)
    assert [one["weight"] for one in high] == ["up", "note", "note", "note"]


def test_two_further_scenes_are_the_most_that_count():
    def with_scenes(scenes: int) -> float:
        return priority(PriorityFacts(1.0, redline_m2=9, redline="farmland", scenes=scenes, seen_on=DAY))[0]

    assert with_scenes(2) == pytest.approx(1.4 / MOST, abs=0.001)
    assert with_scenes(3) == with_scenes(9) == 1.0, "all that can be said for one, and no more"
