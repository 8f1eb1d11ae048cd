"""Control lines come from files of the planning office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction

from imagery.models import RedLine
from imagery.services.ordering import points_reorder
from kernel.errors import Invalid
from kernel.viewer import Viewer
from places.models import County
from records.services import audit_write


@dataclass(frozen=True, slots=True)
class GivenLine:
    """A line as a file has it, EPSG:4326."""

    geom: MultiPolygon
    code: str


@dataclass(frozen=True, slots=True)
class RedLinesKept:
    """How many lines there are now, how many of the same file went, and how many points that wait have moved."""

    lines: int
    replaced: int
    moved: int


@transaction.atomic
def redlines_put(*, by: Viewer, kind: RedLine.Kind, origin: str, lines: Sequence[GivenLine]) -> RedLinesKept:
    """Keep the lines of a file; those that it brought before go. What waits in the queue is put into order again.

    Args:
        by: whose county; the caller decides who may.
        kind: of all of them.
        origin: name of the file.
        lines: at least one.

    Raises:
        Invalid: no county, or no line.
    """
    county = County.objects.filter(pk=by.county).first()
    if county is None:
        raise Invalid(f"There is no county {by.county} in the database.", code="unknown_county", field="county")
    if not lines:
        raise Invalid(f"{origin} has no area in {by.county}.", code="no_lines")
    origin = origin[:120]
    replaced = RedLine.objects.filter(county=county, origin=origin, kind=kind).delete()[0]
    rows = (RedLine(county=county, kind=kind, origin=origin, geom=one.geom, code=one.code[:40]) for one in lines)
    RedLine.objects.bulk_create(rows, batch_size=1000)
    said = {"kind": [None, kind], "origin": [None, origin], "lines": [replaced, len(lines)]}
    audit_write(by=by, action="redlines.import", obj=county, changes=said)
    return RedLinesKept(len(lines), replaced, points_reorder(by=by))
