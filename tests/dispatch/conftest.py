"""A frozen day, a source of work, and people."""

import pytest

from kernel import clock
from tests.factories import dispatch as make


@pytest.fixture(autouse=True)
def _today():
    with clock.freeze("2026-06-30", everywhere=True):
        yield


@pytest.fixture
def told():
    """What the source was told."""
    with make.source() as told:
        yield told


@pytest.fixture
def office(db, told):
    """Two units and their people."""
    return make.office()
