"""Numbers of hours and days equal what the readings say; weeks come and go whole."""

from __future__ import annotations

import datetime as dt
import random
import statistics
import threading
import time
from collections import defaultdict

import pytest
from django.db import connection, connections, transaction

from devices import services, sql
from devices.models import Latest, Reading, Retention, RollupDay, RollupHour
from kernel import clock
from kernel.clock import ZONE
from tests.devices.conftest import NOW
from tests.factories import devices as make

HERE = dt.datetime.fromisoformat(NOW)
WEEK = dt.timedelta(days=7)


def recomputed(start_of):
    """What the numbers must be, from the good readings alone."""
    groups = defaultdict(list)
    for stream, ts, value in Reading.objects.filter(quality=0).order_by("ts").values_list("stream_id", "ts", "value"):
        groups[stream, start_of(ts.astimezone(ZONE))].append(value)
    return {
        key: (len(said), min(said), max(said), pytest.approx(statistics.fmean(said)), said[-1])
        for key, said in groups.items()
    }


def stored(model):
    rows = model.objects.values_list("stream_id", "start", "n", "low", "high", "mean", "last")
    return {(stream, start): tuple(numbers) for stream, start, *numbers in rows}


def hour(ts):
    return ts.replace(minute=0, second=0, microsecond=0)


def day(ts):
    return ts.replace(hour=0, minute=0, second=0, microsecond=0)


def test_the_latest_hours_and_days_equal_recomputation_after_thirty_days_of_late_and_random_readings(weeks):
    rng = random.Random(11)
    device = make.device(type=make.kind(past_s=30 * 86_400))
    streams = [make.stream(device, key=key, valid_max=0.95).pk for key in "abc"]
    services.partitions_make(HERE - dt.timedelta(days=30))
    for _ in range(4):
        make.take(
            *(
                (
                    rng.choice(streams),
                    (HERE - dt.timedelta(seconds=rng.randrange(30 * 86_400))).isoformat(),
                    rng.random(),
                )
                for _ in range(300)
            )
        )
        services.rollups_refresh()
    assert not sql.is_dirty()
    assert stored(RollupHour) == recomputed(hour)
    assert stored(RollupDay) == recomputed(day)
    newest = Reading.objects.order_by("stream_id", "-ts").distinct("stream_id")
    assert set(Latest.objects.values_list("stream_id", "ts", "value")) == set(
        newest.values_list("stream_id", "ts", "value")
    )
    assert services.rollups_refresh() == 0


@pytest.mark.django_db(transaction=True)
def test_what_comes_in_while_hours_are_counted_is_not_lost():
    """A batch that commits after the marks were taken, and before the readings are read or after, marks again."""
    services.partitions_make()
    level = make.stream()
    first = HERE - dt.timedelta(minutes=10)
    make.take((level, first.isoformat(), 1.0))
    taken, stored_too = threading.Event(), threading.Event()

    def late():
        with clock.freeze(NOW), transaction.atomic():
            make.take((level, (first + dt.timedelta(minutes=1)).isoformat(), 5.0))
            stored_too.set()
            taken.wait(30)
        connections.close_all()

    other = threading.Thread(target=late)
    other.start()
    assert stored_too.wait(30)
    services.rollups_refresh()  # the other batch is written and not committed
    taken.set()
    other.join(30)
    assert RollupHour.objects.get().n == 1
    assert sql.is_dirty()
    services.rollups_refresh()
    assert (RollupHour.objects.get().n, RollupHour.objects.get().high) == (2, 5.0)


def partition_of(ts):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM devices_reading WHERE ts = %s", [ts])
        return cursor.fetchone()[0]


def test_weeks_are_made_ahead_once_and_dropped_by_class(weeks):
    assert len(weeks) == 6 * 2 * len(Retention)  # two weeks back, this one, three ahead
    assert services.partitions_make() == []
    old = make.stream(make.device(type=make.kind(past_s=10**8)))
    kept = [make.stream(old.device, key=f"k{int(one)}", kept=int(one)) for one in Retention]
    moment = HERE - dt.timedelta(days=40)
    make.take(*((one, moment.isoformat(), 1.0) for one in kept))
    assert partition_of(moment).endswith("_rest")
    made = services.partitions_make(moment)
    assert partition_of(moment) in made
    gone = services.partitions_drop()
    assert gone
    assert {name.split("_")[-2] for name in gone} == {str(int(Retention.WEEKS))}
    left = set(Reading.objects.values_list("stream_id", flat=True))
    assert left == {one.pk for one in kept if one.pk // 500_000_000 != Retention.WEEKS}
    with clock.freeze(HERE + dt.timedelta(days=60), everywhere=True):
        services.partitions_drop()
    assert [pk // 500_000_000 for pk in Reading.objects.values_list("stream_id", flat=True)] == [Retention.YEARS]


@pytest.mark.parametrize(
    ("rows", "share"),
    [(50_000, 0.25), pytest.param(1_000_000, 0.01, marks=pytest.mark.long)],
    ids=["50,000", "1,000,000"],
)
def test_a_week_is_dropped_without_reading_it(weeks, rows, share):
    """Seconds of the drop against those of deleting the same rows; the least of three, since others work here too."""
    level = make.stream().pk
    deleting, dropping = [], []
    with connection.cursor() as cursor:
        for start in (HERE - WEEK, HERE, HERE + WEEK):
            cursor.execute(
                "INSERT INTO devices_reading (ts, value, stream_id) SELECT %s + n * interval '0.1 second', 1, %s "
                "FROM generate_series(1, %s) n",
                [start, level, rows],
            )
            name = partition_of(start + dt.timedelta(seconds=1))
            with transaction.atomic():
                deleting.append(seconds(lambda name=name: cursor.execute(f"DELETE FROM {name}")))
                assert cursor.rowcount == rows
                transaction.set_rollback(True)
            dropping.append(seconds(lambda name=name: sql.week_drop(name)))
    assert not Reading.objects.exists()
    assert min(dropping) < min(deleting) * share, (dropping, deleting)


def seconds(act):
    before = time.perf_counter()
    act()
    return time.perf_counter() - before
