"""Bad input is a 4xx in the one error shape, at every address of the engine; never a 500."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.samples.shops import shop
from tests.factories import places

pytestmark = pytest.mark.django_db

SHOPS = "/api/layers/shops"

REFUSED: list[tuple[str, dict[str, Any], int, str, str]] = [
    ("/api/layers/", {"limt": 5}, 400, "unknown_parameter", "limt"),
    ("/api/layers/nothing/features", {}, 404, "unknown_layer", ""),
    (f"{SHOPS}/features", {"limt": 5}, 400, "unknown_parameter", "limt"),
    (f"{SHOPS}/features", {"limit": 10001}, 400, "invalid", "limit"),
    (f"{SHOPS}/features", {"limit": 0}, 400, "invalid", "limit"),
    (f"{SHOPS}/features", {"limit": "many"}, 400, "invalid", "limit"),
    (f"{SHOPS}/features", {"bbox": "1,2,3"}, 400, "invalid", "bbox"),
    (f"{SHOPS}/features", {"bbox": "nan,0,1,1"}, 400, "invalid", "bbox"),
    (f"{SHOPS}/features", {"bbox": "120,30,119,31"}, 400, "bbox_out_of_range", "bbox"),
    (f"{SHOPS}/features", {"bbox": "120,30,121,131"}, 400, "bbox_out_of_range", "bbox"),
    (f"{SHOPS}/features", {"cursor": "§"}, 400, "malformed_cursor", "cursor"),
    (f"{SHOPS}/features", {"number": "seven"}, 400, "malformed_filter", "number"),
    (f"{SHOPS}/features", {"number": "9" * 30}, 400, "malformed_filter", "number"),
    (f"{SHOPS}/features", {"changed": "2026-13-45"}, 400, "malformed_filter", "changed"),
    (f"{SHOPS}/features", {"status": ",".join(["open"] * 101)}, 400, "invalid", "status"),
    (f"{SHOPS}/features", {"datetime": "2026-02-30"}, 400, "malformed_datetime", "datetime"),
    (f"{SHOPS}/features", {"datetime": "2026-07-01/2026-06-30"}, 400, "datetime_out_of_order", "datetime"),
    (f"{SHOPS}/features", {"manager": "x"}, 400, "unknown_parameter", "manager"),
    (f"{SHOPS}/features", {"county": "123456"}, 404, "unknown_county", "county"),
    (f"{SHOPS}/features/x", {}, 404, "not_found", ""),
    (f"{SHOPS}/features/{'9' * 40}", {}, 404, "not_found", ""),
    (f"{SHOPS}/features/1", {"status": "open"}, 400, "unknown_parameter", "status"),
    (f"{SHOPS}/tiles/3/8/0.mvt", {}, 400, "tile_out_of_range", ""),
    (f"{SHOPS}/tiles/3/0/8.mvt", {}, 400, "tile_out_of_range", ""),
    (f"{SHOPS}/tiles/23/0/0.mvt", {}, 400, "tile_out_of_range", ""),
    (f"{SHOPS}/tiles/{'9' * 300}/0/0.mvt", {}, 400, "tile_out_of_range", ""),
    (f"{SHOPS}/tiles/-1/0/0.mvt", {}, 404, "not_found", ""),
    (f"{SHOPS}/clusters", {}, 400, "missing_parameter", "zoom"),
    (f"{SHOPS}/clusters", {"zoom": 23}, 400, "invalid", "zoom"),
    (f"{SHOPS}/counts", {"level": "county"}, 400, "invalid", "level"),
    ("/api/basemap/tiles/1/2/0.mvt", {}, 400, "tile_out_of_range", ""),
    ("/api/basemap/tiles/1/1/0.mvt", {"q": 1}, 400, "unknown_parameter", "q"),
    ("/api/search", {}, 400, "missing_parameter", "q"),
    ("/api/search", {"q": "  "}, 400, "missing_parameter", "q"),
    ("/api/search", {"q": "长" * 61}, 400, "invalid", "q"),
    ("/api/search", {"q": "x", "lon": 120}, 400, "missing_parameter", "lat"),
    ("/api/search", {"q": "x", "limit": 51}, 400, "invalid", "limit"),
    ("/api/schema/", {"x": 1}, 400, "unknown_parameter", "x"),
]


def _is_error(answer: Any) -> bool:
    body = answer.json()
    return set(body) <= {"code", "message", "field", "hint"} and bool(body["code"]) and bool(body["message"])


@pytest.mark.parametrize("path, query, status, code, field", REFUSED, ids=lambda value: str(value)[:40])
def test_refused(client: Client, path: str, query: dict[str, Any], status: int, code: str, field: str) -> None:
    shop("一", "990521001001")
    answer = client.get(path, query)
    assert (answer.status_code, answer.json()["code"], answer.json().get("field", "")) == (status, code, field)
    assert _is_error(answer)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_reading(client: Client, method: str) -> None:
    answer = getattr(client, method)(f"{SHOPS}/features")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_any_accept_header_is_served(client: Client) -> None:
    places.county()
    for accept in ("image/png", "application/vnd.mapbox-vector-tile", "text/html", "nonsense"):
        assert client.get(f"{SHOPS}/tiles/9/0/0.mvt", headers={"Accept": accept}).status_code == 200


ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "0", "-1", "1e309", "NaN", "inf", "٣", "1,2", "0x1", "1_000", "true", "%", "\\", "'", '"', "\x00"]
    ),
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(str),
    st.lists(st.one_of(st.dates().map(str), st.sampled_from(["", "..", "2026-02-30"])), max_size=3).map("/".join),
    st.tuples(st.floats(), st.floats(), st.floats(), st.floats()).map(lambda box: ",".join(map(str, box))),
)
PARAMETERS = st.dictionaries(
    st.sampled_from(["bbox", "limit", "cursor", "zoom", "level", "q", "lon", "lat", "status", "number", "changed",
                     "category", "lang", "county", "x", "format", "datetime"]),
    ODD,
    max_size=4,
)  # fmt: skip
WHOLE = st.integers(0, 2**70)
PATHS = st.one_of(
    st.sampled_from(["/api/layers/", f"{SHOPS}/features", f"{SHOPS}/clusters", f"{SHOPS}/counts", "/api/search"]),
    st.builds(lambda z, x, y: f"{SHOPS}/tiles/{z}/{x}/{y}.mvt", st.integers(0, 30), WHOLE, WHOLE),
    st.builds(lambda z, x, y: f"/api/basemap/tiles/{z}/{x}/{y}.mvt", st.integers(0, 30), WHOLE, WHOLE),
    st.text(st.characters(exclude_characters="/?#%\x00", exclude_categories=["Cs"]), min_size=1, max_size=20).map(
        lambda text: f"{SHOPS}/features/{text}"
    ),
)


def _never_500(path: str, query: dict[str, str]) -> None:
    answer = Client(raise_request_exception=False).get(path, query)
    assert answer.status_code in (200, 400, 404), (path, query, answer.content)
    if answer.status_code != 200:
        assert _is_error(answer), (path, query, answer.content)


@settings(max_examples=150)
@given(path=PATHS, query=PARAMETERS)
def test_fuzz(path: str, query: dict[str, str]) -> None:
    _never_500(path, query)


@pytest.mark.long
@settings(max_examples=10_000)
@given(path=PATHS, query=PARAMETERS)
def test_fuzz_long(path: str, query: dict[str, str]) -> None:
    _never_500(path, query)
