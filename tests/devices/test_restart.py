"""PostgreSQL itself dies in the middle of a stream of flushes and comes back: a cluster of its own that keeps commits.

Its quick version is the scene of ``test_mqtt`` in which every connection is cut and none is had for a while.
"""

from __future__ import annotations

import subprocess
import threading
import time
from contextlib import closing

import psycopg2
import pytest
from django.db import connection

from scripts import postgres
from scripts.cluster import Cluster
from scripts.paths import socket_dir
from tests.devices.brokers import Mosquitto, publish, publisher
from tests.devices.test_mqtt import start, topic
from tests.factories import devices as make
from tests.waiting import PATIENCE_S, until

MESSAGES = 3_000


@pytest.fixture
def durable():
    """A cluster like the demo's."""
    one = Cluster("pgrestart", 5439, durable=True)
    one.erase()
    one.start()
    yield one
    kill(one)
    one.erase()
    one.users.leave()


def fill(to):
    """What is in the test's database, into another cluster."""
    bin_dir = postgres.bin_dir_for(to.data)
    here = connection.settings_dict
    source = ["-h", here["HOST"], "-p", here["PORT"] or "5432", "-U", here["USER"], "-d", here["NAME"]]
    target = ["-h", socket_dir(), "-p", str(to.port), "-U", "geogov", "-d", "geogov", "-X", "-q", "-o", "/dev/null"]
    env = {**postgres.environment(bin_dir), "PGPASSWORD": here["PASSWORD"]}
    with subprocess.Popen([bin_dir / "pg_dump", *source, "-O", "-x"], env=env, stdout=subprocess.PIPE) as dump:
        subprocess.run([bin_dir / "psql", *target], env=env, stdin=dump.stdout, check=True)
    assert dump.returncode == 0
    to.sql("CHECKPOINT")  # so that it comes back quickly


def stored(to):
    """How many readings there are."""
    address = f"host={socket_dir()} port={to.port} user=geogov dbname=geogov"
    with closing(psycopg2.connect(address)) as link, link.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM devices_reading")
        return cursor.fetchone()[0]


def kill(one):
    postgres.must(postgres.bin_dir_for(one.data), "pg_ctl", "-D", one.data, "-m", "immediate", "-w", "stop")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_postgresql_killed_in_the_middle_of_ingest_loses_nothing_that_was_acknowledged(durable, tmp_path):
    """No checkpoint, no farewell: what the consumer acknowledged has to be in the log on the disk."""
    level = make.stream()
    fill(durable)
    wire = Mosquitto(tmp_path)
    now = round(time.time() * 1000)
    messages = [(topic(level), b'{"ts": %d, "level": %d}' % (now - n, n % 100)) for n in range(MESSAGES)]
    consumer = start(wire, 1, durable.url)

    try:
        assert "at work" in consumer.stdout.readline()
        sender = publisher(wire, "sender")
        publish(sender, messages[:500])
        until(lambda: stored(durable), "the first are stored")
        publishing = threading.Thread(target=publish, args=(sender, messages[500:]))
        publishing.start()
        kill(durable)
        publishing.join()
        durable.start()
        assert 0 < stored(durable) < MESSAGES, "it died in the middle"
        until(lambda: stored(durable) == MESSAGES, "every message is stored", PATIENCE_S)
        sender.disconnect()
        sender.loop_stop()
        consumer.terminate()
        assert consumer.wait(30) == 0
    finally:
        consumer.kill()
        consumer.wait()
        wire.stop()
