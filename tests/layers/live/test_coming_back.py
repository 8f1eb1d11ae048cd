"""Who comes back with the id of the last event hears what changed, whatever the order of commits."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client

from facilities.models import Facility
from kernel import clock
from layers import ledger
from layers.models import Change
from tests.contracts.samples.shops import shop
from tests.layers.live.scene import (
    QUIET_S,
    VILLAGE,
    Open,
    rename,
)
from tests.layers.live.streams import Event

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_comes_back_hears_exactly_what_changed(listen: Open, row: Facility) -> None:
    one = listen("/live/?layers=shops,townships,villages")
    known = one.start.id  # type: ignore[attr-defined]
    one.close()
    rename(row)
    again = listen("/live/?layers=shops,townships,villages", first="change", Last_Event_ID=known)
    assert set(again.start.changed) == {"shops"}  # type: ignore[attr-defined]
    still = listen("/live/?layers=shops,townships,villages", first=None, Last_Event_ID=again.start.id)  # type: ignore[attr-defined]
    assert still.next(QUIET_S) is None


@pytest.mark.parametrize("known", ["x", "0123456789ab.", "§", "1" * 5000])
def test_who_comes_back_with_nonsense_fetches_anew(listen: Open, known: str) -> None:
    listen(first="reset", Last_Event_ID=known)


def test_joining_old_rows_is_no_news_and_loses_none(listen: Open, row: Facility) -> None:
    known = listen().start.id  # type: ignore[attr-defined]
    rename(row)
    ledger.prune(clock.now() + ledger.KEPT)
    missed = listen(first="change", Last_Event_ID=known)
    assert missed.next(QUIET_S) is None


def test_commits_out_of_order_are_not_missed(listen: Open) -> None:
    """The first writer takes the lower id of the ledger and commits last, while nobody is connected."""
    slow, fast = shop("慢", VILLAGE), shop("快", VILLAGE)
    has_written, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                rename(slow)
                has_written.set()
                may_commit.wait(20)
        finally:
            connection.close()

    one = listen()
    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert has_written.wait(20)
    rename(fast)
    between = one.next()
    assert between is not None
    one.close()
    highest = Change.objects.order_by("-pk").values_list("pk", flat=True)[0]
    may_commit.set()
    writer.join()
    assert Change.objects.order_by("-pk").values_list("pk", flat=True)[0] == highest, "the slow writer's id is lower"
    listen(first="change", Last_Event_ID=between.id)


def test_many_writers_and_a_reader_that_comes_and_goes(listen: Open, row: Facility, client: Client) -> None:
    """Whoever takes up where the last stream ended knows, at the end, the state that asking tells."""
    rows, stop = [row, *(shop(str(n), VILLAGE) for n in range(3))], threading.Event()

    def write(one: Facility) -> None:
        try:
            while not stop.is_set():
                with transaction.atomic():
                    rename(one, str(time.monotonic()))
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(one,)) for one in rows]
    for writer in writers:
        writer.start()
    known, seen = "", list[Event]()
    for _ in range(4):
        one = listen(first=None, **({"Last_Event_ID": known} if known else {}))
        seen += one.events(1.2)
        known = seen[-1].id
        one.close()
    stop.set()
    for writer in writers:
        writer.join()
    last = listen(first=None, Last_Event_ID=known).events(QUIET_S)
    now = client.get("/api/layers/changes", {"layers": "shops"}).json()["id"]
    assert ([known] + [event.id for event in last])[-1] == now
    assert [event.kind for event in seen].count("reset") == 1
