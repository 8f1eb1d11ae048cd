"""Villages and townships as layers: whose rows, which fields."""

from __future__ import annotations

import pytest

from kernel.layerspec import SENSITIVE, layers
from kernel.viewer import Role, Viewer
from tests.factories import people, places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places() -> None:
    places.village("990521003007", "荷塘村", households=412)
    places.grid("990521003007001")
    places.village("990522001001", "别县村")


@pytest.mark.parametrize(("key", "codes"), [("villages", ["990521003007"]), ("townships", ["990521003"])])
@pytest.mark.parametrize("role", people.ROLES)
def test_everybody_sees_the_areas_of_the_county_and_no_other(key: str, codes: list[str], role: Role | None) -> None:
    rows = layers[key].rows(people.viewer(role, jurisdiction=["990521"]))
    assert [row.pk for row in rows] == codes


@pytest.mark.parametrize("key", ["villages", "townships"])
def test_every_declared_field_can_be_read_and_none_is_private(key: str) -> None:
    spec = layers[key]
    row = spec.rows(Viewer(county=places.COUNTY)).values(*[field.path for field in spec.fields]).get()
    assert row["code"].startswith(places.COUNTY)
    assert not any(field.private for field in spec.fields)
    assert not spec.tags & SENSITIVE


def test_a_village_names_its_township() -> None:
    spec = layers["villages"]
    paths = {field.name: field.path for field in spec.fields}
    row = spec.rows(Viewer(county=places.COUNTY)).values(*paths.values()).get()
    assert (row[paths["township"]], row[paths["township_name"]]) == ("990521003", "石桥镇")
