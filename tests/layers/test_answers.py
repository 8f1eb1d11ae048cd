"""Headers of the answers, compression, and the OpenAPI document."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.test import Client

from kernel.viewer import Role
from tests.contracts.samples.shops import shop
from tests.factories import people

pytestmark = pytest.mark.django_db

PATH = "/api/layers/shops/features"
VILLAGE = "990521001001"


@pytest.fixture
def rows() -> None:
    for number in range(20):
        shop(str(number), VILLAGE)


@pytest.mark.usefixtures("rows")
def test_compressed_and_plain_are_one_content_with_two_validators(client: Client) -> None:
    plain = client.get(PATH)
    packed = client.get(PATH, headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert plain["ETag"].startswith('"')
    assert packed["ETag"] == f"W/{plain['ETag']}"
    for answer in (plain, packed):
        assert {"Accept-Encoding", "Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))
        again = client.get(PATH, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("path", [PATH, "/api/schema/?format=json"])
@pytest.mark.parametrize("header", ["gzip;q=0", "*;q=0", "identity", "gzip;q=0.5, identity", ""])
def test_nobody_gets_gzip_who_does_not_want_it(client: Client, path: str, header: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": header})
    assert "Content-Encoding" not in answer
    assert json.loads(answer.content)
    assert client.get(path, headers={"Accept-Encoding": "br;q=0.1, gzip;q=0.2"})["Content-Encoding"] == "gzip"


@pytest.mark.usefixtures("rows")
def test_what_one_person_sees_is_kept_by_no_shared_cache(client: Client) -> None:
    assert client.get(PATH)["Cache-Control"] == "public, no-cache"
    client.force_login(people.user(Role.DESK, jurisdiction=[VILLAGE]))
    assert client.get(PATH)["Cache-Control"] == "private, no-cache"


@pytest.mark.usefixtures("rows")
def test_head_is_get_without_body(client: Client) -> None:
    got, head = client.get(PATH), client.head(PATH)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    "path, queries",
    [
        (PATH, 2),
        ("/api/layers/shops/tiles/9/426/210.mvt", 2),
        ("/api/layers/shops/clusters?zoom=9", 2),
        ("/api/layers/shops/counts", 2),
    ],
)
def test_a_collection_costs_two_queries(
    client: Client, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(queries):
        client.get(path)


def test_the_document_describes_every_address(client: Client) -> None:
    document = json.loads(client.get("/api/schema/", {"format": "json"}).content)
    paths = document["paths"]
    features = paths["/api/layers/{key}/features"]["get"]
    parameters = {"key", "bbox", "datetime", "limit", "cursor", "sort", "county", "lang"}
    assert {one["name"] for one in features["parameters"]} == parameters
    shape = features["responses"]["200"]["content"]["application/geo+json"]["schema"]
    assert shape == {"$ref": "#/components/schemas/FeatureCollection"}
    assert features["responses"]["default"]["content"]["application/json"]["schema"]["$ref"].endswith("/Error")
    assert {"/api/layers/", "/api/search", "/api/basemap/tiles/{z}/{x}/{y}.mvt"} <= set(paths)
    named = {reference.split('"')[0] for reference in json.dumps(document).split("#/components/schemas/")[1:]}
    assert named <= set(document["components"]["schemas"])


def test_the_docs_load_nothing_from_outside(client: Client) -> None:
    page = client.get("/api/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "http://" not in text
    assert "https://" not in text
    assert "<script>" not in text
    assert "script-src 'self'" in page["Content-Security-Policy"]
    refused = client.get("/api/docs/?x=1", headers={"accept": "text/html"})
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_parameter")
    script = client.get("/api/docs/", {"script": ""})
    assert "javascript" in script["Content-Type"]
