"""A frozen day with its weeks of readings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devices import services
from kernel import clock

NOW = "2026-06-30T10:20:00+08:00"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.freeze(NOW, everywhere=True):
        yield


@pytest.fixture
def weeks(db: None) -> list[str]:
    """Partitions around today."""
    return services.partitions_make()
