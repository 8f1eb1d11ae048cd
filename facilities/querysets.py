"""Reads of facilities; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.gis.db import models

from kernel.viewer import Viewer
from places.querysets import jurisdiction

if TYPE_CHECKING:
    from facilities.models import Facility


def own(viewer: Viewer) -> models.Q:
    """Facilities inside the viewer's jurisdiction."""
    return jurisdiction(viewer, "village_id")


class FacilityQuerySet(models.QuerySet["Facility"]):
    """Facilities."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published ones for everybody; all of them inside the viewer's jurisdiction."""
        return self.filter(county_id=viewer.county).filter(models.Q(is_published=True) | own(viewer))
