"""The list of layers, and the search box."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kernel.viewer import Role
from tests.contracts.samples.shops import shop
from tests.factories import facilities, people, places

pytestmark = pytest.mark.django_db

VILLAGE, OTHER = "990521001001", "990521002001"


def entry(client: Client, key: str = "shops", **query: str) -> dict[str, Any]:
    return next(layer for layer in client.get("/api/layers/", query).json()["layers"] if layer["key"] == key)


def test_an_entry_says_what_a_client_needs(client: Client) -> None:
    shop("一", VILLAGE)
    found = entry(client)
    assert found["legend"][0] == {"when": "open", "title": "开放", "colour": "work", "icon": "shop", "shape": ""}
    assert (found["geometry"], found["count"], found["zooms"], found["style_by"]) == ("point", 1, [8, 18], "status")
    by_name = {field["name"]: field for field in found["fields"]}
    assert by_name["status"] == {
        "name": "status",
        "title": "状态",
        "type": "string",
        "unit": "",
        "filter": True,
        "search": False,
    }
    assert by_name["name"]["search"]


def test_titles_follow_the_language(client: Client) -> None:
    places.county()
    assert entry(client, "villages", lang="zh")["title"] == "村和社区"


def search(client: Client, q: str, **more: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/search", {"q": q, **more})
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def shops(hits: list[dict[str, Any]]) -> list[str]:
    return [hit["title"] for hit in hits if hit["key"] == "shops"]


def test_each_word_must_match(client: Client) -> None:
    shop("老街", VILLAGE, search_text="店老街 dianlaojie dlj")
    assert shops(search(client, "老街 dlj")) == ["店老街"]
    assert shops(search(client, "老街 没有")) == []


def test_pinyin_and_capitals(client: Client) -> None:
    shop("老街", VILLAGE, search_text="店老街 dianlaojie dlj")
    assert shops(search(client, "LaoJie")) == ["店老街"]


def test_a_percent_sign_is_a_character(client: Client) -> None:
    shop("老街", VILLAGE)
    assert shops(search(client, "%")) == []


def test_the_whole_name_comes_first_then_the_near_one(client: Client) -> None:
    shop("街口", VILLAGE, search_text="x 店街")
    near, far = shop("街", OTHER, search_text="店街"), shop("街", VILLAGE, search_text="店街")
    lon, lat = places.lonlat(OTHER)
    hits = [hit for hit in search(client, "店街", lon=lon, lat=lat) if hit["key"] == "shops"]
    assert [hit["id"] for hit in hits[:2]] == [str(near.pk), str(far.pk)]
    assert hits[0]["distance_m"] == 0
    assert hits[0]["subtitle"].endswith("村002001")
    assert (hits[0]["kind"], hits[0]["icon"]) == ("shops", "shop")
    assert hits[2]["title"] == "店街口"


def test_places_are_found_once_and_say_their_level(client: Client) -> None:
    places.village(VILLAGE, "荷塘村")
    (hit,) = search(client, "荷塘村")
    assert (hit["kind"], hit["key"], hit["id"]) == ("place", "village", VILLAGE)
    assert hit["bbox"] == pytest.approx(list(places.bbox(VILLAGE)))


def test_a_place_comes_before_what_bears_its_name(client: Client) -> None:
    """A citizen who types the beginning of a village's name wants the village, and not its nearest toilet."""
    places.village(VILLAGE, "店前村")
    shop("前村公厕", OTHER)
    lon, lat = places.lonlat(OTHER)
    found = search(client, "店前", lon=lon, lat=lat)
    assert found[0]["title"] == "店前村"
    assert {hit["title"] for hit in found[1:]} == {"店前村公厕"}


def test_unpublished_rows_are_not_found(client: Client) -> None:
    shop("暗", VILLAGE, is_published=False)
    assert shops(search(client, "店暗")) == []
    client.force_login(people.user(Role.OFFICIAL, jurisdiction=[VILLAGE]))
    assert shops(search(client, "店暗")) == ["店暗"]


def test_the_limit_holds(client: Client) -> None:
    for number in range(12):
        shop(f"街{number}", VILLAGE)
    assert len(search(client, "店街", limit=3)) == 3
    assert len(search(client, "店街")) == 10


def test_rows_are_named_in_the_language_of_the_reader(client: Client) -> None:
    places.village(VILLAGE, "荷塘村")
    facilities.facility(VILLAGE, name="荷塘村公厕", name_en="Hetang Public Toilet")
    facilities.facility(VILLAGE, name="荷塘村小学", name_en="")
    named = {lang: {hit["title"] for hit in search(client, "hetangcun", lang=lang)} for lang in ("zh", "en")}
    assert {"荷塘村公厕", "荷塘村小学"} <= named["zh"]
    assert {"Hetang Public Toilet", "荷塘村小学"} <= named["en"]
