"""A lamp, a manhole with two streams, and a device that nobody may know of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from devices.models import Datastream, Device
from tests.factories import devices

HOURS = range(4, 10)
"""Of 2026-06-30, UTC+8: the day is frozen at 10:20."""


def at(hour: int) -> str:
    return f"2026-06-30T{hour:02}:00:00+08:00"


@dataclass
class Scene:
    lamp: Device
    manhole: Device
    secret: Device
    power: Datastream
    level: Datastream
    words: Datastream
    hidden: Datastream


@pytest.fixture
def scene(weeks: list[str]) -> Scene:
    """Six readings of each stream: power 4, 5 … 9, level ten times as much, words, and hidden ones."""
    lamp = devices.device(name="老街灯", code="LD1", type=devices.kind("lamp", title="路灯"))
    manhole = devices.device(name="荷塘井盖", code="JG1", status="online", updated_at=at(4))
    secret = devices.device(name="暗哨", code="AN1", is_published=False, type=devices.kind("spy", title="暗桩"))
    made = Scene(
        lamp,
        manhole,
        secret,
        devices.stream(lamp, "power", unit="W", title="功率"),
        devices.stream(manhole, "level"),
        devices.stream(manhole, "words", unit="", is_text=True),
        devices.stream(secret, "whisper", kept=1),
    )
    rows = [(made.power, at(hour), hour) for hour in HOURS] + [(made.level, at(hour), hour * 10) for hour in HOURS]
    rows += [(made.words, at(hour), f"开 {hour}") for hour in HOURS] + [(made.hidden, at(hour), 7) for hour in HOURS]
    assert devices.take(*rows).accepted == len(rows)
    return made


class Sta(Client):
    """A reader of the service who has not signed in."""

    def read(self, path: str, **options: Any) -> Any:
        """The answer's JSON; options without their dollar."""
        answer = self.get(self.url(path, **options))
        assert answer.status_code == 200, answer.content.decode()
        return json.loads(answer.content)

    def url(self, path: str, **options: Any) -> str:
        query = "&".join(f"${name}={quote(str(text))}" for name, text in options.items())
        return f"/sta/v1.1{path}?{query}"

    def follow(self, link: str) -> Any:
        """What an absolute address of the service answers."""
        assert link.startswith("http://testserver/sta/v1.1"), link
        answer = self.get(link.removeprefix("http://testserver"))
        assert answer.status_code == 200, (link, answer.content.decode())
        return json.loads(answer.content)


@pytest.fixture
def sta() -> Sta:
    return Sta()
