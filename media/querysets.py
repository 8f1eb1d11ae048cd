"""Reads of one table of files. Who may open one is more than a row knows: ``media.selectors.file_access``."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from kernel.viewer import Audience, Viewer


def _own(viewer: Viewer) -> models.Q:
    """Files that are not public but exist for a viewer: the own ones, and all for staff of the whole county."""
    if not viewer.may(Audience.GRID):
        return models.Q(pk__in=[])
    uploaded = models.Q(uploaded_by_id=viewer.user_id)
    return models.Q(pk__isnull=False) if viewer.county in viewer.jurisdiction else uploaded


class FileQuerySet(models.QuerySet[Any]):
    """Photos or documents."""

    def kept_by(self, viewer: Viewer) -> Self:
        """Those that a viewer works with: the own uploads, and all for staff of the whole county.

        Anything that takes or gives the number of a file starts here: numbers can be counted through, and a published
        photo may belong to a project that is not. The public reaches a file by its random name only.
        """
        return self.filter(_own(viewer), county_id=viewer.county)
