"""What a stream hears, how often, and in which form; a real server and PostgreSQL."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test import Client

from facilities.models import Facility
from layers import ledger
from layers.live import listener, stream
from tests.factories import places
from tests.layers.live.scene import (
    HOME,
    QUIET_S,
    SOON_S,
    Open,
    rename,
)
from tests.layers.live.streams import Event
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_streams_hear_of_a_commit(listen: Open, row: Facility) -> None:
    both = [listen(), listen("/live/?layers=shops,villages")]
    at = rename(row)
    for one in both:
        event = one.next()
        assert event is not None
        assert (event.kind, set(event.changed)) == ("change", {"shops"})
        assert event.at - at < SOON_S


def test_the_state_names_all_layers_and_equals_what_asking_tells(listen: Open, row: Facility, client: Client) -> None:
    one = listen("/live/?layers=villages,shops,shops")
    told = client.get("/api/layers/changes", {"layers": "shops,villages"}).json()
    assert (told["id"], told["changed"], told["reset"]) == (one.start.id, one.start.changed, True)  # type: ignore[attr-defined]
    assert list(told["changed"]) == ["shops", "villages"]


def test_nothing_is_heard_of_what_was_rolled_back_or_changed_nothing(listen: Open, row: Facility) -> None:
    one = listen()
    with transaction.atomic():
        rename(row)
        transaction.set_rollback(True)
    Facility.objects.filter(pk=-1).update(name="x")
    assert one.next(QUIET_S) is None


def test_a_thousand_rows_are_one_event_and_many_statements_one_notification(listen: Open, row: Facility) -> None:
    one = listen()
    with transaction.atomic():
        Facility.objects.bulk_create(
            Facility(county_id=HOME, category_id="toilet", name=f"x{n}", geom=row.geom) for n in range(1000)
        )
    assert len(one.events(QUIET_S)) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {ledger.CHANNEL}")
    with transaction.atomic():
        for number in range(5):
            rename(row, str(number))
        places.contact(row.village, "代办员", "0572-0801 6230")
    connection.connection.poll()
    assert len(connection.connection.notifies) == 1
    connection.close()


def test_at_most_one_event_a_second(listen: Open, row: Facility) -> None:
    one = listen()
    ends, events = time.monotonic() + 3, list[Event]()
    while time.monotonic() < ends:
        rename(row, str(time.monotonic()))
        events += one.events(0.01)
    events += one.events(QUIET_S)
    assert 3 <= len(events) <= 5
    gaps = [later.at - sooner.at for sooner, later in pairwise(events)]
    assert min(gaps) > 0.7 * listener.PACE_S, "as they are read, which may be late"
    assert len({event.id for event in events}) == len(events)


def test_the_head_lets_no_proxy_hold_it_back(listen: Open) -> None:
    one = listen(Accept_Encoding="gzip, br")
    assert one.headers["content-type"].startswith("text/event-stream")
    assert (one.headers["cache-control"], one.headers["x-accel-buffering"]) == ("no-store", "no")
    assert "content-encoding" not in one.headers
    assert "content-length" not in one.headers
    assert one.headers["x-content-type-options"] == "nosniff"
    assert one.raw[0].startswith("retry: ")


def test_silence_is_broken_by_a_comment(listen: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.1)
    one = listen()
    until(lambda: one.events(0.1) or one.raw.count(":") >= 3, "the silence is not broken")
