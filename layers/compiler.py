"""From a LayerSpec and a Viewer to the viewer's own rows in SQL. Every face of a layer starts here.

Rights by rows and by fields meet in this module and nowhere else: the rows are those of ``LayerSpec.rows(viewer)``, and
a private field is ``CASE WHEN own THEN field END`` in the same statement. A field right by role alone would show the
private fields of rows that belong to somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Polygon
from django.core.exceptions import EmptyResultSet
from django.db.models import Case, F, Func, Q, QuerySet, TextField, Value, When
from django.utils.translation import gettext as _

from kernel.errors import NotFound
from kernel.geo import Bbox
from kernel.layerspec import Field, LayerSpec
from kernel.viewer import Viewer
from layers.query import Query
from layers.statements import Statement, quote

SRID = 4326
DIGITS = 6
"""Decimals of a degree in answers: 0.1 m."""

PK = "_pk"

_AS_JSON = {
    "datetime": """to_char({0} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"')""",
}
_AS_TILE_VALUE = {
    # A vector tile knows numbers, booleans and strings (Vector Tile Specification 2.1, 4.4).
    "integer": "{0}::bigint",
    "number": "{0}::double precision",
    "boolean": "{0}",
    "datetime": _AS_JSON["datetime"],
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Output fields as columns of an inner query.

    Attributes:
        fields: the fields, in the order of their declaration.
        expressions: column alias → ORM expression. Aliases are ``_f0``, ``_f1`` …, because Django refuses an alias
            that equals a field of the model.
    """

    fields: tuple[Field, ...]
    expressions: dict[str, Any]

    def as_json(self) -> str:
        """The select list that names the columns of ``q`` as ``row_to_json`` shall."""
        return self._list(_AS_JSON, "{0}")

    def as_tile(self) -> str:
        """The select list that names the columns of ``q`` as values of a vector tile."""
        return self._list(_AS_TILE_VALUE, "{0}::text")

    def _list(self, casts: Mapping[str, str], otherwise: str) -> str:
        pairs = zip(self.expressions, self.fields, strict=True)
        shown = (
            f"{casts.get(field.type, otherwise).format(f'q.{quote(alias)}')} AS {quote(field.name)}"
            for alias, field in pairs
        )
        return ", ".join(shown)


def visible(spec: LayerSpec, viewer: Viewer) -> QuerySet[Any]:
    """The rows of ``spec`` that exist for ``viewer``.

    Raises:
        NotFound: the whole layer does not exist for the viewer.
    """
    if not viewer.may(spec.audience):
        raise no_layer()
    return spec.rows(viewer)


def no_layer() -> NotFound:
    """The same answer for a layer that is not there and for one that the viewer may not know of."""
    return NotFound(_("没有这个图层。"), code="unknown_layer")


def shown(spec: LayerSpec, viewer: Viewer, field: Field) -> Any:
    """The value of ``field`` as an ORM expression: NULL on the rows where it is private and not the viewer's own."""
    if not field.private:
        return F(field.path)
    if spec.own is None:  # refused by a system check; a mistake must hide, not show
        return Value(None, output_field=TextField())
    # Django refuses When(Q()): "everything is own" has to be said as a condition.
    own = spec.own(viewer) or Q(pk__isnull=False)
    return Case(When(own, then=F(field.path)))


def columns(spec: LayerSpec, viewer: Viewer, fields: Sequence[Field]) -> Columns:
    """``fields`` as columns. The caller passes only fields of ``spec.fields_for(viewer)``."""
    expressions = {f"_f{at}": shown(spec, viewer, field) for at, field in enumerate(fields)}
    return Columns(tuple(fields), expressions)


def field_named(spec: LayerSpec, viewer: Viewer, name: str) -> Field | None:
    """The field of that name, if it exists for the viewer."""
    return next((field for field in spec.fields_for(viewer) if field.name == name), None)


def selected(spec: LayerSpec, viewer: Viewer, query: Query) -> QuerySet[Any]:
    """The viewer's rows inside the box that pass the filters; neither ordered nor cut.

    The box is compared with the boxes of the geometries (``&&``), which their index answers.
    """
    rows = visible(spec, viewer)
    if query.bbox is not None:
        rows = rows.filter(**{f"{spec.geom}__bboverlaps": polygon(query.bbox)})
    for at, wanted in enumerate(query.filters):
        if wanted.field.private:
            # By the value that is shown, never by the one that is stored: a filter must not tell what is hidden.
            rows = rows.alias(**{f"_w{at}": shown(spec, viewer, wanted.field)}).filter(**{f"_w{at}__in": wanted.values})
        else:
            rows = rows.filter(**{f"{wanted.field.path}__in": wanted.values})
    return rows


def polygon(bbox: Bbox) -> Polygon:
    """The box as a polygon, EPSG:4326."""
    area = Polygon.from_bbox(bbox)
    area.srid = SRID
    return area


def geometry(spec: LayerSpec, function: str, *more: Any) -> Func:
    """``function(geometry, more…)`` with a plain output field (Django would add a cast to a geometry's)."""
    return Func(F(spec.geom), *(Value(value) for value in more), function=function, output_field=TextField())


def compiled(rows: QuerySet[Any], **extra: Any) -> Statement | None:
    """The SQL of ``rows`` with the columns ``_pk`` and ``extra``; None when it can have no row."""
    try:
        sql, params = rows.values(**{PK: F("pk")}, **extra).query.sql_with_params()
    except EmptyResultSet:
        return None
    return Statement(sql, tuple(params))
