"""The section of devices in the panel of a place: counts, the worst first, for whom, and on pages without scripts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from devices.models import Alarm
from kernel import clock
from kernel.panel import PlaceRef, sections
from kernel.viewer import Role
from tests.factories import devices as make
from tests.factories import people, places

pytestmark = pytest.mark.django_db

HERE, THERE = make.VILLAGE, "990521003009"


def body(code: str = HERE, role: Role | None = None) -> dict[str, Any] | None:
    viewer = people.viewer(role, jurisdiction=("990521003",) if role else ())
    place = PlaceRef(code, "", "", code[:6], places.lonlat(code))
    return sections["devices"].build(viewer, place)


def test_kinds_are_counted_and_the_worst_are_named_first(client: Client, django_assert_max_num_queries: Any) -> None:
    well, lamp = make.kind(order=2), make.kind("lamp", title="路灯", title_en="Lamp", order=1)
    assert body() is None, "no devices, no section"
    at = clock.now() - dt.timedelta(hours=1)
    make.device(HERE, type=well, status="online")
    long_ago = at - dt.timedelta(days=9)
    flooded = make.device(HERE, type=well, status="online", alarm=3, name="村口井盖", since=long_ago)
    rule = make.rule(type=well)
    common = {"county": flooded.county, "rule": rule, "device": flooded, "level": 3, "since": at, "raised_at": at}
    Alarm.objects.create(**common, phase="active")
    common["raised_at"] = long_ago
    Alarm.objects.create(**common, phase="cleared", cleared_at=at)
    late = make.device(HERE, type=lamp, status="offline", alarm=2)
    silent = make.device(HERE, type=lamp, status="offline")
    make.device(HERE, type=lamp, status="unknown")
    hidden = make.device(HERE, type=lamp, status="offline", is_published=False)
    make.device(THERE, type=lamp)
    with django_assert_max_num_queries(2):
        found = body()
    assert found is not None
    assert (found["total"], found["alarming"], found["offline"]) == (5, 2, 1)
    assert [(kind["key"], kind["total"], kind["alarming"], kind["offline"]) for kind in found["kinds"]] == [
        ("lamp", 3, 1, 1),
        ("manhole", 2, 1, 0),
    ]
    assert [one["id"] for one in found["items"]] == [flooded.pk, late.pk, silent.pk]
    first = found["items"][0]
    assert (first["name"], first["kind"], first["state"], first["state_title"]) == (
        "村口井盖",
        "井盖",
        "critical",
        "告警",
    )
    assert dt.datetime.fromisoformat(first["since"]) == at
    own = body(role=Role.GRID_MANAGER)
    assert own is not None
    assert {one["id"] for one in own["items"]} == {flooded.pk, late.pk, silent.pk, hidden.pk}
    around = body("990521003")
    assert around is not None
    assert around["total"] == 6
    page = client.get(f"/village/{HERE}").content.decode()
    assert "感知设备" in page
    assert "村口井盖" in page
    assert "离线 1 台" in page
