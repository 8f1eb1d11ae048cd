"""How many rows of a layer lie in each township or village, by the place codes of the rows."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import F
from django.utils.translation import gettext as _

from kernel.errors import NotFound
from kernel.language import is_english
from kernel.layerspec import LayerSpec
from kernel.viewer import Viewer
from layers.compiler import field_named, no_layer, rows, where
from layers.query import Query
from layers.statements import Statement
from places.models import Place

Level = Literal["township", "village"]

DIGITS_OF_LEVEL: dict[Level, int] = {"township": 9, "village": 12}
"""A place's code starts with the code of the place around it (docs/adr/0006)."""

NO_ROWS = "SELECT NULL::text AS _code, NULL::text AS _style WHERE false"

_COUNTED = """
WITH parts AS MATERIALIZED (
    SELECT left(q._code, %s) AS code, q._style AS style, count(*) AS n FROM ({rows}) q GROUP BY 1, 2
), sums AS (
    SELECT code, sum(n) AS n, json_object_agg(coalesce(style, ''), n ORDER BY style) AS by FROM parts GROUP BY 1
), places AS ({places})
SELECT '{{"level":' || to_json(%s::text) || ',"counts":[' || coalesce(string_agg(
         '{{"code":' || to_json(p._code) || ',"name":' || to_json(p._name) || ',"count":' || coalesce(s.n, 0)
         || ',"by":' || {by} || '}}', ',' ORDER BY p._code), '')
       || '],"outside":' || (SELECT coalesce(sum(n), 0) FROM sums
                             WHERE code IS NULL OR code NOT IN (SELECT _code FROM places)) || '}}'
FROM places p LEFT JOIN sums s ON s.code = p._code"""


def counts_statement(spec: LayerSpec, viewer: Viewer, query: Query, level: Level) -> Statement:
    """One row with the whole answer.

    Raises:
        NotFound: the rows of the layer belong to no places.
    """
    if not viewer.may(spec.audience):
        raise no_layer()
    if not spec.area:
        raise NotFound(_("这个图层不按地方统计。"), code="not_counted")
    style = field_named(spec, viewer, spec.style_by)
    found = rows(spec, viewer, (style,) if style else (), query, with_code=True)
    counted: str = NO_ROWS
    params: tuple[Any, ...] = ()
    if found is not None:
        wanted = where(found, query)
        shown = f"q.{found.column(style)}::text" if style else "NULL::text"
        counted = f"SELECT q._code::text AS _code, {shown} AS _style FROM ({found.sql}) q WHERE {wanted.sql}"
        params = (*found.params, *wanted.params)
    places = _places(viewer, level)
    sql = _COUNTED.format(rows=counted, places=places.sql, by="coalesce(s.by, '{}')" if style else "'{}'")
    return Statement(sql, (DIGITS_OF_LEVEL[level], *params, *places.params, level))


def counts(spec: LayerSpec, viewer: Viewer, query: Query, level: Level) -> bytes:
    """``{"level", "counts": [{code, name, count, by}], "outside": n}`` as JSON, places without rows included.

    ``outside`` counts the visible rows that lie in no place of the level.

    Cost: one query.
    """
    return bytes(counts_statement(spec, viewer, query, level).row()[0])


def _places(viewer: Viewer, level: Level) -> Statement:
    rows = Place.objects.visible_to(viewer).of_level(level).order_by()
    names = rows.values(_code=F("code"), _name=F("name"), _name_en=F("name_en"))
    sql, params = names.query.sql_with_params()
    name = "coalesce(nullif(_name_en, ''), _name)" if is_english() else "_name"
    return Statement(f"SELECT _code::text, {name}::text AS _name FROM ({sql}) n", tuple(params))
