"""Reads of one table of places; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from django.contrib.gis.db import models
from django.contrib.gis.geos import Point

from kernel.viewer import Audience, Viewer

if TYPE_CHECKING:
    from places.models import Contact, Place

VILLAGE_DIGITS = 12


class PlaceQuerySet(models.QuerySet["Place"]):
    """Places."""

    def visible_to(self, viewer: Viewer) -> Self:
        """All places of the county that is looked at: where a village lies is no secret."""
        return self.filter(county_id=viewer.county)

    def of_level(self, level: str) -> Self:
        """Places of one level."""
        return self.filter(level=level)

    def within(self, code: str) -> Self:
        """The place ``code`` and everything below it."""
        return self.filter(code__startswith=code)

    def at(self, lon: float, lat: float) -> Self:
        """Places whose area holds the point (EPSG:4326 degrees), largest first."""
        return self.filter(geom__intersects=Point(lon, lat, srid=4326)).order_by("code")


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts and supervision phones."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published ones for everybody; all of them inside the viewer's jurisdiction."""
        public = models.Q(is_published=True)
        return self.filter(county_id=viewer.county).filter(public | jurisdiction(viewer))


def jurisdiction(viewer: Viewer, path: str = "place_id") -> models.Q:
    """Rows whose place code at ``path`` lies in the viewer's jurisdiction, in the county that is looked at.

    A row outside every village (NULL at ``path``) is inside the jurisdiction of the whole county only.
    """
    # A foreign key knows no prefix lookup; the code behind it does, and costs no join, for it is the column itself.
    text = f"{path.removesuffix('_id')}__code" if path.endswith("_id") else path
    inside = models.Q(pk__in=[])
    for code in viewer.jurisdiction:
        if not code.startswith(viewer.county):
            continue
        inside |= models.Q(**{f"{text}__startswith": code})
        if code == viewer.county:
            inside |= models.Q(**{f"{path}__isnull": True})
    return inside


def answering(viewer: Viewer) -> Viewer:
    """``viewer`` as one who answers for things of villages: nobody below staff, and a grid counts as its village.

    Such things know their village, not their grid; who keeps a grid of a village keeps the things of the village.
    """
    areas = {code[:VILLAGE_DIGITS] for code in viewer.jurisdiction} if viewer.may(Audience.GRID) else set()
    return replace(viewer, jurisdiction=tuple(sorted(areas)))
