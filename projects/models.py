"""Project sites, their monthly progress, photos and public notices."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from media.models import Document, Photo
from places.models import County, Place
from projects.querysets import NoticeQuerySet, ProgressQuerySet, ProjectPhotoQuerySet, ProjectQuerySet
from projects.states import Stage, Status

STAGE_TITLES = {
    Stage.PLANNED: _("立项"),
    Stage.TENDERING: _("招标"),
    Stage.CONSTRUCTION: _("在建"),
    Stage.PAUSED: _("停工"),
    Stage.ACCEPTANCE: _("完工待验"),
    Stage.COMPLETED: _("竣工"),
    Stage.CANCELLED: _("取消"),
}
STATUS_TITLES = {
    Status.NORMAL: _("正常"),
    Status.LATE: _("滞后"),
    Status.BACKWARD: _("倒退"),
    Status.STOPPED: _("停工"),
    Status.DONE: _("完工"),
    Status.PLANNED: _("未开工"),
    Status.CANCELLED: _("取消"),
}


class Category(models.Model):
    """A kind of project (供水管网, 道路 …); ``icon`` names an icon of the visual language."""

    key = models.SlugField(_("标识"), max_length=30, primary_key=True)
    title = models.CharField(_("名称"), max_length=30)
    title_en = models.CharField(_("英文名称"), max_length=60)
    icon = models.CharField(_("图标"), max_length=30, default="project")
    search_text = models.CharField(max_length=200, blank=True, editable=False)
    order = models.PositiveSmallIntegerField(_("次序"), default=100)

    class Meta:
        """Order and names."""

        ordering = ["order", "key"]
        verbose_name = verbose_name_plural = _("工程类别")

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Indicator(models.Model):
    """What monthly progress is measured by (管道铺设率, 水质合格率 …); values are 0…100 in ``unit``."""

    key = models.SlugField(_("标识"), max_length=30, primary_key=True)
    title = models.CharField(_("名称"), max_length=30)
    title_en = models.CharField(_("英文名称"), max_length=60)
    unit = models.CharField(_("单位"), max_length=10, default="%")
    order = models.PositiveSmallIntegerField(_("次序"), default=100)

    class Meta:
        """Order and names."""

        ordering = ["order", "key"]
        verbose_name = verbose_name_plural = _("进度指标")

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Project(models.Model):
    """A project site (工程项目).

    Attributes:
        village: where the site lies; None when outside every village, then it belongs to the county.
        villages: all villages it is built for, ``village`` included.
        budget: yuan.
        contractor_contact: private; shown to those who answer for the project only.
        status, actual, planned and all ``progress_…``: follow from stage and the latest month; written only by
            ``projects.services`` in the transaction that changes what they follow from. Percent, 0…100.
        geom: position of the site, EPSG:4326.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="projects", verbose_name=_("县"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="projects", verbose_name=_("类别"))
    village = models.ForeignKey(
        Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("所在村")
    )
    villages = models.ManyToManyField(Place, related_name="+", blank=True, verbose_name=_("受益村"))
    code = models.CharField(_("编号"), max_length=30, blank=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    search_text = models.CharField(max_length=400, blank=True, editable=False)
    description = models.TextField(_("内容"), blank=True)
    description_en = models.TextField(_("内容（英文）"), blank=True)
    owner_unit = models.ForeignKey(Unit, models.PROTECT, related_name="projects", verbose_name=_("责任单位"))
    contractor = models.CharField(_("施工单位"), max_length=80, blank=True)
    contractor_contact = models.CharField(_("施工联系人（不公开）"), max_length=60, blank=True)
    budget = models.DecimalField(_("投资（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    planned_start = models.DateField(_("计划开工"), null=True, blank=True)
    planned_end = models.DateField(_("计划完工"), null=True, blank=True)
    actual_start = models.DateField(_("实际开工"), null=True, blank=True)
    actual_end = models.DateField(_("实际完工"), null=True, blank=True)
    stage = models.CharField(_("阶段"), max_length=14, choices=list(STAGE_TITLES.items()), default=Stage.PLANNED)
    stage_note = models.CharField(_("阶段说明"), max_length=200, blank=True)
    stage_note_en = models.CharField(_("阶段说明（英文）"), max_length=400, blank=True)
    supervision_title = models.CharField(_("监督单位"), max_length=60, blank=True)
    supervision_title_en = models.CharField(_("监督单位（英文）"), max_length=120, blank=True)
    supervision_phone = models.CharField(_("监督电话"), max_length=30, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=list(STATUS_TITLES.items()), default=Status.PLANNED)
    actual = models.DecimalField(_("实际进度"), max_digits=5, decimal_places=1, null=True, editable=False)
    planned = models.DecimalField(_("计划进度"), max_digits=5, decimal_places=1, null=True, editable=False)
    progress_month = models.DateField(_("进度月份"), null=True, editable=False)
    progress_note = models.CharField(_("进度说明"), max_length=300, blank=True, editable=False)
    progress_note_en = models.CharField(_("进度说明（英文）"), max_length=600, blank=True, editable=False)
    is_published = models.BooleanField(_("公开"), default=True)
    geom = models.PointField(_("位置"), srid=4326)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), null=True, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        """Order, names, indexes, checks."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("工程项目")
        indexes = [
            models.Index(fields=["county", "status"], name="project_county_status"),
            GinIndex(OpClass(Upper("search_text"), name="gin_trgm_ops"), name="project_search"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="project_code_once", condition=~models.Q(code="")),
            models.CheckConstraint(
                name="project_stage_known", condition=models.Q(stage__in=[stage.value for stage in Stage])
            ),
            models.CheckConstraint(
                name="project_plan_in_order",
                condition=models.Q(planned_start__isnull=True)
                | models.Q(planned_end__isnull=True)
                | models.Q(planned_end__gte=models.F("planned_start")),
            ),
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Progress(models.Model):
    """How far a project is by one indicator, in one place, at the end of one month.

    Attributes:
        place: a village or a township.
        month: the first day of the month.
        planned, actual: 0…100 in the indicator's unit; ``actual`` is None for a month still to come.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="progress", verbose_name=_("项目"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("指标"))
    place = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name=_("地方"))
    month = models.DateField(_("月份"))
    planned = models.DecimalField(_("计划"), max_digits=5, decimal_places=1)
    actual = models.DecimalField(_("实际"), max_digits=5, decimal_places=1, null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    note_en = models.CharField(_("说明（英文）"), max_length=600, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), null=True, editable=False)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        """Order, names, checks."""

        ordering = ["project", "indicator", "place", "month"]
        verbose_name = verbose_name_plural = _("月度进度")
        constraints = [
            models.UniqueConstraint(fields=["project", "indicator", "place", "month"], name="progress_once"),
            models.CheckConstraint(name="progress_first_of_month", condition=models.Q(month__day=1)),
            models.CheckConstraint(
                name="progress_in_range",
                condition=models.Q(planned__range=(0, 100))
                & (models.Q(actual__isnull=True) | models.Q(actual__range=(0, 100))),
            ),
        ]


class ProjectPhoto(models.Model):
    """A construction photo.

    Attributes:
        village: where it was taken.
        taken_on: date of the picture.
        moment: "before", "during" or "after" the works.
        off_m: distance between where the picture was taken and the site, metres; None when it has no position.
    """

    class Moment(models.TextChoices):
        """When a picture was taken, for before/after pairs."""

        BEFORE = "before", _("施工前")
        DURING = "during", _("施工中")
        AFTER = "after", _("施工后")

    project = models.ForeignKey(Project, models.CASCADE, related_name="project_photos", verbose_name=_("项目"))
    photo = models.OneToOneField(Photo, models.CASCADE, related_name="+")
    village = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("村"))
    caption = models.CharField(_("说明"), max_length=120, blank=True)
    caption_en = models.CharField(_("说明（英文）"), max_length=240, blank=True)
    taken_on = models.DateField(_("拍摄日期"))
    moment = models.CharField(_("时段"), max_length=8, choices=Moment, default=Moment.DURING)
    off_m = models.FloatField(_("偏离（米）"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ProjectPhotoQuerySet.as_manager()

    class Meta:
        """Newest first."""

        ordering = ["-taken_on", "-pk"]
        verbose_name = verbose_name_plural = _("施工照片")
        indexes = [models.Index(fields=["village", "-taken_on"], name="projectphoto_village")]


class Notice(models.Model):
    """A public notice of a project (环评、补偿标准 …)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="notices", verbose_name=_("项目"))
    title = models.CharField(_("标题"), max_length=120)
    title_en = models.CharField(_("标题（英文）"), max_length=240, blank=True)
    body = models.TextField(_("正文"), blank=True)
    body_en = models.TextField(_("正文（英文）"), blank=True)
    published_on = models.DateField(_("公示日期"))
    is_published = models.BooleanField(_("公开"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        """Newest first."""

        ordering = ["-published_on", "-pk"]
        verbose_name = verbose_name_plural = _("公示")


class Attachment(models.Model):
    """A document of a notice."""

    class Kind(models.TextChoices):
        """What the document is."""

        ENVIRONMENT = "environment", _("环境影响报告")
        COMPENSATION = "compensation", _("补偿标准")
        OTHER = "other", _("其他")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="attachments")
    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    kind = models.CharField(_("种类"), max_length=12, choices=Kind, default=Kind.OTHER)
    title = models.CharField(_("标题"), max_length=120)
    title_en = models.CharField(_("标题（英文）"), max_length=240, blank=True)

    class Meta:
        """In the order they were added."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("公示附件")
