"""QR codes of our own pages: what they hold, and what is refused."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import segno
from django.core.cache import cache
from django.test import Client

from portal.pace import QrPace
from tests.factories import places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    cache.clear()  # the pace of one test is not the next one's
    places.county()


def get(path: str, **headers: str) -> Any:
    return Client().get(f"/api/qr.svg?path={quote(path, safe='')}", headers=headers)


def expected(address: str) -> str:
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False, boost_error=False)
    code.save(out, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True)
    return out.getvalue().decode()


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/", "http://testserver/"),
        ("/?sel=villages:990521003007&z=14", "http://testserver/?sel=villages:990521003007&z=14"),
        ("/?q=荷塘", "http://testserver/?q=%E8%8D%B7%E5%A1%98"),
        ("/village/990521003007#photos", "http://testserver/village/990521003007#photos"),
    ],
)
def test_the_code_holds_the_absolute_address(path: str, address: str) -> None:
    answer = get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert answer.content.decode() == expected(address)
    assert ElementTree.fromstring(answer.content).tag.endswith("svg")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert get(path, **{"if-none-match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "",
        "x",
        "https://example.org/",
        "//example.org/",
        "//[",
        "/\\example.org",
        "\\\\example.org",
        "/" + "a" * 2000,
        "/a\nb",
    ],
)
def test_other_addresses_are_refused(path: str) -> None:
    answer = get(path)
    assert answer.status_code == 400
    assert answer.json()["field"] == "path"


def test_the_longest_path_fits() -> None:
    assert get("/" + "a" * 1999).status_code == 200
    assert get("/?q=" + "荷" * 1900).status_code == 400, "nine characters each in the address"


@pytest.mark.parametrize("query", ["", "path=/&size=3", "path=/&path=/a"])
def test_strict_parameters(query: str) -> None:
    assert Client().get(f"/api/qr.svg?{query}").status_code == 400


def test_one_address_gets_so_many_in_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QrPace, "rate", "2/min")
    assert [get("/").status_code for _ in range(3)] == [200, 200, 429]
    refused = get("/")
    assert refused.json()["code"] == "throttled"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert Client(REMOTE_ADDR="192.0.2.7").get("/api/qr.svg?path=/").status_code == 200
