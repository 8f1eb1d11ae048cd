"""The album of a place: every public photo once, page by page, and nothing that is not public."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client

from kernel.viewer import Role
from tests.factories import places
from tests.factories import projects as make
from tests.projects.conftest import VILLAGE, client_of

pytestmark = pytest.mark.django_db

ROOT = "/api/projects/photos/"
CANARY = "canary-51c8"
MAY = dt.date(2026, 5, 1)


def album(client: Client | None = None, **query: Any) -> dict[str, Any]:
    answer = (client or Client()).get(ROOT, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def turned(**query: Any) -> list[int]:
    """Keys of all pages, one after the other."""
    page = album(**query)
    found = [item["id"] for item in page["items"]]
    while page["next"]:
        page = album(**query, after=page["next"])
        found += [item["id"] for item in page["items"]]
    return found


def test_every_photo_comes_once_the_newest_first_however_large_the_pages(
    django_assert_max_num_queries: Any,
) -> None:
    project = make.project()
    days = [MAY + dt.timedelta(days=number // 3) for number in range(11)]  # three of the same day
    photos = [make.project_photo(project, day) for day in days]
    wanted = [photo.pk for photo in sorted(photos, key=lambda photo: (photo.taken_on, photo.pk), reverse=True)]
    for limit in (1, 3, 4, 11, 30):
        assert turned(place=VILLAGE, limit=limit) == wanted
    with django_assert_max_num_queries(3):
        page = album(place=VILLAGE, limit=4)
    assert (page["total"], len(page["items"]), page["next"]) == (11, 4, f"2026-05-03:{wanted[3]}")


def test_an_album_is_of_a_place_and_of_a_project() -> None:
    pipes, road = make.project(), make.project(name="村中路")
    next_door = places.village("990521003008", "桑洲村")
    first = make.project_photo(pipes, MAY, moment="before")
    second, third = make.project_photo(road), make.project_photo(pipes, village=next_door)
    assert album(place=VILLAGE)["items"][0]["village"] == VILLAGE
    assert turned(place=VILLAGE) == [second.pk, first.pk]
    assert turned(place="990521003") == turned() == [third.pk, second.pk, first.pk]
    one = album(place="990521", project=pipes.pk)
    assert [item["id"] for item in one["items"]] == [third.pk, first.pk]
    assert (one["total"], one["items"][1]["moment"]) == (2, "before")
    assert one["projects"] == [
        {"id": pipes.pk, "name": pipes.name, "count": 2},
        {"id": road.pk, "name": "村中路", "count": 1},
    ]
    assert album(place="990521999")["total"] == 0


@pytest.mark.parametrize("role", [None, *Role])
def test_nobody_finds_in_it_what_is_not_public(role: Role | None) -> None:
    shown, hidden = make.project(), make.project(name=CANARY, is_published=False)
    public = make.project_photo(shown)
    make.project_photo(hidden, caption=CANARY)
    make.project_photo(shown, caption=CANARY, photo=make.photo(state="pending"))
    make.project_photo(shown, caption=CANARY, photo=make.photo(state="hidden"))
    make.project_photo(make.project(places.village("990522003007"), name=CANARY), caption=CANARY)
    page = album(client_of(role, "990521") if role else Client())
    assert [item["id"] for item in page["items"]] == [public.pk]
    assert CANARY not in json.dumps(page, ensure_ascii=False)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"after": "x"}, "after"),
        ({"after": "2026-13-01:4"}, "after"),
        ({"after": "2026-05-01"}, "after"),
        ({"limit": "101"}, "limit"),
        ({"project": "all"}, "project"),
        ({"month": "2026-05"}, "month"),
    ],
)
def test_what_cannot_be_answered_is_refused(query: dict[str, str], field: str) -> None:
    answer = Client().get(ROOT, query)
    assert (answer.status_code, answer.json()["field"]) == (400, field)
