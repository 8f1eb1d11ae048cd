"""What lies nearest, by an index: rows in the order of their distance, without a look at all of them."""

from __future__ import annotations

from django.contrib.gis.db.models import PointField
from django.db.models import FloatField, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast

_GEOGRAPHY = PointField(geography=True, srid=4326)


def geography(column: str) -> Cast:
    """A column of points (EPSG:4326) as geography: what a ``GistIndex`` has to be of for ``metres_to`` to use it."""
    return Cast(column, _GEOGRAPHY)


def metres_to(column: str, here: str) -> CombinedExpression:
    """Metres from a point (``kernel.geo.ewkt``) on the sphere of the mean earth radius, as ``kernel.geo.distance_m``.

    The index answers the order as long as nothing else is ordered by (PostgreSQL 15 leaves it for a second key).
    Rows in this order cannot be locked by the same query (PostgreSQL 15: "attempted to lock invisible tuple").

    Source: PostGIS, geography ``<->``.
    """
    return CombinedExpression(geography(column), "<->", Cast(Value(here), _GEOGRAPHY), output_field=FloatField())
