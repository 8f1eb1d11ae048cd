"""Reads of imagery; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self, cast

from django.contrib.gis.db import models

from dispatch.querysets import own as own_order
from imagery.states import DECISIVE, QUEUE, State
from kernel.viewer import Role, Viewer
from places.querysets import answering, jurisdiction

if TYPE_CHECKING:
    from imagery.models import ChangePoint, ChangeRun, PublishedPoint, Scene

REVIEWERS = (Role.OFFICIAL,)
"""Who looks at scenes and says what they see."""

KEEPERS = (Role.OFFICIAL, Role.SUPERVISOR)
"""Who sees all points of the places they answer for."""

CHECKERS = (Role.HANDLER, Role.GRID_MANAGER)
"""Who is sent there by a work order, and sees a point as long as the order is theirs."""

APPROVERS = (Role.DESK,)
"""Who approves work orders beside supervisors: sees a point as long as they see its order, and only reads."""

WRITERS = (*KEEPERS, *CHECKERS)
"""Who says something of a point that they see; its table of moves decides what."""

READERS = (*WRITERS, *APPROVERS)

_DECISIVE = [one.value for one in DECISIVE]


def own(viewer: Viewer, prefix: str = "") -> models.Q:
    """Points that are the viewer's business: in the own places, and for all others those whose order they see.

    Args:
        viewer: who looks.
        prefix: path to the point, e.g. "point__".
    """
    if viewer.has_role(*KEEPERS):
        return jurisdiction(answering(viewer), f"{prefix}village_id")
    if viewer.has_role(*CHECKERS, *APPROVERS):
        return own_order(viewer, f"{prefix}order__") & models.Q(**{f"{prefix}order__isnull": False})
    return models.Q(pk__in=[])


class CountyQuerySet(models.QuerySet[models.Model]):
    """Rows of a county that are for those who review."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of the county, for reviewers and supervisors."""
        return self.filter(county_id=viewer.county) if viewer.has_role(*KEEPERS) else self.none()


class GroupQuerySet(CountyQuerySet):
    """Groups of points."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those with a point that is the viewer's business; empty ones, which a point may come back to."""
        theirs = self.model._default_manager.filter(own(viewer, "points__") | models.Q(points=None))
        return super().visible_to(viewer).filter(pk__in=theirs.values("pk"))


class SceneQuerySet(models.QuerySet["Scene"]):
    """Scenes."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Public ones in use for everybody; all of the county for those who have to do with points."""
        rows = self.filter(county_id=viewer.county)
        return rows if viewer.has_role(*READERS) else rows.filter(is_public=True, status="ready")


class RunQuerySet(models.QuerySet["ChangeRun"]):
    """Comparisons."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of the county, for reviewers and supervisors."""
        return self.filter(county_id=viewer.county) if viewer.has_role(*KEEPERS) else self.none()


class PointQuerySet(models.QuerySet["ChangePoint"]):
    """Change points."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those that are the viewer's business; of what is published everybody sees ``PublishedPoint``."""
        return self.filter(models.Q(county_id=viewer.county) & own(viewer))

    def waiting(self, today: dt.date) -> Self:
        """Those that somebody is to look at today: not set aside, or only until yesterday."""
        set_aside = models.Q(flag_until__isnull=False, flag_until__gte=today)
        return self.filter(state__in=[state.value for state in QUEUE]).exclude(set_aside)

    def aside(self, today: dt.date) -> Self:
        """Those of the queue that are set aside today."""
        return self.filter(state__in=[state.value for state in QUEUE], flag_until__gte=today)

    def unread_by(self, viewer: Viewer) -> Self:
        """Without those whose second round is due and whose first verdict the viewer knows: gave it, or was told it."""
        return self.exclude(self._known_to(viewer), state=State.SECOND_REVIEW)

    def blind_to(self, viewer: Viewer) -> Self:
        """Those whose second round is due and whose first verdict the viewer does not know; none for supervisors."""
        if viewer.has_role(Role.SUPERVISOR):
            return self.none()
        return self.filter(state=State.SECOND_REVIEW).exclude(self._known_to(viewer))

    def _known_to(self, viewer: Viewer) -> models.Q:
        reviews = cast("OfPointQuerySet", self.model.reviews.rel.related_model._default_manager.all())
        told = models.Q(pk__in=reviews.telling_first(viewer).values("point"))
        return models.Q(first_by=viewer.user_id) | told

    def free_for(self, viewer: Viewer, now: dt.datetime) -> Self:
        """Those that nobody else holds at ``now``."""
        mine = models.Q(claimed_by=None) | models.Q(claimed_by=viewer.user_id)
        return self.filter(mine | models.Q(claim_until__lte=now))


class PublishedQuerySet(models.QuerySet["PublishedPoint"]):
    """What everybody sees."""

    def visible_to(self, viewer: Viewer) -> Self:
        """All of the county that is looked at."""
        return self.filter(county_id=viewer.county)


class OfPointQuerySet(models.QuerySet[models.Model]):
    """Rows that belong to a point and are seen by whoever sees it."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of visible points."""
        return self.filter(models.Q(point__county_id=viewer.county) & own(viewer, "point__"))

    def standing(self) -> Self:
        """Verdicts that decide something and were not taken back (of reviews)."""
        return self.filter(verdict__in=_DECISIVE, undone=None)

    def telling_first(self, viewer: Viewer) -> Self:
        """Second verdicts of the viewer that were taken back (of reviews): what followed told what the first one was.

        Of points whose rounds have begun anew since they tell nothing.
        """
        anew = self.model._default_manager.filter(point=models.OuterRef("point"), round=1, pk__gt=models.OuterRef("pk"))
        taken_back = {"verdict__in": _DECISIVE, "undone__isnull": False}
        return self.filter(models.Q(by=viewer.user_id, round=2, **taken_back), ~models.Exists(anew))
