"""A shop, a layer for staff, and streams that are closed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from facilities.models import Facility
from kernel.layerspec import LayerSpec, layers
from kernel.viewer import Audience
from tests.contracts.samples.shops import SHOPS, shop
from tests.layers.live.scene import (
    SHOPS_PATH,
    VILLAGE,
    Open,
)
from tests.layers.live.streams import Stream
from tests.waiting import until

INNER = LayerSpec(
    key="inner",
    title="内部",
    geometry="point",
    rows=SHOPS.rows,
    fields=(SHOPS.fields[0],),
    source="facilities.Facility",
    audience=Audience.STAFF,
)


@pytest.fixture
def row() -> Facility:
    return shop("一", VILLAGE)


@pytest.fixture
def inner() -> Iterator[None]:
    layers.add(INNER)
    yield
    layers.remove("inner")


@pytest.fixture
def listen(live_site: Any) -> Iterator[Open]:
    """Opens streams: ``listen(path, cookie="…")``; the first event, the state, is read already."""
    opened: list[Stream] = []

    def go(path: str = SHOPS_PATH, *, first: str | None = "reset", **headers: str) -> Stream:
        one = Stream(live_site, path, **headers)
        opened.append(one)
        if one.status == 200 and first:
            one.start = one.next()  # type: ignore[attr-defined]
            assert one.start.kind == first  # type: ignore[attr-defined]
        return one

    yield go
    for one in opened:
        one.close()
    until(lambda: live_site.root.live.gate.inside == 0, "every stream is closed")
