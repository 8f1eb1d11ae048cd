"""Readings by real brokers: Mosquitto at MQTT 5, NATS at 3.1.1; consumers that die, a database that goes away."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection, connections

from devices.models import DeadLetter, Device, Reading
from devices.mqtt.broker import broker as broker_of_settings
from devices.mqtt.consumer import Consumer
from kernel import clock
from tests.devices.brokers import Guarded, Mosquitto, Nats, publish, publisher
from tests.devices.conftest import NOW
from tests.devices.test_ingest import HERE, tables
from tests.factories import devices as make
from tests.records.processes import database_url
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.django_db(transaction=True)
MS = round(HERE.timestamp() * 1000)


@pytest.fixture(params=[Mosquitto, Nats])
def wire(request, tmp_path, settings):
    """A broker, and the settings that name it."""
    one = request.param(tmp_path)
    settings.MQTT_URL, settings.MQTT_VERSION = one.url, one.version
    yield one
    one.stop()


@contextmanager
def consuming(numbers):
    """Consumers that have subscribed, each in a thread."""
    over, said = threading.Event(), []

    def consume(number):
        with clock.freeze(NOW):
            Consumer(broker_of_settings(), number, said.append).run(over.is_set)

    threads = [threading.Thread(target=consume, args=(number,)) for number in numbers]
    for one in threads:
        one.start()
    try:
        until(lambda: len(said) == len(threads), "all have subscribed")
        yield
    finally:
        over.set()
        for one in threads:
            one.join(30)


@contextmanager
def no_database():
    """What a restart of PostgreSQL is to those who use it: every connection is cut, and none is had for a while."""
    name = connection.settings_dict["NAME"]
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def topic(level):
    return f"geogov/990521-{level.device.code}/up"


def columns(level, numbers):
    return json.dumps({"ts": [MS - 1000 * n for n in numbers], "level": numbers}).encode()


def test_consumers_store_shuffled_messages_as_one_does_and_lose_nothing_with_the_database(wire):
    """With every fault at once: poison, a device that dies, messages twice, and no database in the middle."""
    levels = [make.stream() for _ in range(4)]
    rows = [(level, MS - 1000 * n, float(n)) for level in levels for n in range(1000)]
    make.take(*rows)
    wanted = tables()
    Reading.objects.all().delete()
    connection.cursor().execute("TRUNCATE devices_latest, devices_seen, devices_dirty")
    messages = [
        (topic(level), columns(level, list(range(at, at + 20)))) for level in levels for at in range(0, 1000, 20)
    ]
    messages += random.Random(3).sample(messages, 20) + [(topic(levels[0]), b"{")] * 3 + [("geogov/1-x/up", b"{")]
    random.Random(7).shuffle(messages)
    with consuming([1, 2] if isinstance(wire, Mosquitto) else [1]):
        sender = publisher(wire, "sender")
        publish(sender, messages[:100])
        with no_database():
            publish(sender, messages[100:])
        until(lambda: Reading.objects.count() == len(rows), "all are stored")
        dying = publisher(wire, "dying", will=(topic(levels[3]), "offline"))
        dying.socket().shutdown(socket.SHUT_RDWR)
        gone = Device.objects.filter(pk=levels[3].device_id, status="offline")
        until(gone.exists, "the last will is heard")
        sender.disconnect()
        sender.loop_stop()
        dying.loop_stop()
    assert tables() == wanted
    assert set(DeadLetter.objects.values_list("reason", flat=True)) == {"unreadable", "unknown_topic"}


@pytest.mark.parametrize("wire", [Guarded], indirect=True)
def test_the_shipped_broker_lets_a_device_speak_for_itself_only(wire):
    level, other = (make.stream(make.device(code=code)) for code in ("A1", "A2"))
    said = []
    with consuming([1]):
        sender = publisher(wire, "sender", account=("990521-A1", "token-a"))
        sender.on_publish = lambda *args: said.append(args[3].value)
        publish(sender, [(topic(one), columns(one, [1])) for one in (other, level)])
        until(Reading.objects.exists, "it is stored")
        sender.loop_stop()
    assert said == [135, 0]  # "Not authorized" (MQTT 5, 3.4.2.1)
    assert list(Reading.objects.values_list("stream_id", flat=True)) == [level.pk]
    with pytest.raises(AssertionError, match="connected"):
        publisher(wire, "nobody", account=("990521-A1", "wrong"), within_s=0.3)


def start(wire, number, url=""):
    env = {**os.environ, "DATABASE_URL": url or database_url(), "MQTT_URL": wire.url, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "mqtt_consume", "--number", str(number)]
    return subprocess.Popen(command, env=env, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("wire", [Mosquitto], indirect=True)
@pytest.mark.parametrize("most", [2_000, pytest.param(40_000, marks=pytest.mark.long)])
def test_a_consumer_that_is_killed_and_comes_back_loses_no_message(wire, most):
    """Published to faster than one consumer drains; the broker keeps a share for the dead one."""
    level = make.stream()
    now = round(time.time() * 1000)
    messages = [(topic(level), b'{"ts": %d, "level": %d}' % (now - n, n % 100)) for n in range(most)]
    consumers = [start(wire, number) for number in (1, 2)]
    try:
        assert all("at work" in one.stdout.readline() for one in consumers)
        sender = publisher(wire, "sender")
        publishing = threading.Thread(target=publish, args=(sender, messages))
        publishing.start()
        until(Reading.objects.exists, "the first are stored")
        consumers[0].send_signal(signal.SIGKILL)
        publishing.join()
        sender.disconnect()
        sender.loop_stop()
        consumers.append(start(wire, 1))
        assert "at work" in consumers[2].stdout.readline()
        until(lambda: Reading.objects.count() == most, "every message is stored", PATIENCE_S + most / 200)
        for one in consumers[1:]:
            one.terminate()
        assert [one.wait(30) for one in consumers] == [-signal.SIGKILL, 0, 0]
    finally:
        for one in consumers:
            one.kill()
            one.wait()
