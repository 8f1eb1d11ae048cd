"""Whose a message is, what it says, and that each is stored or kept as a dead letter."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from devices import services
from devices.models import DeadLetter, Device, DeviceType, Reading
from devices.mqtt.intake import Message, kinds, take
from devices.mqtt.payloads import presence, readings
from devices.mqtt.topics import TopicError, addressed, routes_of
from devices.telemetry.decoding import UnreadableError
from tests.devices.conftest import NOW
from tests.devices.test_ingest import ago
from tests.factories import devices as make
from tests.factories import people

HERE = dt.datetime.fromisoformat(NOW)
MS = round(HERE.timestamp() * 1000)

TOPICS = [
    ("", "geogov/990521-JG001/up", ("990521", "JG001"), "geogov/+/up"),
    ("", "geogov/990521-a-b/up", ("990521", "a-b"), "geogov/+/up"),
    ("", "geogov/JG001/up", None, "geogov/+/up"),
    ("", "geogov/990521-JG001/up/more", None, "geogov/+/up"),
    ("{county}/lamp/{device}/#", "990521/lamp/LD1/a/b", ("990521", "LD1"), "+/lamp/+/#"),
    ("v3/+/{device}", "v3/app/LD1", ("", "LD1"), "v3/+/+"),
    ("v3.x/{device}", "v3-x/LD1", None, "v3.x/+"),
]


@pytest.mark.parametrize(("template", "topic", "whose", "wanted"), TOPICS)
def test_the_topic_tells_whose_a_message_is(template, topic, whose, wanted):
    routes = routes_of({"lamp": template})
    assert [one.filter for one in routes] == [wanted]
    found = addressed(topic, routes)
    assert (found and (found.county, found.device)) == whose


@pytest.mark.parametrize(
    "wrong", ["a/b", "{device}/{device}", "{device}/#/a", "a+/{device}", "{county}/{county}{device}"]
)
def test_what_is_no_topic_is_said(wrong):
    with pytest.raises(TopicError):
        routes_of({"lamp": wrong})


def test_kinds_that_share_their_topics_are_told_apart_by_the_device():
    routes = routes_of({"lamp": "", "manhole": "", "air": "+/{device}/#"})
    assert len(routes) == 2
    assert addressed("geogov/990521-a/up", routes[:1]).kinds == {"lamp", "manhole"}


NAMES = {"time": "ts", "object.level": "level", "t": "tilt"}
SAID = [
    ({"stream": 7, "ts": 1, "value": 2}, {}, [(7, 1, 2)]),
    ({"stream": [7, 8], "ts": [1, 2], "value": [3, None]}, {}, [(7, 1, 3), (8, 2, None)]),
    ({"ts": 1, "level": 2.5, "door": "open"}, {}, [("level", 1, 2.5), ("door", 1, "open")]),
    ([{"ts": 1, "level": 2}, {"ts": 2, "level": None}], {}, [("level", 1, 2)]),
    ({"ts": [1, 2], "a": [3, 4], "b": [None, 5]}, {}, [("a", 1, 3), ("a", 2, 4), ("b", 2, 5)]),
    ({"time": 1, "object": {"level": 2}, "t": 3, "rssi": -70}, NAMES, [("level", 1, 2), ("tilt", 1, 3)]),
    ({"time": 1, "object": 2}, NAMES, []),
    ({"ts": 1, "l": 2}, {"l": "level"}, [("level", 1, 2)]),
    ([], {}, []),
]
UNREADABLE = [
    b"",
    b"{",
    b"\xff",
    b"7",
    b'["a"]',
    b'{"level": 1}',
    b'{"ts": [1, 2], "level": [1]}',
    b"[" * 9999,
    b'{"stream": 1}',
]


@pytest.mark.parametrize(("said", "names", "rows"), SAID)
def test_a_message_says_readings_by_number_or_by_name(said, names, rows):
    assert list(zip(*readings(json.dumps(said).encode(), names), strict=True)) == rows


@pytest.mark.parametrize("body", UNREADABLE)
def test_what_cannot_be_read_is_said(body):
    with pytest.raises(UnreadableError):
        readings(body, {})


def test_words_say_who_comes_and_goes():
    said = [presence(body) for body in (b"offline", b' "Offline"\n', b"ONLINE", b"off", b"{}")]
    assert said == [False, False, True, None, None]


TYPED = [
    ({"topic": "v3/{device}/up", "payload": '{"l": "level"}'}, True),
    ({"topic": "v3/up"}, False),
    ({"payload": "[1]"}, False),
    ({"payload": '{"l": 1}'}, False),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "is_kept"), TYPED)
def test_an_administrator_says_what_a_kind_publishes(client, fields, is_kept):
    client.force_login(people.user("admin"), "accounts.backends.Backend")
    numbers = {"heartbeat_s": 60, "past_s": 600, "future_s": 60, "order": 1}
    form = {"key": "pump", "title": "泵", "title_en": "Pump", "icon": "device", "payload": "{}", **numbers, **fields}
    client.post("/admin/devices/devicetype/add/", form)
    assert DeviceType.objects.filter(key="pump").exists() is is_kept


def message(device, said, *, county="990521", topic="", **fields):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Message(topic or f"geogov/{county}-{device.code}/up", body, fields.pop("at", HERE), **fields)


@pytest.mark.django_db
def test_every_message_is_stored_or_kept_as_a_dead_letter_and_writes_its_own_streams_only():
    level, other = make.stream(), make.stream()
    gateway, lamp = make.device(), make.device(type=make.kind("lamp", topic="lamps/{device}", payload={"w": "power"}))
    power = make.stream(lamp, key="power")
    served = make.stream(make.device(gateway=gateway))
    by_number = {"stream": [level.pk, other.pk], "ts": [MS, MS], "value": [1, 2]}
    take(
        [
            message(level.device, {"ts": MS - 1, "level": 3}),
            message(level.device, by_number),
            message(gateway, {"stream": served.pk, "ts": MS, "value": 4}),
            message(lamp, {"ts": NOW, "w": 60, "rssi": 1}, topic=f"lamps/{lamp.code}"),
            message(level.device, {"ts": MS, "depth": 1}),
            message(lamp, {"ts": MS, "power": 1}),
            message(lamp, {"ts": MS, "power": 1}, county="990522"),
            message(lamp, {"ts": MS, "power": 1}, topic="elsewhere"),
            message(level.device, b"{"),
            message(level.device, {"ts": MS + 10**9, "level": 1}),
        ],
        kinds(),
    )
    stored = [(level.pk, 1.0), (level.pk, 3.0), (served.pk, 4.0), (power.pk, 60.0)]
    assert sorted(Reading.objects.values_list("stream_id", "value")) == sorted(stored)
    letters = DeadLetter.objects.values_list("reason", "device_id", "stream")
    mine = level.device_id
    assert sorted(letters, key=str) == sorted(
        [
            ("foreign_stream", mine, str(other.pk)),
            ("unknown_stream", mine, "depth"),
            ("in_future", mine, str(level.pk)),
            ("unreadable", mine, f"geogov/990521-{level.device.code}/up"),
            ("unknown_device", None, f"geogov/990521-{lamp.code}/up"),
            ("unknown_device", None, f"geogov/990522-{lamp.code}/up"),
            ("unknown_topic", None, "elsewhere"),
        ],
        key=str,
    )
    assert set(DeadLetter.objects.values_list("source", flat=True)) == {"mqtt"}


@pytest.mark.django_db
def test_a_message_that_the_database_refuses_costs_the_others_nothing():
    level = make.stream()
    nowhere = make.stream(level.device, key="nowhere")
    type(nowhere).objects.filter(pk=nowhere.pk).update(id=2_000_000_000)  # of no retention class: no partition
    said = [message(level.device, {"ts": MS - n, "level": n}) for n in range(9)]
    said.insert(4, message(level.device, {"ts": MS, "nowhere": 1}))
    assert take(said, kinds()).accepted == 9
    assert Reading.objects.count() == 9
    assert DeadLetter.objects.get().reason == "unstorable"


@pytest.mark.django_db
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_the_last_will_marks_offline_whatever_comes_late(order):
    level = make.stream()
    before = ago(minutes=2)
    make.take((level, before, 1.0))
    said = [
        message(level.device, b"offline", at=HERE - dt.timedelta(minutes=1)),
        message(level.device, {"ts": ago(seconds=90), "level": 1}),
        message(level.device, b"offline", at=HERE, is_old=True),
    ]
    for one in order:
        take([said[one]], kinds())
    device = Device.objects.get()
    assert (device.status, device.since) == (Device.Status.OFFLINE, HERE - dt.timedelta(minutes=1))
    services.silence_note()
    assert Device.objects.get().status == Device.Status.OFFLINE
    take([message(level.device, b"online", at=HERE)], kinds())
    assert Device.objects.get().status == Device.Status.ONLINE
