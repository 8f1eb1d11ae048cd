"""Reads of projects; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.gis.db import models

from kernel.viewer import Role, Viewer
from places.querysets import jurisdiction

if TYPE_CHECKING:
    from projects.models import Notice, Progress, Project, ProjectPhoto


def own(viewer: Viewer, prefix: str = "") -> models.Q:
    """Projects inside the viewer's jurisdiction, and for a handler those of the own unit.

    Args:
        viewer: who looks.
        prefix: path to the project, e.g. "project__".
    """
    inside = jurisdiction(viewer, f"{prefix}village_id")
    if viewer.has_role(Role.HANDLER) and viewer.unit_id is not None:
        inside |= models.Q(**{f"{prefix}owner_unit_id": viewer.unit_id})
    return inside


def _visible(viewer: Viewer, prefix: str = "") -> models.Q:
    published = models.Q(**{f"{prefix}is_published": True})
    return models.Q(**{f"{prefix}county_id": viewer.county}) & (published | own(viewer, prefix))


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published ones for everybody; all of them for those who answer for them."""
        return self.filter(_visible(viewer))


class ProgressQuerySet(models.QuerySet["Progress"]):
    """Monthly progress rows."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Rows of visible projects."""
        return self.filter(_visible(viewer, "project__"))


class ProjectPhotoQuerySet(models.QuerySet["ProjectPhoto"]):
    """Photos of projects."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published photos of visible projects; all of them for those who answer for the project."""
        published = models.Q(photo__state="published")
        return self.filter(_visible(viewer, "project__")).filter(published | own(viewer, "project__"))


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Public notices."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published notices of visible projects; all of them for those who answer for the project."""
        published = models.Q(is_published=True)
        return self.filter(_visible(viewer, "project__")).filter(published | own(viewer, "project__"))
