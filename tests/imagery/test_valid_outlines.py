"""Outlines that cross themselves: none comes in, and those of earlier versions are put right."""

from importlib import import_module

import pytest
from django.contrib.gis.geos import Polygon
from django.db import IntegrityError, connection

from imagery import services
from imagery.models import ChangePoint, Sighting
from kernel.viewer import Viewer
from tests.factories import imagery as make
from tests.factories import places

of = import_module("imagery.migrations.0016_valid_outlines")

CROSSED = Polygon(
    ((120.08, 30.59), (120.0805, 30.59), (120.0805, 30.5905), (120.0801, 30.59 - 1e-7), (120.08, 30.59)), srid=4326
)
"""Two parts, of which one is a hair."""

pytestmark = pytest.mark.django_db


def test_no_outline_that_crosses_itself_comes_in():
    point = make.point()
    with pytest.raises(IntegrityError, match="point_geom_valid"):
        ChangePoint.objects.filter(pk=point.pk).update(geom=CROSSED)


def test_those_that_are_there_are_put_right_and_the_queue_can_be_ordered():
    point, other = make.point(), make.point(make.VILLAGE)
    Sighting.objects.create(point=point, run=point.run, geom=point.geom, score=1)
    tables = {"imagery_changepoint": "point_geom_valid", "imagery_sighting": "sighting_geom_valid"}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, constraint in tables.items():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        ChangePoint.objects.filter(pk=point.pk).update(geom=CROSSED)
        Sighting.objects.update(geom=CROSSED)
        for table, constraint in tables.items():
            cursor.execute(of.PUT_RIGHT.format(table=table))
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK (ST_IsValid(geom))")
    for one in (ChangePoint.objects.get(pk=point.pk), Sighting.objects.get()):
        assert one.geom.valid
        assert one.geom.area == pytest.approx(0.0004 * 0.0005 / 2, rel=0.01)
    assert ChangePoint.objects.get(pk=other.pk).geom == other.geom
    services.points_reorder(by=Viewer(county=places.COUNTY, label="test"))
