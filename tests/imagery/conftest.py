"""A frozen day, an empty cache (paces count there), and people who review."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from imagery import services
from imagery.models import ChangePoint, Review
from imagery.selectors.queue import QueueFilter
from kernel import clock
from kernel.viewer import Viewer
from tests.factories import dispatch, places
from tests.factories import imagery as make

NOW = "2026-06-30T10:00:00+08:00"
Say = Callable[..., Review]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    cache.clear()
    with clock.freeze(NOW, everywhere=True):
        yield


@pytest.fixture
def office() -> dispatch.Office:
    """Whose people are sent to points, and approve what they bring back."""
    return dispatch.office()


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> Path:
    """Empty folders of scenes and of tiles below this one, and the county."""
    for name in ("RASTERS_ROOT", "TILES_ROOT"):
        setattr(settings, name, tmp_path / name)
    settings.RASTERS_ROOT.mkdir()
    places.county()
    return tmp_path


def claim(by: Viewer, **fields: Any) -> services.Claimed:
    """The next point for somebody."""
    return services.point_claim_next(by=by, asked=fields.pop("asked", QueueFilter()), **fields)


def say(by: Viewer, point: ChangePoint, verdict: str, **fields: Any) -> Review:
    """A verdict of somebody who claims the point first."""
    services.point_claim(by=by, point_id=point.pk)
    version, client_id = fields.pop("version", None), fields.pop("client_id", None) or uuid.uuid4()
    if verdict == "no_change":
        fields.setdefault("reason", make.reason().code)
    made = services.ReviewFields(client_id=client_id, verdict=verdict, **fields)
    return services.point_review(by=by, point_id=point.pk, fields=made, version=version)


def undo(by: Viewer, **fields: Any) -> Review:
    """Take the last verdict back."""
    return services.review_undo(by=by, client_id=uuid.uuid4(), **fields)
