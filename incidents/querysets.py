"""Reads of one table of incidents; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

from dispatch.models import WorkOrder
from dispatch.states import OPEN_STATES
from dispatch.states import State as OrderState
from incidents.states import State
from kernel.viewer import Role, Viewer
from places.querysets import jurisdiction

if TYPE_CHECKING:
    from incidents.models import Category, Report

KEEPERS = (Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR, Role.OFFICIAL)
"""Roles that read every report of the places they answer for, as it was written."""

PUBLIC_STATES = (State.ACCEPTED.value, State.ANSWERED.value, State.CLOSED.value, State.MERGED.value)
"""What nobody has looked at yet is not published, nor what was refused or withdrawn."""

FROM_ORDER = tuple(state.value for state in OPEN_STATES if state is not OrderState.OPENED)
"""States of an open order that people see as those of the report."""


def own(viewer: Viewer, prefix: str = "") -> models.Q:
    """Reports that are the viewer's business.

    Grid managers, desk, supervisors and officials: those of the own places. Handlers: those whose work order, or a
    task under it, the own unit leads. Village agents: those they made for somebody. Signed-in citizens: their own.
    Administrators: none.

    Args:
        viewer: who looks.
        prefix: path to the report, e.g. "report__".
    """
    if viewer.has_role(*KEEPERS):
        return jurisdiction(viewer, f"{prefix}village_id") | jurisdiction(viewer, f"{prefix}grid_id")
    if viewer.has_role(Role.HANDLER) and viewer.unit_id is not None:
        led = WorkOrder.objects.filter(county_id=viewer.county, lead_unit_id=viewer.unit_id)
        return models.Q(**{f"{prefix}order_id__in": led.values(leading=Coalesce("parent_id", "pk"))})
    if viewer.has_role(Role.VILLAGE_AGENT, Role.CITIZEN) and viewer.user_id is not None:
        return models.Q(**{f"{prefix}filed_by_id": viewer.user_id})
    return models.Q(pk__in=[])


def public(prefix: str = "") -> models.Q:
    """Reports that everybody may know of: accepted ones, unless their kind or the desk keeps them from the map."""
    shown = models.Q(**{f"{prefix}is_public": True})
    return shown & models.Q(**{f"{prefix}state__in": PUBLIC_STATES})


class MatterQuerySet(models.QuerySet["Category"]):
    """Kinds of matters."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those in use in the county that is looked at: no secret."""
        return self.filter(county_id=viewer.county, is_active=True)


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Public ones for everybody, beside them the viewer's own business."""
        return self.filter(models.Q(county_id=viewer.county) & (public() | own(viewer)))

    def business_of(self, viewer: Viewer) -> Self:
        """Only the viewer's own business: what the console lists."""
        return self.filter(models.Q(county_id=viewer.county) & own(viewer))

    def with_status(self, now: dt.datetime) -> Self:
        """With the ``status`` that people see, ``due_at``, and whether that is over at ``now``.

        ``selectors.status_of`` says the same of one row.
        """
        is_at_work = models.Q(state=State.ACCEPTED.value, order__state__in=FROM_ORDER)
        is_open = models.Q(state=State.ACCEPTED.value, order__state__in=OPEN_STATES)
        return self.annotate(
            status=models.Case(models.When(is_at_work, then=models.F("order__state")), default=models.F("state")),
            due_at=models.Case(models.When(is_open, then=models.F("order__due_at"))),
            is_overdue=models.Case(
                models.When(is_open & models.Q(order__due_at__lt=now), then=models.Value(True)),
                default=models.Value(False),
            ),
        )

    def of_status(self, status: str) -> Self:
        """Those that people see as ``status``."""
        if status in FROM_ORDER:
            return self.filter(state=State.ACCEPTED.value, order__state=status)
        rows = self.filter(state=status)
        return rows.exclude(order__state__in=FROM_ORDER) if status == State.ACCEPTED else rows


class OfReportQuerySet(models.QuerySet[models.Model]):
    """Rows that belong to a report and are seen with its private side."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of reports that are the viewer's business."""
        return self.filter(models.Q(report__county_id=viewer.county) & own(viewer, "report__"))
