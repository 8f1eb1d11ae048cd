"""Base maps of others: offered by settings only, each under its own approval number."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from places.models import County
from tests.factories import places

pytestmark = pytest.mark.django_db

OSM = "https://tiles.example.org/{z}/{x}/{y}.png"


@pytest.fixture(autouse=True)
def _county() -> None:
    places.county(is_demo=False)
    places.village("990521003007")


def images(path: str = "/") -> str:
    policy = Client().get(path).headers["Content-Security-Policy"]
    return next(rule for rule in policy.split("; ") if rule.startswith("img-src"))


def test_by_default_there_is_ours_alone_and_no_other_host_may_be_asked() -> None:
    bases = Client().get("/api/county/").json()["base_maps"]
    assert [base["key"] for base in bases] == ["own"]
    assert images() == "img-src 'self' data: blob:"


def test_those_of_the_settings_with_their_numbers(settings: Any) -> None:
    settings.TIANDITU_KEY, settings.TIANDITU_APPROVAL_NUMBER = "secret-key", "GS(2026)9"
    settings.OSM_TILES_URL = OSM
    bases = {base["key"]: base for base in Client().get("/api/county/").json()["base_maps"]}
    assert list(bases) == ["own", "vec", "img", "osm"]
    assert [("LAYER=cva&" in tile, "TILEMATRIXSET=w&" in tile) for tile in bases["vec"]["tiles"]] == [
        (False, True),
        (True, True),
    ]
    assert all(tile.endswith("&tk=secret-key") for tile in bases["img"]["tiles"])
    assert (bases["img"]["approval_number"], bases["osm"]["approval_number"]) == ("GS(2026)9", "")
    assert "https://t7.tianditu.gov.cn" in images()
    assert images().endswith("https://tiles.example.org")


def test_an_address_with_servers_opens_the_page_for_each_of_them(settings: Any) -> None:
    settings.OSM_TILES_URL = "https://{s}.tiles.example.org/{z}/{x}/{y}.png"
    assert Client().get("/api/county/").json()["base_maps"][1]["servers"] == "abc"
    hosts = " ".join(f"https://{server}.tiles.example.org" for server in "abc")
    assert images() == f"img-src 'self' data: blob: {hosts}"


def warnings() -> set[str]:
    said = StringIO()
    call_command("check", "--deploy", "--database", "default", stderr=said)
    return {code for code in ("portal.W001", "portal.W002") if code in said.getvalue()}


def test_the_deploy_check_names_what_has_no_number(settings: Any) -> None:
    assert warnings() == {"portal.W002"}
    settings.OSM_TILES_URL = OSM
    assert warnings() == {"portal.W001", "portal.W002"}
    County.objects.update(approval_number="GS(2026)1")
    settings.OSM_APPROVAL_NUMBER = "GS(2026)2"
    assert warnings() == set()
