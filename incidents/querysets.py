"""Reads of one table of incidents; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from incidents.states import State
from kernel.viewer import Role, Viewer
from places.querysets import jurisdiction

if TYPE_CHECKING:
    from incidents.models import Report

KEEPERS = (Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR, Role.OFFICIAL)
"""Roles that read every report of the places they answer for, as it was written."""


def own(viewer: Viewer, prefix: str = "") -> models.Q:
    """Reports that are the viewer's business.

    Grid managers, desk, supervisors and officials: those of the own places. Handlers: those whose work order the own
    unit leads. Village agents: those they made for somebody. Signed-in citizens: their own.

    Args:
        viewer: who looks.
        prefix: path to the report, e.g. "report__".
    """
    if viewer.has_role(*KEEPERS):
        return jurisdiction(viewer, f"{prefix}village_id") | jurisdiction(viewer, f"{prefix}grid_id")
    if viewer.has_role(Role.HANDLER) and viewer.unit_id is not None:
        mine = models.Q(**{f"{prefix}order__lead_unit_id": viewer.unit_id})
        return mine | models.Q(**{f"{prefix}order__children__lead_unit_id": viewer.unit_id})
    if viewer.has_role(Role.VILLAGE_AGENT, Role.CITIZEN) and viewer.user_id is not None:
        return models.Q(**{f"{prefix}filed_by_id": viewer.user_id})
    return models.Q(pk__in=[])


def public(prefix: str = "") -> models.Q:
    """Reports that everybody may know of: accepted ones, unless their kind or the desk keeps them from the map."""
    shown = models.Q(**{f"{prefix}is_public": True})
    return shown & models.Q(**{f"{prefix}state__in": PUBLIC_STATES})


PUBLIC_STATES = (State.ACCEPTED.value, State.ANSWERED.value, State.CLOSED.value, State.MERGED.value)
"""What nobody has looked at yet is not published, nor what was refused or withdrawn."""


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Public ones for everybody, beside them the viewer's own business."""
        return self.filter(models.Q(county_id=viewer.county) & (public() | own(viewer)))

    def business_of(self, viewer: Viewer) -> Self:
        """Only the viewer's own business: what the console lists."""
        return self.filter(models.Q(county_id=viewer.county) & own(viewer))


class OfReportQuerySet(models.QuerySet[models.Model]):
    """Rows that belong to a report and are seen with its private side."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of reports that are the viewer's business."""
        return self.filter(models.Q(report__county_id=viewer.county) & own(viewer, "report__"))
