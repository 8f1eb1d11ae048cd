"""Master data of the review: scenes, why a point is no change, and where that is so again and again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from imagery.models import RejectReason, Scene, SuppressionZone
from kernel.language import named
from places.models import Level, Place
from records.admin import MasterAdmin, form_changes


@admin.register(Scene)
class SceneAdmin(MasterAdmin):
    """What may be said of a scene again; its image, its place and its moment are those that were compared."""

    county_path = "county"
    list_display = ("title", "key", "sensor", "acquired_at", "gsd_m", "cloud", "status", "is_public")
    list_filter = ("status", "is_public")
    readonly_fields = (
        *("key", "acquired_at", "gsd_m", "bands", "source_crs", "sha256", "size"),
        *("brought_by", "brought_at"),
    )
    fields = ("title", "sensor", "cloud", "licence", "status", "is_public", *readonly_fields)

    @admin.display(description=_("入库人"))
    def brought_by(self, scene: Scene) -> str:
        """The user, or the command that the audit names, for a command has no user."""
        return str(scene.added_by or self.first_by(scene) or "–")

    @admin.display(description=_("入库时间"))
    def brought_at(self, scene: Scene) -> str:
        """When, in the county's time, written as the other moments of the page."""
        return localize(localtime(scene.added_at))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come from files (``scene_add``)."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Verdicts rest on them; one that is wrong is withdrawn."""
        return False


@admin.register(RejectReason)
class RejectReasonAdmin(MasterAdmin):
    """Reasons of a county; one that was used is switched off, not removed."""

    county_path = "county"
    list_display = ("title", "title_en", "code", "is_lasting", "is_active", "order", "county")
    list_filter = ("is_active",)

    def save_model(self, request: HttpRequest, obj: RejectReason, form: ModelForm[Any], change: bool) -> None:
        """Zones that a reason has made are none while it does not last: what waits there is put into order."""
        super().save_model(request, obj, form, change)
        if "is_lasting" in form.changed_data:
            SuppressionZone.objects.filter(reason=obj).update(is_applied=False)


@admin.register(SuppressionZone)
class SuppressionZoneAdmin(MasterAdmin):
    """Places that the queue has learnt to put last; one where something does change is switched off."""

    county_path = "county"
    list_display = ("village", "why", "rejections", "learnt_at", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("reason",)
    fields = (*list_display[:-1], "at", "is_active")
    readonly_fields = (*list_display[:-1], "at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the village in whose ground the zone lies."""
        inside = Place.objects.filter(level=Level.VILLAGE, geom__covers=OuterRef("middle"))
        of = {f"village_{name}": Subquery(inside.values(name)[:1]) for name in ("name", "name_en")}
        rows = super().get_queryset(request).annotate(middle=PointOnSurface("geom"))
        return rows.annotate(**of)  # type: ignore[no-any-return]

    @admin.display(description=_("村"))
    def village(self, zone: Any) -> str:
        """Its name; "–" outside of every one."""
        return named(zone.village_name or "–", zone.village_name_en or "")

    @admin.display(description=_("排除原因"), ordering="reason")
    def why(self, zone: SuppressionZone) -> str:
        """The reason that made it."""
        return named(zone.reason.title, zone.reason.title_en)

    @admin.display(description=_("位置"))
    def at(self, zone: Any) -> str:
        """Latitude and longitude of a point in it, degrees (EPSG:4326)."""
        return "{1:.5f}, {0:.5f}".format(*zone.middle.coords)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are learnt."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is removed would be learnt again; what is switched off stays so."""
        return False

    def save_model(self, request: HttpRequest, obj: SuppressionZone, form: ModelForm[Any], change: bool) -> None:
        """What waits there is put into order a moment later."""
        obj.is_applied = False
        obj.save(update_fields=["is_active", "is_applied"])  # what verdicts teach meanwhile stays
        self.note(request, "update", obj, form_changes(form))
