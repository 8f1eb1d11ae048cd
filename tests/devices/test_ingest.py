"""One door for all readings: what is taken, what is not, and that order and repetition change nothing."""

from __future__ import annotations

import datetime as dt
import math
import random
import threading

import numpy as np
import pytest
from django.db import connection, connections

from devices import services
from devices.models import DeadLetter, Device, DirtyHour, Latest, Reading, Seen, TextReading
from devices.selectors import Speakers
from devices.telemetry.batch import batch_of
from kernel import clock
from tests.devices.conftest import NOW
from tests.factories import devices as make

pytestmark = pytest.mark.django_db

HERE = dt.datetime.fromisoformat(NOW)


def ago(**span):
    return (HERE - dt.timedelta(**span)).isoformat()


def tables():
    """What is stored, whatever the order it came in."""
    columns = {
        Reading: ("stream_id", "ts", "value", "quality"),
        Latest: ("stream_id", "device_id", "ts", "value", "text", "quality"),
        Seen: ("device_id", "at"),
    }
    found = {model.__name__: sorted(model.objects.values_list(*names)) for model, names in columns.items()}
    return found | {"dirty": sorted(set(DirtyHour.objects.values_list("stream_id", "hour")))}


def test_readings_are_kept_with_the_latest_the_hour_and_the_sign_of_life():
    level = make.stream(valid_min=0, valid_max=5)
    said = make.take((level, ago(minutes=5), 1.25), (level, ago(minutes=3), 9.0), (level, ago(minutes=4), 2))
    assert said == services.Outcome(3, 0, {})
    rows = Reading.objects.order_by("ts").values_list("value", "quality")
    assert list(rows) == [(1.25, services.GOOD), (2.0, services.GOOD), (9.0, services.OUT_OF_RANGE)]
    latest = Latest.objects.get()
    assert (latest.value, latest.ts.isoformat(), latest.device_id) == (
        9.0,
        "2026-06-30T02:17:00+00:00",
        level.device_id,
    )
    assert Seen.objects.get().at == latest.ts
    assert Device.objects.get().status == Device.Status.ONLINE
    assert set(DirtyHour.objects.values_list("hour", flat=True)) == {dt.datetime(2026, 6, 30, 2, tzinfo=dt.UTC)}


BAD = [
    ("unknown_stream", lambda level, _words: (level.pk + 1000, ago(), 1.0)),
    ("unknown_stream", lambda _level, _words: ("7", ago(), 1.0)),
    ("unknown_stream", lambda _level, _words: (2**70, ago(), 1.0)),
    ("bad_time", lambda level, _words: (level.pk, "2026-06-30T10:00:00", 1.0)),
    ("bad_time", lambda level, _words: (level.pk, True, 1.0)),
    ("bad_time", lambda level, _words: (level.pk, 2**63, 1.0)),
    ("in_future", lambda level, _words: (level.pk, "2036-06-30T10:00:00+08:00", 1.0)),
    ("in_future", lambda level, _words: (level.pk, ago(seconds=-301), 1.0)),
    ("too_old", lambda level, _words: (level.pk, ago(days=14, seconds=1), 1.0)),
    ("too_old", lambda level, _words: (level.pk, 1_782_786_000, 1.0)),  # seconds taken for milliseconds: 1970
    ("not_a_number", lambda level, _words: (level.pk, ago(), math.nan)),
    ("not_a_number", lambda level, _words: (level.pk, ago(), math.inf)),
    ("not_a_number", lambda level, _words: (level.pk, ago(), "1.5")),
    ("not_a_number", lambda level, _words: (level.pk, ago(), 10**400)),
    ("not_a_number", lambda level, _words: (level.pk, ago(), None)),
    ("not_text", lambda _level, words: (words.pk, ago(), 1.0)),
    ("not_text", lambda _level, words: (words.pk, ago(), "a\0b")),
    ("not_text", lambda _level, words: (words.pk, ago(), "长" * 201)),
]


def test_bad_rows_are_dead_letters_and_the_others_are_stored():
    level, words = make.stream(), make.stream(key="door", is_text=True, unit="")
    rows = [row(level, words) for _reason, row in BAD]
    good = [(level.pk, ago(minutes=n), float(n)) for n in range(len(rows))]
    mixed = [one for pair in zip(rows, good, strict=True) for one in pair]
    said = make.take(*mixed)
    assert said.rejected == {2 * n: reason for n, (reason, _row) in enumerate(BAD)}
    assert (said.accepted, said.duplicate) == (len(BAD), 0)
    letters = DeadLetter.objects.order_by("pk").values_list("reason", flat=True)
    assert list(letters) == [reason for reason, _row in BAD]
    assert DeadLetter.objects.filter(reason="too_old").last().ts == "1782786000"


def test_a_device_writes_its_own_streams_only():
    own, foreign = make.stream(), make.stream()
    said = make.take((own, ago(), 1), (foreign, ago(), 1), speakers=Speakers(np.full(2, own.device_id)))
    assert (said.accepted, said.rejected) == (1, {1: "foreign_stream"})
    assert DeadLetter.objects.get().device_id == own.device_id


def test_words_are_kept_as_words():
    door = make.stream(key="door", is_text=True, unit="")
    rows = [(door, ago(minutes=1), "open"), (door, ago(minutes=2), "closed"), (door, ago(minutes=1), "again")]
    assert make.take(*rows) == services.Outcome(2, 1, {})
    assert make.take(*rows) == services.Outcome(0, 3, {})
    assert sorted(TextReading.objects.values_list("text", flat=True)) == ["closed", "open"]
    assert Latest.objects.get().text == "open"
    assert Seen.objects.get().at == HERE - dt.timedelta(minutes=1)


