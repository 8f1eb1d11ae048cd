"""Bad input, limits and ends of streams."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from facilities.models import Facility
from layers.live import stream
from tests.layers.live.scene import (
    SHOPS_PATH,
    Open,
)
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


REFUSED = [
    ("", 400, "missing_parameter", "layers"),
    ("?layers=", 400, "missing_parameter", "layers"),
    ("?layers=,,", 400, "missing_parameter", "layers"),
    ("?layers=nothing", 404, "unknown_layer", ""),
    ("?layers=shops,", 200, "", ""),
    (f"?layers={'a' * 2001}", 400, "invalid", "layers"),
    ("?layers=shops&layers=shops", 400, "repeated_parameter", "layers"),
    ("?layers=shops&bbox=1,2,3,4", 400, "unknown_parameter", "bbox"),
    ("?layers=shops&county=123456", 404, "unknown_county", "county"),
    ("?layers=%00", 400, "malformed_request", ""),
]


@pytest.mark.parametrize("query, status, code, field", REFUSED)
def test_bad_input(listen: Open, client: Client, query: str, status: int, code: str, field: str) -> None:
    one = listen(f"/live/{query}")
    assert one.status == status
    if status != 200:
        assert (one.error["code"], one.error.get("field", "")) == (code, field)
    asked = client.get(f"/api/layers/changes{query}")
    assert (asked.status_code, asked.json().get("code", "")) == (status, code)


def test_below_and_beside_the_address_is_nothing(listen: Open, client: Client) -> None:
    assert listen("/live/x?layers=shops").status == 404
    assert client.post(SHOPS_PATH).status_code == 405
    assert client.get("/api/layers/changes", {"layers": "shops", "since": "x"}).json()["field"] == "since"


def test_a_server_without_live_channel_says_so(client: Client) -> None:
    answer = client.get(SHOPS_PATH)
    assert (answer.status_code, answer.json()["code"]) == (503, "no_live_channel")


@pytest.mark.parametrize(
    "limits, status", [({"LIVE_STREAMS": 2}, 503), ({"LIVE_STREAMS_PER_ADDRESS": 2}, 429)], ids=["all", "address"]
)
def test_there_are_only_so_many(listen: Open, settings: Any, limits: dict[str, int], status: int) -> None:
    for name, value in limits.items():
        setattr(settings, name, value)
    first, _second = listen(), listen()
    refused = listen()
    assert (refused.status, refused.error["code"]) == (status, "too_many_streams")
    first.close()
    until(lambda: listen(first=None).status == 200, "there is room again")


def test_a_stream_ends_in_time_so_that_rights_are_looked_at_again(
    listen: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LIFE_S", (0.3, 0.3))
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.1)
    assert listen(first=None).ends(5)


def test_who_takes_nothing_is_dropped(
    listen: Open, live_site: Any, row: Facility, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client reads nothing; comments fill what the kernel and the server keep for it, 64 KB, and it is over."""
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.001)
    monkeypatch.setattr(stream, "STALL_S", 0.3)
    monkeypatch.setattr(stream, "_HEARTBEAT", b":" + b" " * 65536 + b"\n\n")
    listen(room=4096)
    until(lambda: live_site.root.live.gate.inside == 0, "the stream is given up")
