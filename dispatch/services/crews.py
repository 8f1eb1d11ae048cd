"""Crews say where they stand and when they are on shift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.models import Crew
from dispatch.querysets import keeps_crew
from kernel.errors import Forbidden, Invalid, NotFound, NotSignedIn
from kernel.viewer import Viewer
from records.services import audit_write, changes_between


@transaction.atomic
def crew_update(*, by: Viewer, crew_id: int, fields: Mapping[str, Any]) -> Crew:
    """Change position or shift of a crew; by handlers of its unit.

    A position has no version: the newest report counts.

    Args:
        by: who says so.
        crew_id: key of the crew.
        fields: any of ``lonlat`` (EPSG:4326), ``weekdays`` (1 … 7), ``shift_start``, ``shift_end``.

    Raises:
        NotSignedIn, NotFound, Forbidden: nobody is signed in; none that ``by`` may see; not of the unit.
        Invalid: names the field.
    """
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    crew = Crew.objects.visible_to(by).select_for_update(no_key=True, of=("self",)).filter(pk=crew_id).first()
    if crew is None:
        raise NotFound(_("没有这个班组，或者您不能看。"))
    if not keeps_crew(by, crew):
        raise Forbidden(_("班组的位置和班次由本单位的承办人维护。"))
    before = _plain(crew)
    for name, value in fields.items():
        _put(crew, name, value)
    crew.save(update_fields=["geom", "weekdays", "shift_start", "shift_end"])
    if changes := changes_between(before, _plain(crew)):
        audit_write(by=by, action="crew.update", obj=crew, changes=changes)
    return crew


def _put(crew: Crew, name: str, value: Any) -> None:
    if name == "lonlat":
        lon, lat = value
        crew.geom = Point(lon, lat, srid=4326)
    elif name == "weekdays":
        if any(not 1 <= day <= 7 for day in value):
            raise Invalid(_("值班日用 1（周一）到 7（周日）。"), field=name)
        crew.weekdays = sorted(set(value))
    elif isinstance(value, dt.time):
        setattr(crew, name, value)


def _plain(crew: Crew) -> dict[str, Any]:
    shift = {"shift_start": crew.shift_start, "shift_end": crew.shift_end, "weekdays": list(crew.weekdays)}
    return {"lonlat": [crew.geom.x, crew.geom.y], **shift}
