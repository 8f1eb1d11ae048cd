"""Reads of facilities; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.gis.db import models
from django.db.models.expressions import Case, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from kernel.nearest import metres_to
from kernel.viewer import Viewer
from places.querysets import answering, jurisdiction

if TYPE_CHECKING:
    from facilities.models import Category, Facility


def own(viewer: Viewer) -> models.Q:
    """Facilities inside the viewer's jurisdiction."""
    return jurisdiction(answering(viewer), "village_id")


class CategoryQuerySet(models.QuerySet["Category"]):
    """Categories: the same list in every county, no secret."""

    def matching(self, text: str) -> Self:
        """Those whose title, pinyin, initials or key hold ``text`` (lower-case)."""
        return self.filter(models.Q(search_text__icontains=text) | models.Q(key=text))


class FacilityQuerySet(models.QuerySet["Facility"]):
    """Facilities."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published ones for everybody; all of them inside the viewer's jurisdiction."""
        return self.filter(county_id=viewer.county).filter(models.Q(is_published=True) | own(viewer))

    def own_of(self, viewer: Viewer) -> Self:
        """Those inside the viewer's jurisdiction."""
        return self.filter(own(viewer), county_id=viewer.county)

    def with_photo_count(self) -> Self:
        """With ``photo_count``, the number of published photos."""
        links = apps.get_model("facilities", "FacilityPhoto")._default_manager
        shown = links.filter(facility_id=OuterRef("pk"), photo__state="published").order_by()
        counted = shown.values("facility_id").annotate(n=models.Count("pk")).values("n")
        return self.annotate(photo_count=Coalesce(Subquery(counted), 0))

    def with_is_own(self, viewer: Viewer) -> Self:
        """With ``is_own``: whether private fields of the row are shown to ``viewer``."""
        return self.annotate(is_own=Case(When(own(viewer), then=Value(True)), default=Value(False)))

    def near(self, here: str) -> Self:
        """With ``distance_m`` from a point (``kernel.geo.ewkt``), nearest first, by the index ``facility_near``."""
        return self.annotate(distance_m=metres_to("geom", here)).order_by("distance_m")