def test_replayed_doubled_late_and_shuffled_readings_end_in_the_same_tables():
    streams = [make.stream() for _ in range(5)]
    rng = random.Random(5)
    rows = [
        (rng.choice(streams).pk, ago(microseconds=rng.randrange(13 * 86_400_000_000)), round(rng.random(), 3))
        for _ in range(2000)
    ]
    rows = list({row[:2]: row for row in rows}.values())
    whole = make.take(*rows)
    assert (whole.accepted, whole.duplicate) == (len(rows), 0)
    before = tables()
    assert make.take(*rows) == services.Outcome(0, len(rows), {})
    assert tables() == before
    Latest.objects.filter(stream_id__in=[one.pk for one in streams[:2]]).delete()
    assert make.take(*rows) == services.Outcome(0, len(rows), {}), "what is new is told by the readings in the end"
    assert tables() == before
    for model in (Reading, Latest, Seen, DirtyHour):
        model.objects.all().delete()
    shuffled = [*rows, *rng.sample(rows, 500)]
    rng.shuffle(shuffled)
    parts = [make.take(*shuffled[at : at + 300]) for at in range(0, len(shuffled), 300)]
    assert (sum(one.accepted for one in parts), sum(one.duplicate for one in parts)) == (len(rows), 500)
    assert tables() == before


def test_a_replay_of_a_hundred_thousand_adds_nothing(weeks):
    streams, end = [make.stream().pk for _ in range(4)], round(HERE.timestamp() * 1000)
    moments = [end - 1000 * n for n in range(25_000)]
    batch = batch_of([one for one in streams for _ in moments], moments * 4, [1.5] * 100_000)
    said = [services.ingest(batch, source="file") for _ in range(2)]
    assert said == [services.Outcome(100_000, 0, {}), services.Outcome(0, 100_000, {})]
    assert Reading.objects.count() == 100_000


def test_what_lies_in_no_week_is_kept_all_the_same(weeks):
    level = make.stream(device_=make.device(type=make.kind("old", past_s=100 * 86_400)))
    assert make.take((level, ago(days=60), 1.0), (level, ago(), 2.0)).accepted == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM devices_reading ORDER BY ts")
        assert [name for (name,) in cursor.fetchall()] == ["devices_reading_0_rest", "devices_reading_0_2026w27"]


def test_the_registry_is_read_again_when_it_changes():
    level = make.stream()
    assert make.take((level, ago(), 7.0)).accepted == 1
    level.valid_max = 5.0
    level.save()
    make.take((level, ago(minutes=1), 7.0))
    assert Reading.objects.get(ts=HERE - dt.timedelta(minutes=1)).quality == services.OUT_OF_RANGE
    new = make.stream()
    assert make.take((new, ago(), 1.0)).accepted == 1


def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(django_assert_num_queries):
    streams = [make.stream() for _ in range(30)]
    make.take(*((one, ago(hours=1), 1.0) for one in streams))
    for first in (1, 5):  # one new reading; many; the same again, which has to be looked for
        with django_assert_num_queries(8):
            make.take((streams[0], ago(minutes=40 - first), 1.0))
        rows = [(one, ago(minutes=30 - first, seconds=n), 1.0) for one in streams for n in range(30)]
        with django_assert_num_queries(8):
            make.take(*rows)
        with django_assert_num_queries(8):
            make.take(*rows)


def test_silent_devices_are_offline_and_those_that_speak_again_are_not():
    quiet, loud = (make.stream(make.device()) for _ in range(2))
    make.take((quiet, ago(seconds=500), 1.0), (loud, ago(seconds=500), 1.0))
    assert services.silence_note() == 0
    with clock.freeze(HERE + dt.timedelta(seconds=104), everywhere=True):
        assert services.silence_note() == 0
    later = HERE + dt.timedelta(seconds=106)
    with clock.freeze(later, everywhere=True):
        make.take((loud, later.isoformat(), 1.0))
        assert services.silence_note() == 1
        quiet.device.refresh_from_db()
        assert (quiet.device.status, quiet.device.since) == (Device.Status.OFFLINE, later)
        make.take((quiet, ago(days=3), 1.0))
        quiet.device.refresh_from_db()
        assert quiet.device.status == Device.Status.OFFLINE
        make.take((quiet, later.isoformat(), 1.0))
        quiet.device.refresh_from_db()
        assert quiet.device.status == Device.Status.ONLINE


def test_columns_keep_what_was_sent():
    batch = batch_of([1, 2], [0, "1970-01-01T08:00:01+08:00"], [True, 2])
    assert batch.ts.tolist() == [0, 1_000_000]
    assert batch.value.tolist() == [1.0, 2.0]
    assert batch.said(1) == (2, "1970-01-01T08:00:01+08:00", 2)
    assert len(batch_of([], [], [])) == 0
    assert np.isnan(batch_of([1], [0], [None]).value[0])


@pytest.mark.django_db(transaction=True)
def test_consumers_with_the_same_readings_neither_lose_nor_lock_each_other_out():
    """Four at once, each with all readings in another order, in batches of its own: each reading is new once."""
    streams = [make.stream().pk for _ in range(20)]
    rows = [(one, ago(seconds=n), float(n)) for one in streams for n in range(50)]
    begin, said = threading.Barrier(4), []

    def consume(seed):
        mine = random.Random(seed).sample(rows, len(rows))
        begin.wait(30)
        try:
            with clock.freeze(NOW):
                said.extend(make.take(*mine[at : at + 100]) for at in range(0, len(mine), 100))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=consume, args=(seed,)) for seed in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sum(one.accepted for one in said) == len(rows)
    assert sum(one.accepted + one.duplicate for one in said) == 4 * len(rows)
    assert Reading.objects.count() == len(rows)
    assert set(Latest.objects.values_list("ts", "value")) == {(HERE, 0.0)}
