"""Reads of one table of files; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from kernel.viewer import Audience, Viewer

if TYPE_CHECKING:
    from media.models import Document, Photo


def _own(viewer: Viewer) -> models.Q:
    """Files that are not public but exist for a viewer: the own ones, and all for staff of the whole county."""
    if not viewer.may(Audience.GRID):
        return models.Q(pk__in=[])
    uploaded = models.Q(uploaded_by_id=viewer.user_id)
    return models.Q(pk__isnull=False) if viewer.county in viewer.jurisdiction else uploaded


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Photos."""

    def published(self) -> Self:
        """What exists for the public."""
        return self.filter(state="published")

    def visible_to(self, viewer: Viewer) -> Self:
        """Published ones; staff also see what they uploaded, staff of the whole county all."""
        return self.filter(county_id=viewer.county).filter(models.Q(state="published") | _own(viewer))

    def kept_by(self, viewer: Viewer) -> Self:
        """Those that a viewer works with: the own uploads, and all for staff of the whole county.

        Anything that takes or gives the number of a photo starts here: numbers can be counted through, and a published
        photo may belong to a project that is not. The public reaches a photo by its random name only.
        """
        return self.filter(_own(viewer), county_id=viewer.county)


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published ones; staff also see what they uploaded, staff of the whole county all."""
        return self.filter(county_id=viewer.county).filter(models.Q(state="published") | _own(viewer))

    def kept_by(self, viewer: Viewer) -> Self:
        """Those that a viewer works with: the own uploads, and all for staff of the whole county."""
        return self.filter(_own(viewer), county_id=viewer.county)
