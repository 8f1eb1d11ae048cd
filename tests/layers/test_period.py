"""The time filter: what was going on in a period, the same on every face."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

import mapbox_vector_tile
import pytest
from django.test import Client

from kernel import clock
from kernel.errors import Invalid
from layers.query import read_period
from tests.contracts.samples.shops import shop
from tests.factories import places
from tests.factories import projects as factory
from tests.layers.tile_of import tile_of

pytestmark = pytest.mark.django_db

VILLAGE, OTHER = "990521001001", "990521002001"
ZONE = ZoneInfo("Asia/Shanghai")

DATES: dict[str, tuple[str | None, str | None, str | None]] = {
    "done": ("2025-03-01", "2025-04-10", "2025-12-31"),
    "short": (None, "2026-06-30", "2026-06-30"),
    "going": (None, "2026-03-15", None),
    "planned": ("2026-09-01", None, None),
    "undated": (None, None, None),
    "ended": (None, None, "2026-01-31"),
}
"""Planned start, actual start, actual end."""


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.fixture
def works() -> dict[str, int]:
    """One project for each line of ``DATES``: name → key; every other one in a second township, one in no village."""
    made = {}
    for number, (name, (planned, begun, ended)) in enumerate(DATES.items()):
        dates = {"planned_start": _date(planned), "actual_start": _date(begun), "actual_end": _date(ended)}
        village = places.village((VILLAGE, OTHER)[number % 2], f"村{number % 2}")
        made[name] = factory.project(village, name, **dates).pk
    factory.Project.objects.filter(name="ended").update(village=None)
    return made


@pytest.mark.parametrize(
    "period, found",
    [
        ("", set(DATES)),
        ("2026-06-30", {"short", "going", "undated"}),
        ("2026-06-30/2026-06-30", {"short", "going", "undated"}),
        ("2026-01-01/2026-06-29", {"going", "undated", "ended"}),
        ("2026-01-01/2026-06-30", {"short", "going", "undated", "ended"}),
        ("2026-07-01/2026-08-31", {"going", "undated"}),
        ("2026-01-01/..", {"short", "going", "planned", "undated", "ended"}),
        ("2026-02-01/", {"short", "going", "planned", "undated"}),
        ("../2025-04-09", {"undated", "ended"}),
        ("../2025-04-10", {"done", "undated", "ended"}),
        ("/2025-12-31", {"done", "undated", "ended"}),
        ("2026-09-01", {"going", "planned", "undated"}),
        ("2025-12-31", {"done", "undated", "ended"}),
        # The day of a moment is that of the county: 16:00 UTC is midnight there.
        ("2026-08-31T16:00:00Z/2026-08-31T16:00:01Z", {"going", "planned", "undated"}),
        ("2026-08-31T15:59:59Z", {"going", "undated"}),
        ("0001-01-01/9999-12-31", set(DATES)),
    ],
)
def test_projects_of_a_period(client: Client, works: dict[str, int], period: str, found: set[str]) -> None:
    answer = client.get("/api/layers/projects/features", {"datetime": period})
    assert answer.status_code == 200, answer.content
    assert {feature["properties"]["name"] for feature in answer.json()["features"]} == found


@pytest.mark.parametrize(
    "period, found",
    [
        ("2026-06-30", {"early", "late", "undated"}),
        ("2026-06-30T00:00:00+08:00", {"early", "undated"}),
        ("2026-06-29T16:00:00Z", {"early", "undated"}),
        ("2026-06-29t16:00:00.0z/2026-06-30T15:59:59Z", {"early", "undated"}),
        ("../2026-06-29", {"undated"}),
        ("2026-07-01/..", {"undated"}),
    ],
)
def test_moments_of_a_period(client: Client, period: str, found: set[str]) -> None:
    """A date is the whole day in the county, to its last microsecond."""
    shop("early", VILLAGE, updated_at=dt.datetime(2026, 6, 30, tzinfo=ZONE))
    shop("late", VILLAGE, updated_at=dt.datetime(2026, 6, 30, 23, 59, 59, 999999, tzinfo=ZONE))
    shop("undated", VILLAGE, updated_at=None)
    answer = client.get("/api/layers/shops/features", {"datetime": period}).json()
    assert {feature["properties"]["name"].removeprefix("店") for feature in answer["features"]} == found


@pytest.mark.parametrize("status", ["", "normal", "late,planned"])
@pytest.mark.parametrize("period", ["", "2026-06-30", "2026-01-01/2026-08-31", "../2025-12-31", "2026-09-01/.."])
def test_all_faces_tell_the_same_rows(client: Client, works: dict[str, int], period: str, status: str) -> None:
    """Map, list and counts never disagree: features = clusters = counts + outside = tile."""
    factory.Project.objects.filter(pk__in=list(works.values())[::2]).update(status="late")
    root, asked = "/api/layers/projects", {"datetime": period, "status": status}
    ids = {feature["id"] for feature in client.get(f"{root}/features", asked).json()["features"]}
    clusters = client.get(f"{root}/clusters", {**asked, "zoom": 10}).json()
    assert clusters["total"] == sum(one["count"] for one in clusters["clusters"]) == len(ids)
    for level in ("township", "village"):
        counts = client.get(f"{root}/counts", {**asked, "level": level}).json()
        assert sum(one["count"] for one in counts["counts"]) + counts["outside"] == len(ids)
    x, y = tile_of(*places.lonlat(VILLAGE), 8)
    tile: Any = mapbox_vector_tile.decode(client.get(f"{root}/tiles/8/{x}/{y}.mvt", asked).content)
    assert {one["id"] for one in tile.get("projects", {"features": []})["features"]} == ids


def test_pages_keep_the_period(client: Client, works: dict[str, int]) -> None:
    link, seen = "/api/layers/projects/features?limit=2&datetime=2026-01-01/2026-06-30", 0
    while link:
        page = client.get(link).json()
        link, seen = page["next"], seen + len(page["features"])
    assert seen == 4


def test_another_period_is_another_answer(client: Client, works: dict[str, int]) -> None:
    path = "/api/layers/projects/clusters?zoom=9&datetime="
    kept = client.get(f"{path}2026-06-30")["ETag"]
    assert client.get(f"{path}2026-06-30", headers={"If-None-Match": kept}).status_code == 304
    assert client.get(f"{path}2026-07-01", headers={"If-None-Match": kept}).status_code == 200


MALFORMED = [
    *("2026", "2026-06", "2026-1-1", "2026-06-30/2026", "2026-01-01/2026-02-01/2026-03-01", "..", "../..", "/"),
    *("2026-02-30", "2026-13-01", "0000-01-01", "10000-01-01", "2026-06-30T10:20", "2026-06-30T10:20:00", "20260630"),
    *("2026-06-30T25:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "2026-W01-1", "２０２６-06-30"),
    *("x" * 1999, "today", "2026-06-30 10:20:00", "2026-06-30\x00", "2026-01-01 / 2026-06-30"),
]  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_period(text)
    assert (refused.value.code, refused.value.field) == ("malformed_datetime", "datetime")


@pytest.mark.parametrize("text", ["2026-06-30/2026-06-29", "2026-06-30T10:00:00Z/2026-06-30T10:00:00+08:00"])
def test_a_period_ends_after_it_begins(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_period(text)
    assert refused.value.code == "datetime_out_of_order"


@pytest.mark.parametrize(
    "path, code",
    [
        ("projects/features?datetime=2026-02-30", "malformed_datetime"),
        ("projects/tiles/9/426/210.mvt?datetime=x", "malformed_datetime"),
        ("projects/clusters?zoom=9&datetime=2026-07-01/2026-06-01", "datetime_out_of_order"),
        ("projects/counts?datetime=2026-06", "malformed_datetime"),
        ("projects/features?datetime=2026-06-01&datetime=2026-06-02", "repeated_parameter"),
        ("facilities/features?datetime=2026-06-30", "unknown_parameter"),
        ("villages/counts?datetime=2026-06-30", "unknown_parameter"),
        ("projects/features/1?datetime=2026-06-30", "unknown_parameter"),
    ],
)
def test_refused_in_the_one_shape(client: Client, path: str, code: str) -> None:
    places.county()
    answer = client.get(f"/api/layers/{path}")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, code, "datetime")


def _time(client: Client, key: str) -> Any:
    return next(layer for layer in client.get("/api/layers/").json()["layers"] if layer["key"] == key)["time"]


def test_the_catalogue_tells_the_time(client: Client, works: dict[str, int]) -> None:
    fields = {"begin": "start", "end": "actual_end"}
    with clock.freeze("2026-08-10"):
        assert _time(client, "projects") == {**fields, "from": "2025-04", "to": "2026-09"}
    factory.Project.objects.filter(name="planned").delete()
    with clock.freeze("2026-08-10"):  # what is going on lasts until today
        assert _time(client, "projects") == {**fields, "from": "2025-04", "to": "2026-08"}
    factory.Project.objects.filter(name="going").delete()
    with clock.freeze("2026-08-10"):
        assert _time(client, "projects") == {**fields, "from": "2025-04", "to": "2026-06"}
    assert _time(client, "facilities") is None


def test_the_catalogue_without_dates(client: Client) -> None:
    places.county()
    assert _time(client, "projects") == {"begin": "start", "end": "actual_end", "from": None, "to": None}
    shop("一", VILLAGE, updated_at=dt.datetime(2026, 5, 31, 23, 0, tzinfo=dt.UTC))
    assert json.loads(json.dumps(_time(client, "shops"))) == {
        "begin": "changed",
        "end": None,
        "from": "2026-06",
        "to": "2026-06",
    }
