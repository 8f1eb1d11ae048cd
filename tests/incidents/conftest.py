"""A frozen day, an empty cache (paces count there), and a county with a village, kinds and deadlines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from kernel import clock
from tests.factories import incidents, places


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    cache.clear()
    with clock.freeze("2026-06-30", everywhere=True):
        yield


@pytest.fixture
def village(db: None):
    """A village with a grid, and four kinds of matters."""
    made = places.village()
    places.grid()
    incidents.category("lamp", precision_m=0)
    incidents.category("noise", title="噪音扰民", words="噪音 吵", precision_m=200)
    incidents.category("abuse", title="家庭暴力", words="家暴", is_sensitive=True)
    incidents.category("other", title="其他", words="", order=999)
    return made
