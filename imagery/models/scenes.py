"""Scenes, and the runs that compare two of them."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from imagery.querysets import RunQuerySet, SceneQuerySet
from kernel import clock
from places.models import County

DETECTOR_TITLES = {
    "fusion": _("融合（默认）"),
    "irmad": _("IR-MAD（同传感器、同季节）"),
    "cva": _("变化向量 CVA"),
    "mad": _("多元变化 MAD"),
    "isfa": _("迭代慢特征 ISFA"),
    "pca_kmeans": _("主成分聚类"),
}
"""Our detectors that somebody may choose for a run (``imagery.detect.detectors``), the default first."""


class Scene(models.Model):
    """An image of the ground from above, at one moment.

    Attributes:
        key: its name in addresses, unique in the county.
        sensor: "" where neither the file nor whoever brought it said.
        cloud: share of the image under cloud, percent, estimated where nobody said; None when it cannot be told.
        gsd_m: edge of a pixel on the ground, metres.
        bands: names of the bands in their order, as ``imagery.detect.bands`` has them.
        footprint: what has data, EPSG:4326.
        path: of the COG, below the folder of rasters.
        source_crs: coordinate system of the file it came as ("EPSG:32650").
        sha256: of the COG, hex.
        licence: under which it may be shown, with whose name.
        is_public: its tiles are for everybody; else for those who review.
    """

    class Status(models.TextChoices):
        """Whether it can be used."""

        READY = "ready", _("可用")
        WITHDRAWN = "withdrawn", _("停用")

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    key = models.SlugField(_("标识"), max_length=60)
    title = models.CharField(_("名称"), max_length=80)
    sensor = models.CharField(_("传感器"), max_length=40, blank=True)
    acquired_at = models.DateTimeField(_("拍摄时间"))
    cloud = models.FloatField(
        _("云量（%）"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    gsd_m = models.FloatField(_("分辨率（米）"))
    bands = ArrayField(models.CharField(max_length=12), verbose_name=_("波段"))
    footprint = models.MultiPolygonField(_("范围"), srid=4326)
    path = models.CharField(max_length=200, editable=False)
    source_crs = models.CharField(_("来源坐标系"), max_length=60, blank=True, editable=False)
    sha256 = models.CharField(_("校验和（SHA-256）"), max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("大小（字节）"), editable=False)
    licence = models.CharField(_("许可"), max_length=120, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.READY)
    is_public = models.BooleanField(_("公开"), default=False)
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("入库人"), null=True, related_name="+", editable=False
    )

    objects = SceneQuerySet.as_manager()

    class Meta:
        """Order; a key once in a county, and a content once in use."""

        ordering = ["-acquired_at", "pk"]
        verbose_name = verbose_name_plural = _("影像")
        indexes = [models.Index(fields=["county", "acquired_at"], name="scene_county_at")]
        constraints = [
            models.UniqueConstraint(fields=["county", "key"], name="scene_key_once"),
            models.UniqueConstraint(
                fields=["county", "sha256"], name="scene_content_once", condition=~models.Q(status="withdrawn")
            ),
            models.CheckConstraint(
                name="scene_cloud_percent", condition=models.Q(cloud=None) | models.Q(cloud__range=(0, 100))
            ),
            models.CheckConstraint(name="scene_gsd_positive", condition=models.Q(gsd_m__gt=0)),
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class ChangeRun(models.Model):
    """One comparison of two scenes.

    Attributes:
        area: what was compared, EPSG:4326; None: all that both scenes cover.
        detector: key of ``imagery.detect``.
        params_hash: SHA-256 in hex over what was compared how; the same comparison is one run.
        code_version: of the detection.
        shift_px: by how much the second scene lay beside the first, pixels of that as it came, before it was put right.
        progress: share that is done, 0…1; ``heard_at`` when a worker last said so.
        peak_mb: most memory, MiB.
        vetoed: patches that were edges which moved, and became no points (``imagery.detect.edges``).
        points: how many it added; ``again``: known ones that it found; ``gone``: that it hardly finds any more.
        error: why it failed, a code of ``imagery.selectors.failures``; of runs before there were codes a sentence.
        error_figures: what the sentence of that code names.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("等待")
        RUNNING = "running", _("运行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("取消")

    county = models.ForeignKey(County, models.CASCADE, related_name="+")
    before = models.ForeignKey(Scene, models.RESTRICT, related_name="+")
    after = models.ForeignKey(Scene, models.RESTRICT, related_name="+")
    area = models.MultiPolygonField(srid=4326, null=True)
    detector = models.CharField(max_length=20)
    params = models.JSONField(default=dict)
    params_hash = models.CharField(max_length=64)
    code_version = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.FloatField(default=0)
    shift_px = models.FloatField(null=True)
    peak_mb = models.FloatField(null=True)
    vetoed = models.PositiveIntegerField(default=0)
    points = models.PositiveIntegerField(default=0)
    again = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    error_figures = models.JSONField(default=dict)
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        """Order; the same comparison once, two different scenes."""

        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("变化检测")
        constraints = [
            models.UniqueConstraint(fields=["county", "params_hash"], name="run_params_once"),
            models.CheckConstraint(name="run_two_scenes", condition=~models.Q(before=models.F("after"))),
            models.CheckConstraint(name="run_progress_share", condition=models.Q(progress__range=(0, 1))),
        ]
