"""People with rows behind them, a frozen day, and clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.selectors import viewer_of
from kernel import clock
from kernel.viewer import Role, Viewer
from tests.factories import people, places, projects

VILLAGE = "990521003007"

Who = Callable[..., Viewer]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.freeze("2026-06-30", everywhere=True):
        yield


def made_user(role: Role | str, *jurisdiction: str, unit: str = "") -> User:
    """A user with a row; ``unit`` is a code of ``projects.unit``."""
    more: dict[str, Any] = {"unit": projects.unit(unit)} if unit else {}
    return people.user(role, jurisdiction=jurisdiction, **more)


def who(role: Role | str | None, *jurisdiction: str, unit: str = "", county: str = places.COUNTY) -> Viewer:
    """A viewer with a row behind; None is anonymous."""
    if role is None:
        return Viewer(county=county)
    return viewer_of(made_user(role, *jurisdiction, unit=unit), county)


def client_of(role: Role | str | None, *jurisdiction: str, unit: str = "") -> Client:
    """A signed-in client."""
    client = Client()
    if role is not None:
        client.force_login(made_user(role, *jurisdiction, unit=unit))
    else:
        places.county()
    return client
