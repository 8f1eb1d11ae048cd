"""Finding a place by what people type."""

from __future__ import annotations

import pytest

from kernel.search import SearchQuery
from kernel.viewer import Viewer
from places.models import Kind, Place
from places.selectors import places_search
from tests.factories import places

pytestmark = pytest.mark.django_db
VIEWER = Viewer(county=places.COUNTY)

WUKANG, SHIQIAO = "990521001", "990521003"
JUREN, WUKANG_VILLAGE, HETANG = "990521001001", "990521001002", "990521003007"


@pytest.fixture(autouse=True)
def _county() -> None:
    places.township(WUKANG, "武康街道", kind=Kind.SUBDISTRICT, name_en="Wukang Subdistrict")
    places.township(SHIQIAO, "石桥镇")
    places.village(JUREN, "居仁社区", kind=Kind.COMMUNITY)
    places.village(WUKANG_VILLAGE, "武康村")
    places.village(HETANG, "荷塘村")
    places.village("990521003008", "下荷塘村")
    places.grid("990521003007001", "荷塘村第一网格")
    places.village("990522001001", "荷塘村")  # another county


def found(text: str, **query: object) -> list[str]:
    return [hit.id for hit in places_search(VIEWER, SearchQuery(text.lower(), **query))]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("武康街道", [WUKANG]),
        ("武康", [WUKANG, WUKANG_VILLAGE]),
        ("wukang", [WUKANG, WUKANG_VILLAGE]),
        ("wu kang", [WUKANG, WUKANG_VILLAGE]),
        ("WuKang", [WUKANG, WUKANG_VILLAGE]),
        ("ｗｋ", [WUKANG, WUKANG_VILLAGE]),
        ("wkjd", [WUKANG]),
        ("居仁社区", [JUREN]),
        ("居仁", [JUREN]),
        ("jrsq", [JUREN]),
        ("仁社", [JUREN]),
        ("ht", [HETANG, HETANG + "001"]),
        ("gc", []),  # of "hetangcun": no syllable begins there
        ("荷塘村", [HETANG, "990521003008", HETANG + "001"]),
        ("荷塘", [HETANG, "990521003008", HETANG + "001"]),
        ("htc", [HETANG, "990521003008", HETANG + "001"]),
        ("hetangcun", [HETANG, "990521003008", HETANG + "001"]),
        (HETANG, [HETANG, HETANG + "001"]),
        (HETANG + "001", [HETANG + "001"]),
        ("990521003", [SHIQIAO, HETANG, "990521003008", HETANG + "001"]),
        ("石桥镇荷塘", []),
        ("不存在的地方", []),
        ("", []),
        ("   ", []),
        ("%", []),
        ("_", []),
        ("%%%", []),
        ("荷_村", []),
        ("荷%", []),
        ("\\", []),
        ("'; drop table places_place; --", []),
        ("😀", []),
    ],
)
def test_what_is_typed_finds_these_in_this_order(typed: str, codes: list[str]) -> None:
    assert found(typed) == codes


def test_exact_then_prefix_then_initials_then_contained() -> None:
    places.village("990521002001", "新武村")
    places.village("990521002002", "武")
    places.village("990521002003", "武村")
    hits = places_search(VIEWER, SearchQuery("武"))
    assert [hit.title for hit in hits] == ["武", "武康街道", "武康村", "武村", "新武村"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_initials_come_before_what_is_only_contained() -> None:
    places.village("990521002005", "大仓村")  # initials dcc
    places.village("990521002006", "孟村", search_text="孟村 mengdccun mc")
    assert found("dcc") == ["990521002005", "990521002006"]


def test_among_equals_the_nearer_comes_first() -> None:
    places.village("990521004001", "荷花村")
    near = places.lonlat("990521004001")
    assert found("荷", near=near)[0] == "990521004001"
    assert found("荷", near=places.lonlat(HETANG))[0] == HETANG


def test_a_hit_says_where_it_lies() -> None:
    village, _other, grid = places_search(VIEWER, SearchQuery("荷塘村", near=places.lonlat(HETANG)))
    assert (village.kind, village.icon, village.title, village.subtitle) == ("place", "village", "荷塘村", "石桥镇")
    assert village.lonlat == places.lonlat(HETANG)
    assert village.bbox == places.bbox(HETANG)
    assert village.distance_m == 0
    assert grid.subtitle == "石桥镇 荷塘村"
    (town,) = places_search(VIEWER, SearchQuery("石桥镇"))
    assert town.subtitle == "云溪县"


def test_english_readers_get_english_names_where_there_are_any() -> None:
    from django.utils import translation

    with translation.override("en"):
        town, village = places_search(VIEWER, SearchQuery("wukang"))
    assert (town.title, town.subtitle) == ("Wukang Subdistrict", "Yunxi County")
    assert (village.title, village.subtitle) == ("武康村", "Wukang Subdistrict")


def test_a_limit_holds_and_a_common_word_still_gives_the_best() -> None:
    for number in range(1, 16):
        for township in (5, 6, 7, 8, 9, 10, 11, 12):
            places.village(f"990521{township:03}{number:03}", f"村{township}村{number}")
    places.village("990521016016", "村")
    assert found("村", limit=3)[0] == "990521016016"
    assert len(found("村", limit=3)) == 3


def test_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        found("荷塘", near=(120.0, 30.5))


def test_another_county_is_another_world() -> None:
    other = places_search(Viewer(county="990522"), SearchQuery("荷塘"))
    assert [hit.id for hit in other] == ["990522001001"]


def test_the_index_serves_the_search() -> None:
    from django.db import connection

    places_total = Place.objects.count()
    assert places_total > 5
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM places_place WHERE upper(search_text::text) LIKE upper('%hetang%')")
        assert "place_search" in "\n".join(row[0] for row in cursor.fetchall())
