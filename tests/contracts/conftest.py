"""The test-only layer is declared for the tests of this folder and gone after each."""

from collections.abc import Iterator

import pytest

from kernel.layerspec import layers
from tests.contracts.samples.shops import SHOPS


@pytest.fixture(autouse=True)
def shops() -> Iterator[None]:
    layers.add(SHOPS)
    yield
    layers.remove("shops")
