"""Reads of devices; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.gis.db import models

from kernel.viewer import Viewer
from places.querysets import answering, jurisdiction

if TYPE_CHECKING:
    from devices.models import Device


def own(viewer: Viewer) -> models.Q:
    """Devices inside the viewer's jurisdiction."""
    return jurisdiction(answering(viewer), "village_id")


class DeviceQuerySet(models.QuerySet["Device"]):
    """Devices."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published ones for everybody; all of them inside the viewer's jurisdiction."""
        return self.filter(county_id=viewer.county).filter(models.Q(is_published=True) | own(viewer))
