"""Reads of projects; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.gis.db import models

from kernel.viewer import Role, Viewer
from places.querysets import jurisdiction
from projects.states import RIGHTS, Act, Reach

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


def _allowed(viewer: Viewer, act: Act, built_for: type[models.Model]) -> models.Q:
    """Projects to which the table of rights lets ``viewer`` do ``act``, as ``states.may`` says it for one project.

    Args:
        viewer: who wants to.
        act: what is done.
        built_for: the table that joins projects and their villages.
    """
    reach = RIGHTS[act].get(viewer.role) if viewer.role else None
    if reach is Reach.UNIT and viewer.unit_id is not None:
        return models.Q(owner_unit_id=viewer.unit_id)
    if reach is Reach.AREA:
        return jurisdiction(viewer, "village_id")
    if reach in (Reach.NEAR, Reach.OWN_UPLOAD):
        home = [code[:12] for code in viewer.jurisdiction if len(code) >= 12 and code.startswith(viewer.county)]
        joined = built_for._default_manager.filter(project_id=models.OuterRef("pk"), place_id__in=home)
        return jurisdiction(viewer, "village_id") | models.Q(village_id__in=home) | models.Q(models.Exists(joined))
    return models.Q(pk__in=[])


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published ones for everybody; all of them for those who answer for them."""
        return self.filter(_visible(viewer))

    def concerning(self, code: str) -> Self:
        """Those that lie in the place ``code`` or are built for a village in it, each once."""
        inside = self.model.villages.through.objects.filter(place__code__startswith=code)
        built_for = models.Exists(inside.filter(project_id=models.OuterRef("pk")))
        return self.filter(models.Q(village__code__startswith=code) | models.Q(built_for))

    def open_to(self, viewer: Viewer, act: Act) -> Self:
        """Those to which ``viewer`` may do ``act``."""
        return self.filter(_allowed(viewer, act, self.model.villages.through))


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
