"""The list that PostgreSQL writes is the list that the serializer writes, for every role: same rows, fields, values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from facilities.api.features import FacilityFeatureSerializer
from facilities.models import Facility
from kernel.layerspec import layers
from kernel.viewer import Role, Viewer
from layers import collections
from layers.query import Query
from projects.api.features import ProjectFeatureSerializer, feature_rows
from tests.contracts import canaries, samples
from tests.factories import people, places

pytestmark = pytest.mark.django_db

SAMPLES = samples.samples()


def _facilities(viewer: Viewer) -> Any:
    rows = Facility.objects.visible_to(viewer).with_is_own(viewer).with_photo_count().order_by("pk")
    return FacilityFeatureSerializer(rows, many=True, context={"viewer": viewer}).data


def _projects(viewer: Viewer) -> Any:
    return ProjectFeatureSerializer(feature_rows(viewer).order_by("pk"), many=True, context={"viewer": viewer}).data


SERIALIZED: dict[str, Callable[[Viewer], Any]] = {"facilities": _facilities, "projects": _projects}


@pytest.mark.parametrize("role", people.ROLES, ids=str)
@pytest.mark.parametrize("key", SERIALIZED)
def test_both_lists_are_equal(key: str, role: Role | None) -> None:
    places.county(samples.HOME)
    canaries.plant(layers[key], SAMPLES[key].make())
    viewer = people.viewer(role, jurisdiction=[samples.INSIDE] if role not in (None, Role.CITIZEN) else [])
    fast = json.loads(collections.features(layers[key], viewer, Query()))
    slow = json.loads(json.dumps(SERIALIZED[key](viewer)))
    assert fast["features"] == slow["features"]
    assert fast["features"]
