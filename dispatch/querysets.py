"""Reads of one table of dispatch; each starts from ``visible_to(viewer)``.

Work orders are the staff's: the public hears of them through the thing they are for.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

from dispatch.states import OPEN_STATES, Level
from kernel.viewer import Role, Viewer
from places.querysets import jurisdiction

if TYPE_CHECKING:
    from dispatch.models import Crew, RoutingRule, WorkOrder

OVERSEERS = (Role.DESK, Role.SUPERVISOR, Role.OFFICIAL)
"""Roles that see every order of the places they answer for; so does a grid manager."""

CREW_READERS = (*OVERSEERS, Role.GRID_MANAGER, Role.HANDLER)
"""Roles that see crews; a handler those of the own unit."""


def own(viewer: Viewer, prefix: str = "") -> models.Q:
    """Orders that are the viewer's business: in the own places, and for handlers those led by the own unit.

    Citizens, village agents and administrators have none. A unit whose hand-back was accepted no longer reads the
    order: whoever has nothing to do with a case any more has no need of what is in it (``statistics`` counts the
    hand-back for it all the same). What a unit finished it keeps reading, for it still leads it.

    Args:
        viewer: who looks.
        prefix: path to the order, e.g. "order__".
    """
    if viewer.has_role(*OVERSEERS, Role.GRID_MANAGER):
        rows = jurisdiction(viewer, f"{prefix}place_id") | jurisdiction(viewer, f"{prefix}grid_id")
        if viewer.has_role(Role.GRID_MANAGER) and viewer.user_id is not None:
            rows |= models.Q(**{f"{prefix}assignee_id": viewer.user_id})
        return rows
    if viewer.has_role(Role.HANDLER) and viewer.unit_id is not None:
        mine = models.Q(**{f"{prefix}lead_unit_id": viewer.unit_id})
        return mine | models.Q(**{f"{prefix}parent__lead_unit_id": viewer.unit_id})
    return models.Q(pk__in=[])


class WorkOrderQuerySet(models.QuerySet["WorkOrder"]):
    """Work orders."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those that are the viewer's business, in the county that is looked at."""
        return self.filter(models.Q(county_id=viewer.county) & own(viewer))

    def of_source(self, source: str, source_id: str) -> Self:
        """All orders that were opened for one thing, tasks of other units left out, oldest first."""
        return self.filter(source=source, source_id=source_id, parent=None).order_by("pk")

    def still_open(self) -> Self:
        """Those on which somebody still has to do something."""
        return self.filter(state__in=OPEN_STATES)

    def at_level(self, level: Level, now: dt.datetime) -> Self:
        """Open ones of that overdue level at ``now`` (``selectors.level_of`` says the same of one row).

        Where the clock stands, the level is that of the moment at which it stopped.
        """
        at = Coalesce(models.F("paused_at"), models.Value(now))
        rows = self.still_open().alias(level_at=at)
        match level:
            case Level.RED:
                return rows.filter(red_at__lt=models.F("level_at"))
            case Level.ORANGE:
                return rows.filter(due_at__lt=models.F("level_at"), red_at__gte=models.F("level_at"))
            case Level.YELLOW:
                return rows.filter(yellow_at__lte=models.F("level_at"), due_at__gte=models.F("level_at"))
        return rows.filter(yellow_at__gt=models.F("level_at"))


class OfOrderQuerySet(models.QuerySet[models.Model]):
    """Rows that belong to an order and are seen by whoever sees it."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of visible orders."""
        return self.filter(models.Q(order__county_id=viewer.county) & own(viewer, "order__"))


class CrewQuerySet(models.QuerySet["Crew"]):
    """Crews."""

    def visible_to(self, viewer: Viewer) -> Self:
        """All crews of the county for those who dispatch, one's own unit's for handlers, none for anybody else."""
        rows = self.filter(county_id=viewer.county)
        if viewer.has_role(*OVERSEERS, Role.GRID_MANAGER):
            return rows
        if viewer.has_role(Role.HANDLER) and viewer.unit_id is not None:
            return rows.filter(unit_id=viewer.unit_id)
        return rows.none()


def keeps_crew(viewer: Viewer, crew: Crew) -> bool:
    """Whether the viewer says where the crew stands and when it is on shift: a handler of its unit."""
    return viewer.has_role(Role.HANDLER) and viewer.unit_id == crew.unit_id


def reads_rules(viewer: Viewer) -> bool:
    """Whether the county's rules of dispatch are the viewer's business: an overseer's of the whole of it."""
    return viewer.has_role(*OVERSEERS) and viewer.covers(None)


def writes_rules(viewer: Viewer) -> bool:
    """Whether the viewer writes them: supervisors and officials of the whole county."""
    return viewer.has_role(Role.SUPERVISOR, Role.OFFICIAL) and viewer.covers(None)


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    """Rules of dispatch."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of the county, for the overseers of the whole of it."""
        return self.filter(county_id=viewer.county) if reads_rules(viewer) else self.none()
