"""Readings by a real broker: a hundred a message against one, and three points a message with alarms on."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.limit import Limit
from bench.registry import Bench, Row, add
from bench.sensors import KEYS, Sensors, cpu_of, sensors
from devices.mqtt.broker import Broker, client, connect
from devices.mqtt.consumer import Consumer
from kernel import clock
from scripts import mosquitto

_DEVICES, _PATIENCE_S = 500, 60.0
_SINGLE, _BATCHED, _TRIPLES, _SIZE = 4_000, 400, 6_000, 100
_THINGSBOARD_MS = 1000 / 7.5
"""CPU of 1,000 points at 7,500 a second on one vCPU: what the makers of ThingsBoard measured for their server on other
hardware (thingsboard.io, "Performance of a single server"). An anchor, not a comparison of equals."""


def run() -> list[Row]:
    """Messages wait at the broker before the clock runs, so that no publisher is measured."""
    limit = Limit()
    with _broker() as to, sensors(_DEVICES) as ground:
        now = round(clock.now().timestamp() * 1000)
        single = _measured(to, _messages(ground, _SINGLE, now - 10_000_000, 1, 1), _SINGLE, None)
        batched = _measured(to, _messages(ground, _BATCHED, now - 80_000_000, 2, _SIZE // 2), _BATCHED * _SIZE, None)
        points = _TRIPLES * len(KEYS)
        triples = _measured(to, _messages(ground, _TRIPLES, now - 20_000_000, 3, 1), points, limit)
    note = f"{1e6 / batched:,.0f} readings a CPU-second"
    return [
        Row("a consumer, 1,000 readings, 100 a message; one a message", batched, single, 0.1, note=note),
        Row(
            "consumer and database, 1,000 points, 3 a message, alarms on; ThingsBoard's figure",
            triples,
            _THINGSBOARD_MS,
            0.5,
            note=f"{1e6 / triples:,.0f} points a CPU-second",
        ),
    ]


def _messages(ground: Sensors, count: int, start_ms: int, keys: int, rows: int) -> list[tuple[str, bytes]]:
    """``count`` messages of ``rows`` moments of the first ``keys`` streams of a device."""
    made = []
    for number in range(count):
        turn, device = divmod(number, len(ground.codes))
        moments = [start_ms + (turn * rows + row) * 1000 for row in range(rows)]
        body: dict[str, object] = {"ts": moments if rows > 1 else moments[0]}
        body |= {key: [5.0 + row % 4 for row in range(rows)] if rows > 1 else 5.5 for key in KEYS[:keys]}
        made.append((f"geogov/{ground.county}-{ground.codes[device]}/up", json.dumps(body).encode()))
    return made


def _measured(to: Broker, messages: list[tuple[str, bytes]], readings: int, limit: Limit | None) -> float:
    """CPU ms of a consumer for 1,000 readings; with ``limit`` that of the database as well."""
    said: list[str] = []
    Consumer(to, 1, said.append).run(lambda: bool(said))  # its session is there now
    _publish(to, messages)
    consumer = Consumer(to, 1)
    until = time.monotonic() + _PATIENCE_S
    used = cpu_of(lambda: consumer.run(lambda: consumer.stored >= readings or time.monotonic() > until), limit)
    if consumer.stored < readings:
        raise RuntimeError(f"only {consumer.stored} of {readings} arrived")
    return used * 1000 / readings


def _publish(to: Broker, messages: list[tuple[str, bytes]]) -> None:
    publisher = client(to, "bench")
    connect(to, publisher)
    publisher.loop_start()
    sent = [publisher.publish(topic, body, qos=1) for topic, body in messages]
    for one in sent:
        one.wait_for_publish(_PATIENCE_S)
    publisher.disconnect()
    publisher.loop_stop()


@contextmanager
def _broker() -> Iterator[Broker]:
    with tempfile.TemporaryDirectory() as folder:
        program, env = mosquitto.command()
        port = mosquitto.free_port()
        command = [str(program), "-c", str(mosquitto.configure(Path(folder), port))]
        process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
        try:
            to = Broker("127.0.0.1", port, False, None, None, True, "bench", "bench")
            _until(lambda: _answers(to))
            yield to
        finally:
            process.terminate()
            process.wait(20)


def _answers(to: Broker) -> bool:
    try:
        connect(to, probe := client(to, "probe"))
    except OSError:
        return False
    probe.disconnect()
    return True


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError("the broker does not start")
        time.sleep(0.1)


add(Bench("messages", "Readings by MQTT", "single messages, and ThingsBoard's figure", run))
