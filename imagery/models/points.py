"""Change points, and what everybody sees of some of them."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dispatch.models import WorkOrder
from imagery.models.areas import ChangeGroup
from imagery.models.scenes import ChangeRun
from imagery.querysets import OfPointQuerySet, PointQuerySet, PublishedQuerySet
from imagery.states import ORDERED, QUEUE, Finding, Flag, Kind, Stage, State
from kernel import clock
from kernel.nearest import geography
from media.models import Document
from places.models import County, Place

NUMBER_SIGN = "YG-"
"""Before the number of a point, as people read it out (yao gan, remote sensing)."""

KIND_TITLES = {
    Kind.BUILDING: _("建筑"),
    Kind.BARE: _("裸土"),
    Kind.ROAD: _("道路"),
    Kind.WATER: _("水面"),
    Kind.VEGETATION: _("植被"),
    Kind.PV: _("光伏"),
    Kind.OTHER: _("其他"),
}

STATE_TITLES = {
    State.DETECTED: _("检出"),
    State.QUEUED: _("待核查"),
    State.SECOND_REVIEW: _("待复核"),
    State.DISPUTED: _("待裁定"),
    State.CONFIRMED: _("有变化"),
    State.REJECTED: _("没变化"),
    State.DUPLICATE: _("重复"),
    State.FIELD_CHECK: _("实地核查"),
    State.FOUND_LEGAL: _("合法"),
    State.FOUND_ILLEGAL: _("违法"),
    State.FOUND_NO_CHANGE: _("实地没有变化"),
    State.RECTIFYING: _("整改中"),
    State.VERIFIED_CLOSED: _("已销号"),
}

STAGE_TITLES = {Stage.FOUND: _("发现"), Stage.HANDLING: _("处理中"), Stage.HANDLED: _("已处理")}

FLAG_TITLES = {Flag.DEFERRED: _("以后再看"), Flag.UNSURE: _("拿不准"), Flag.BAD_IMAGERY: _("影像差")}

FINDING_TITLES = {Finding.LEGAL: _("合法"), Finding.ILLEGAL: _("违法"), Finding.NO_CHANGE: _("没有变化")}


class ChangePoint(models.Model):
    """A patch of ground (图斑) that differs between two scenes. The staff's; the public sees ``PublishedPoint``.

    Attributes:
        number: 1, 2, 3 … within the county.
        geom: outline, EPSG:4326; ``center`` a point inside it.
        area_m2: on the ellipsoid; ``redline_m2`` what of it lies inside a red line.
        kind: proposed by detection, put right by reviewers.
        score: how sure detection is, 0…1.
        priority: what the queue is ordered by, the highest first; ``why`` says what made it, a list of
            ``{"code", …}``.
        features: of the patch, for learning.
        chips: addresses of the small pictures of both scenes ("before", "after"), the "box" that they show, EPSG:4326,
            and where a scene has no data there in "blank" which; {} until somebody has tried to draw them.
        village: that holds ``center``; None outside of every one.
        project: the approved project it lies in, by its source's key ("projects:17").
        gone_on, gone_percent: day of the later scene that has only so much left of it; None: none has been compared.
        flag, flag_until: set aside until the end of that day.
        first_by: who gave the verdict of the first round.
        wants_check: a reviewer asked for a field check before the second round.
        claimed_by, claim_until: the lease; nobody has two.
        order: the work order of its state, or the last one.
        finding, basis: what a document says without a field check.
        rectified_by: who sent it to be rectified.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("编号"))
    run = models.ForeignKey(ChangeRun, models.RESTRICT, related_name="found")
    geom = models.PolygonField(_("范围"), srid=4326)
    center = models.PointField(srid=4326)
    area_m2 = models.FloatField(_("面积（平方米）"))
    redline_m2 = models.FloatField(_("压红线（平方米）"), default=0)
    kind = models.CharField(_("类型"), max_length=10, choices=KIND_TITLES.items(), default=Kind.OTHER)
    score = models.FloatField(_("把握"))
    priority = models.FloatField(_("优先"), default=0)
    why = models.JSONField(default=list, blank=True)
    features = models.JSONField(default=dict, blank=True)
    chips = models.JSONField(default=dict, blank=True)
    village = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+", verbose_name=_("村"))
    project = models.CharField(max_length=40, blank=True)
    gone_on = models.DateField(null=True)
    gone_percent = models.PositiveSmallIntegerField(null=True)
    duplicate_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="duplicates")
    group = models.ForeignKey(ChangeGroup, models.SET_NULL, null=True, related_name="points")
    state = models.CharField(_("状态"), max_length=16, choices=STATE_TITLES.items(), default=State.DETECTED)
    flag = models.CharField(max_length=12, blank=True, choices=FLAG_TITLES.items())
    flag_until = models.DateField(null=True)
    first_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    wants_check = models.BooleanField(default=False)
    claimed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    claim_until = models.DateTimeField(null=True)
    order = models.ForeignKey(WorkOrder, models.SET_NULL, null=True, related_name="+")
    finding = models.CharField(max_length=10, blank=True, choices=FINDING_TITLES.items())
    basis = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    rectified_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    detected_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    objects = PointQuerySet.as_manager()

    class Meta:
        """Order, indexes of the queue; numbered in the county, one lease for each person."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("变化图斑")
        indexes = [
            models.Index(
                fields=["county", "-priority", "number"],
                name="point_queue",
                condition=models.Q(state__in=[state.value for state in QUEUE]),
            ),
            GistIndex(
                geography("center"),
                name="point_near",
                condition=models.Q(state__in=[state.value for state in QUEUE]),
            ),
            models.Index(fields=["-priority"], name="point_undrawn", condition=models.Q(chips={})),
            models.Index(fields=["county", "state"], name="point_state"),
            models.Index(fields=["village"], name="point_village"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="point_number_once"),
            models.CheckConstraint(name="point_geom_valid", condition=models.Q(geom__isvalid=True)),
            models.UniqueConstraint(
                fields=["claimed_by"], name="point_one_lease", condition=models.Q(claimed_by__isnull=False)
            ),
            models.CheckConstraint(
                name="point_state_known", condition=models.Q(state__in=[state.value for state in State])
            ),
            models.CheckConstraint(
                name="point_flag_dated",
                condition=models.Q(flag="", flag_until=None) | models.Q(flag_until__isnull=False),
            ),
            models.CheckConstraint(
                name="point_gone_dated",
                condition=models.Q(gone_on=None, gone_percent=None)
                | models.Q(gone_on__isnull=False, gone_percent__isnull=False),
            ),
            models.CheckConstraint(
                name="point_duplicate_of",
                condition=~models.Q(state=State.DUPLICATE) | models.Q(duplicate_of__isnull=False),
            ),
            models.CheckConstraint(
                name="point_has_order",
                condition=~models.Q(state__in=[state.value for state in ORDERED]) | models.Q(order__isnull=False),
            ),
        ]

    @property
    def is_aside(self) -> bool:
        """Whether it is set aside today; a flag that is over is none."""
        return self.flag_until is not None and self.flag_until >= clock.today()

    def __str__(self) -> str:
        """Its number, as people read it out."""
        return f"{NUMBER_SIGN}{self.number:04}"


class PublishedPoint(models.Model):
    """What everybody sees of a point that was published: neither its outline nor what anybody said of it.

    Attributes:
        point: its key is the key of the point.
        stage: of the point's state, in three steps.
        found_on: day of the later scene.
        geom: centre of the 200 m cell that holds the point, EPSG:4326.
    """

    point = models.OneToOneField(ChangePoint, models.CASCADE, primary_key=True, related_name="published")
    county = models.ForeignKey(County, models.CASCADE, related_name="+")
    village = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+", verbose_name=_("村"))
    name = models.CharField(_("编号"), max_length=16)
    kind = models.CharField(_("类型"), max_length=10, choices=KIND_TITLES.items())
    stage = models.CharField(_("进度"), max_length=8, choices=STAGE_TITLES.items())
    found_on = models.DateField(_("发现日期"))
    handled_on = models.DateField(_("处理日期"), null=True)
    geom = models.PointField(srid=4326)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        """Order and indexes."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("公开的图斑")
        indexes = [models.Index(fields=["county", "village"], name="published_place")]


class Sighting(models.Model):
    """A later run found a point again: what persists is no passing shadow.

    Attributes:
        geom: outline as that run saw it, EPSG:4326.
    """

    point = models.ForeignKey(ChangePoint, models.CASCADE, related_name="sightings")
    run = models.ForeignKey(ChangeRun, models.CASCADE, related_name="+")
    geom = models.PolygonField(srid=4326)
    score = models.FloatField()

    objects = OfPointQuerySet.as_manager()

    class Meta:
        """A point once in a run."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("再次检出")
        constraints = [
            models.UniqueConstraint(fields=["point", "run"], name="sighting_once"),
            models.CheckConstraint(name="sighting_geom_valid", condition=models.Q(geom__isvalid=True)),
        ]
