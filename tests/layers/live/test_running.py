"""What streams cost, what they survive, and the same by asking."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from facilities.models import Facility
from kernel.layerspec import layers
from layers import ledger
from layers.live import listener
from tests.layers.live.scene import (
    HOME,
    OTHER,
    SOON_S,
    Open,
    rename,
)

pytestmark = pytest.mark.django_db(transaction=True)


def backends() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s",
            [listener.APPLICATION],
        )
        return int(cursor.fetchone()[0])


def test_two_hundred_streams_hold_no_thread_and_one_connection(
    listen: Open, live_site: Any, row: Facility, settings: Any
) -> None:
    settings.LIVE_STREAMS_PER_ADDRESS = 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        before = cursor.fetchone()[0]
    streams = [listen(first=None) for _ in range(200)]
    for one in streams:
        assert one.next(10) is not None
    assert live_site.root.live.gate.inside == 200
    assert backends() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        # The threads of Django (4) may have opened theirs meanwhile.
        assert cursor.fetchone()[0] <= before + 1 + 4
    workers = [thread for thread in threading.enumerate() if thread.name.startswith("django")]
    assert len(workers) <= 4
    assert live_site.root.django._pool._work_queue.qsize() == 0
    at = rename(row)
    heard = [one.next() for one in streams]
    assert all(event is not None and event.at - at < SOON_S for event in heard)


def test_the_listener_survives_the_loss_of_its_connection(listen: Open, row: Facility) -> None:
    one = listen()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            [listener.APPLICATION],
        )
    rename(row)
    event = one.next()
    assert event is not None
    assert (event.kind, set(event.changed)) == ("reset", {"shops"})
    assert backends() == 1
    rename(row, "再改")
    again = one.next()
    assert again is not None
    assert again.kind == "change"


def test_a_lost_notification_is_made_up_for(listen: Open, row: Facility, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "SILENCE_S", 0.3)
    one = listen()
    rename(row, "叫醒")
    assert one.next()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no trigger, so no notification either
        cursor.execute("INSERT INTO layers_change (topic, county, at, n) VALUES ('facilities_facility', '', now(), 1)")
        cursor.execute("SET session_replication_role = origin")
    assert one.next() is not None


def test_asking_costs_one_query_and_says_304(client: Client, row: Facility, django_assert_num_queries: Any) -> None:
    path = "/api/layers/changes"
    with django_assert_num_queries(1):
        first = client.get(path, {"layers": "shops,villages"})
    assert client.get(path, {"layers": "shops,villages"}, headers={"If-None-Match": first["ETag"]}).status_code == 304
    known = first.json()["id"]
    assert client.get(path, {"layers": "shops,villages", "since": known}).json() == {
        "id": known,
        "reset": False,
        "changed": {},
    }
    rename(row)
    assert set(client.get(path, {"layers": "shops,villages", "since": known}).json()["changed"]) == {"shops"}


def test_what_is_counted_at_once_is_the_version_that_etags_hold(row: Facility) -> None:
    found = ledger.counts()
    for spec in layers:
        models = ledger.models_of(spec)
        for county in (HOME, OTHER):
            assert ledger.version_in(found, ledger.tables(models), county) == ledger.version(models, county)
