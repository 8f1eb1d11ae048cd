"""Values over the channel: for whom, where, how often, and that none is missed; the feed of devices stands for all."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from devices.models import Device
from kernel import clock
from kernel.live import LiveFeed, Shown, Value, Written
from kernel.viewer import Role, Viewer
from layers.live.feeds import KEPT_TICKS, Flow, OutOfStepError
from tests.factories import devices as make
from tests.factories import places
from tests.layers.live.scene import HOME, QUIET_S, Open, cookie_of
from tests.layers.live.streams import PATIENCE_S, Event, Stream

HERE, THERE = make.VILLAGE, "990521003009"
BOX = places.bbox(HERE)
PATH = f"/live/?layers=villages&feed=devices&bbox={','.join(map(str, BOX))}"


def say(stream: Any, value: float, seconds_ago: int = 0) -> None:
    make.take((stream, int((clock.now().timestamp() - seconds_ago) * 1000), value))


def values(event: Event) -> dict[int, float]:
    """Device → value."""
    told: Any = event.changed
    return {one["id"]: one["value"] for one in told}


def heard(stream: Stream, within_s: float = PATIENCE_S) -> dict[int, float]:
    """The next values; nothing when there are none in that time."""
    while event := stream.next(within_s):
        if event.kind == "values":
            stream.known = event.id  # type: ignore[attr-defined]
            return values(event)
    return {}


def begun(listen: Open, **headers: str) -> tuple[Stream, dict[int, float]]:
    """A stream, its first state read, and the values that it was told at first."""
    one = listen(PATH, first=None, **headers)
    found: dict[int, float] = {}
    while (event := one.next()) and event.kind == "values":
        found |= values(event)
    assert event is not None
    return one, found


@pytest.mark.django_db(transaction=True)
def test_values_of_the_box_at_first_and_then_as_they_change(listen: Open) -> None:
    here, there = make.stream(make.device(HERE)), make.stream(make.device(THERE))
    for one in (here, there):
        say(one, 1.0, 60)
    stream, first = begun(listen)
    assert first == {here.device_id: 1.0}
    say(here, 2.0), say(there, 2.0)
    assert heard(stream) == {here.device_id: 2.0}
    say(here, 9.0, 3600), say(there, 3.0)
    assert heard(stream, QUIET_S) == {}, "older than the newest, and elsewhere"


@pytest.mark.django_db(transaction=True)
def test_the_newest_of_a_second_comes_once(listen: Open) -> None:
    row = make.stream(make.device(HERE))
    stream, _first = begun(listen)
    for value in range(20, 0, -1):
        say(row, float(value), value)
    told = [values(event) for event in stream.events(2 * QUIET_S) if event.kind == "values"]
    assert 1 <= len(told) <= 3
    assert told[-1] == {row.device_id: 1.0}


@pytest.mark.django_db(transaction=True)
def test_what_is_not_published_is_heard_by_those_who_answer_for_it(listen: Open) -> None:
    shown, hidden = make.device(HERE), make.device(HERE, is_published=False)
    rows = [make.stream(shown), make.stream(hidden)]
    for row in rows:
        say(row, 1.0, 60)
    public, first = begun(listen)
    assert first == {shown.pk: 1.0}
    manager, all_of_them = begun(listen, Cookie=cookie_of(Role.GRID_MANAGER, HERE))
    assert set(all_of_them) == {shown.pk, hidden.pk}
    _elsewhere, as_public = begun(listen, Cookie=cookie_of(Role.HANDLER, THERE))
    assert set(as_public) == {shown.pk}
    say(rows[1], 2.0)
    assert heard(manager) == {hidden.pk: 2.0}
    Device.objects.filter(pk=shown.pk).update(is_published=False)
    for row in rows:
        say(row, 3.0)
    assert heard(manager) == {shown.pk: 3.0, hidden.pk: 3.0}
    assert heard(public, QUIET_S) == {}
    assert f'"id":{hidden.pk},' not in "".join(public.raw)


@pytest.mark.django_db(transaction=True)
def test_who_comes_back_hears_what_was_committed_meanwhile_in_whatever_order(listen: Open) -> None:
    """The first writer begins before the second and commits after it, while nobody is connected."""
    slow, fast, still = (make.stream(make.device(HERE)) for _ in range(3))
    say(still, 1.0, 60)
    has_written, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                say(slow, 1.0)
                has_written.set()
                may_commit.wait(20)
        finally:
            connection.close()

    stream, first = begun(listen)
    assert first == {still.device_id: 1.0}
    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert has_written.wait(20)
    say(fast, 2.0)
    assert heard(stream) == {fast.device_id: 2.0}
    stream.close()
    may_commit.set()
    writer.join()
    again = listen(PATH, first=None, Last_Event_ID=stream.known)  # type: ignore[attr-defined]
    assert heard(again) == {slow.device_id: 1.0}
    assert heard(listen(PATH, first=None, Last_Event_ID=again.known), QUIET_S) == {}  # type: ignore[attr-defined]
    _stream, all_of_them = begun(listen, Last_Event_ID="~1:99999999999999999999:")
    assert set(all_of_them) == {slow.device_id, fast.device_id, still.device_id}


REFUSED = [
    ("feed=devices", "missing_parameter", "bbox"),
    ("feed=&bbox=1,2,3,4", "missing_parameter", "feed"),
    ("feed=lamps&bbox=1,2,3,4", "invalid", "feed"),
    ("feed=devices&bbox=4,2,3,4", "bbox_out_of_range", "bbox"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("query, code, field", REFUSED)
def test_bad_input(client: Client, query: str, code: str, field: str) -> None:
    places.county()
    answer = client.get(f"/live/?layers=villages&{query}")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, code, field)


def test_a_stream_that_finds_no_tick_of_its_own_begins_anew() -> None:
    """Too far behind, or its rights were not asked for: it is never told less than there was."""
    written = [0]

    def since(_seen: str) -> Written:
        written[0] += 1
        return Written(f"{written[0]}:{written[0]}:", [Value(7, (120.0, 30.5), str(written[0]))])

    feed = LiveFeed("x", "x", (), lambda: "1:1:", lambda *_: Shown("", ()), since, lambda _viewer, ids: set(ids))
    flow, viewer, box = Flow(feed), Viewer(county=HOME), (119.0, 30.0, 121.0, 31.0)
    assert not flow.tick(), "nobody listens, so nothing is read"
    position = flow.enter(viewer)
    for _ in range(KEPT_TICKS):
        assert flow.tick()
    assert flow.taken(position, viewer.rights_key, box)[2] == [str(KEPT_TICKS)], "the newest only"
    assert flow.taken(position, viewer.rights_key, (0.0, 0.0, 1.0, 1.0))[2] == []
    with pytest.raises(OutOfStepError):
        flow.taken(position, "other", box)
    flow.tick()
    with pytest.raises(OutOfStepError):
        flow.taken(position, viewer.rights_key, box)
