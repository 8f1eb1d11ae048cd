"""Claims: one lease a person, never two people at one point, and nobody waits."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.contrib.gis.geos import Point
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from imagery import services
from imagery.models import ChangePoint, Scene
from imagery.selectors.facts import point_facts
from imagery.selectors.queue import QueueFilter, queue_counts, queue_filter
from kernel import clock
from kernel.errors import Conflict
from kernel.geo import LonLat
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.conftest import NOW, claim

pytestmark = pytest.mark.django_db

FAR = "990521004001"


def test_a_point_whose_scene_was_withdrawn_is_nobodys_until_it_is_in_use_again():
    by, point = make.who(), make.point()
    for scene in (point.run.before, point.run.after):
        for status, given in (("withdrawn", None), ("ready", point.pk)):
            Scene.objects.filter(pk=scene.pk).update(status=status)
            told = queue_counts(by, QueueFilter())
            assert (claim(by).point, told.total, told.withheld) == (given, int(bool(given)), int(not given))
            now = ChangePoint.objects.get(pk=point.pk)
            facts = point_facts(by, now, clock.now())
            assert (facts.has_scenes, services.chips_wait()) == (given is not None, given is not None), "asked alike"
            if given:
                assert services.point_claim(by=by, point_id=point.pk).point == point.pk
                continue
            with pytest.raises(Conflict, match="影像已停用，恢复后再看") as refused:
                services.point_claim(by=by, point_id=point.pk)
            assert refused.value.code == "no_scenes", "by its name no more than as the next one"


def test_a_point_that_was_set_aside_until_yesterday_is_as_the_others():
    by, point = make.who(), make.point(flag="unsure", flag_until=clock.today() - dt.timedelta(days=1))
    rest = queue_filter({"flag": "!unsure"})
    assert (queue_counts(by, rest).total, claim(by, asked=rest).point) == (1, point.pk)


def test_order_filters_and_leases():
    by, rival = make.who(), make.who()
    low, high = make.point(priority=0.1), make.point(priority=0.9, kind="water", project="projects:1")
    far = make.point(FAR, priority=0.5)
    found = claim(by)
    assert (found.point, found.ahead) == (high.pk, (far.pk, low.pk))
    assert claim(rival).point == far.pk, "the next one, without waiting"
    assert claim(by, skip=[high.pk]).point == low.pk
    assert claim(rival).point == high.pk, "what is taken next frees what was held"
    services.point_release(by=by)
    services.point_release(by=rival)
    for given, expected in (
        ({"kind": "water"}, high),
        ({"kind": "!water"}, far),
        ({"project": "!yes", "place": "990521003"}, low),
        ({"place": "!990521003"}, far),
        ({"min_score": "0.95"}, None),
    ):
        assert claim(by, asked=queue_filter(given)).point == (expected and expected.pk), given
    assert claim(by, near=places.lonlat(FAR)).point == far.pk
    with pytest.raises(Conflict, match="别人"):
        services.point_claim(by=rival, point_id=far.pk)
    later = dt.datetime.fromisoformat(NOW) + dt.timedelta(minutes=9)
    with clock.freeze(later, everywhere=True):
        services.point_claim(by=by, point_id=far.pk)  # a sign of life
    with clock.freeze(later + dt.timedelta(minutes=9), everywhere=True):
        assert claim(rival, near=places.lonlat(FAR)).point in (low.pk, high.pk)
    with clock.freeze(later + dt.timedelta(minutes=10), everywhere=True):
        assert claim(rival, near=places.lonlat(FAR)).point == far.pk, "a lost lease is anybody's"
    assert ChangePoint.objects.exclude(claimed_by=None).count() == 1


def rounds(threads: int, times: int, near: LonLat | None = None) -> list[list[int | None]]:
    """All claim at the same moment, and again when all have theirs; what each round gave to whom."""
    people, found, broken = [make.who() for _ in range(threads)], [[] for _ in range(times)], []
    together = threading.Barrier(threads)

    def run(by):
        try:
            for number in range(times):
                together.wait(60)
                found[number].append(claim(by, near=near).point)
        except BaseException as error:
            together.abort()
            broken.append(error)
        finally:
            connections.close_all()

    working = [threading.Thread(target=run, args=(by,)) for by in people]
    for one in working:
        one.start()
    for one in working:
        one.join(600)
    assert broken == []
    return found


def many(points: int) -> None:
    """Points in a row to the east, 30 m apart, the urgent ones first."""
    pattern = make.point()
    rows = []
    for number in range(1, points):
        row = ChangePoint.objects.none().model(**{f.attname: getattr(pattern, f.attname) for f in pattern._meta.fields})
        row.pk, row.number, row.priority = None, 100_000 + number, 1 / number
        row.center = Point(pattern.center.x + number * 0.0003, pattern.center.y, srid=4326)
        rows.append(row)
    ChangePoint.objects.bulk_create(rows, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE imagery_changepoint")


def eastwards() -> list[int]:
    rows = ChangePoint.objects.values_list("center", "pk")
    return [pk for _center, pk in sorted(rows, key=lambda row: row[0].x)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("near", (None, places.lonlat(make.VILLAGE)), ids=("urgent", "near"))
@pytest.mark.parametrize("points, threads, times", [(400, 8, 6), pytest.param(5927, 16, 500, marks=pytest.mark.long)])
def test_nobody_claims_what_another_holds(points, threads, times, near):
    many(points)
    found = rounds(threads, times, near)
    assert [len(set(one)) for one in found] == [threads] * times, "a point twice in a round was claimed twice"
    assert None not in found[-1]
    assert ChangePoint.objects.exclude(claimed_by=None).count() == threads


@pytest.mark.django_db(transaction=True)
def test_the_nearest_is_found_by_the_index_and_is_the_nearest():
    many(400)
    by, here = make.who(), places.lonlat(make.VILLAGE)
    with CaptureQueriesContext(connection) as asked:
        found = claim(by, near=here)
    assert [found.point, *found.ahead] == eastwards()[:4]
    looked = next(one["sql"] for one in asked if "<->" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {looked}")
        assert "point_near" in str(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("near", (None, places.lonlat(make.VILLAGE)), ids=("urgent", "near"))
def test_what_is_being_written_is_passed_over(near):
    many(400)
    taken, by = eastwards()[:120], make.who()
    ChangePoint.objects.filter(pk=taken[0]).update(priority=2)
    is_locked, is_over = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            list(ChangePoint.objects.select_for_update().filter(pk__in=taken))
            is_locked.set()
            is_over.wait(60)
        connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert is_locked.wait(60)
        found = claim(by, near=near)
    finally:
        is_over.set()
        other.join(60)
    assert [found.point, *found.ahead] == eastwards()[120:124]
