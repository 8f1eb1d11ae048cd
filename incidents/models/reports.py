"""Reports, who made them, and what hangs on them.

The reporter's contacts stand in a table of their own, encrypted; the exact point and the text as it was written stay on
the report and never reach a public face, which reads ``public_geom``, ``title`` and ``public_text`` instead.
"""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from dispatch.models import WorkOrder
from incidents.querysets import MatterQuerySet, ReportQuerySet
from incidents.states import State
from kernel import clock
from places.models import County, Place

STATE_TITLES = {
    State.SUBMITTED: _("待受理"),
    State.NEED_INFO: _("待补充"),
    State.ACCEPTED: _("已受理"),
    State.ANSWERED: _("已答复"),
    State.CLOSED: _("办结"),
    State.MERGED: _("并案"),
    State.REJECTED: _("不予受理"),
    State.WITHDRAWN: _("撤回"),
}


REJECT_TITLES = {
    "not_ours": _("不属于本县各单位的职责"),
    "in_procedure": _("已经进入诉讼、仲裁、行政复议或信访程序"),
    "answered_before": _("同一事项已经答复，没有新的事实和理由"),
    "emergency": _("属于 110、119、120 受理的紧急求助"),
    "unclear": _("内容不清楚，又无法联系核实"),
    "secret": _("涉及国家秘密、商业秘密或个人隐私"),
    "no_facts": _("没有事实依据，或恶意反映"),
}
"""Words of ``states.REJECT_REASONS``."""


class Category(models.Model):
    """A kind of matter, in three levels; rows of the county, not code.

    Attributes:
        code: the Open311 service code.
        parent: None for the first of three levels; reports are filed under leaves.
        kind: which of ``dispatch.SlaPolicy`` counts ("enquiry", "complaint", "complex").
        default_unit: who usually does it; None: the township government of the place.
        precision_m: edge of the cell that the public sees instead of the point, metres; 0 shows the point of things
            that are no home (a lamp, a road).
        is_sensitive: reports of this kind are never public.
        words: words of everyday speech that point to it.
        attributes: JSON Schema of further questions; Open311 serves it as service definition.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    code = models.SlugField(_("代码"), max_length=40)
    parent = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="children")
    title = models.CharField(_("名称"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    description = models.CharField(_("说明"), max_length=200, blank=True)
    description_en = models.CharField(_("英文说明"), max_length=300, blank=True)
    icon = models.CharField(_("图标"), max_length=30, default="report")
    kind = models.SlugField(_("时限种类"), max_length=20, default="complaint")
    default_unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="+")
    precision_m = models.PositiveSmallIntegerField(_("公开精度（米）"), default=200)
    is_sensitive = models.BooleanField(_("不公开"), default=False)
    words = models.CharField(_("关键词"), max_length=300, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    order = models.PositiveSmallIntegerField(_("次序"), default=100)

    objects = MatterQuerySet.as_manager()

    class Meta:
        """Order; one code per county."""

        ordering = ["order", "code"]
        verbose_name = verbose_name_plural = _("反映类别")
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="incident_category_once")]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Report(models.Model):
    """Something that somebody reported at a place.

    Attributes:
        number: public, "2606-8A2Q4"; says nothing of the tracking code.
        title, public_text: what the public reads: numbers of people masked; ``public_text`` is what the desk approved.
        text, address: as written; staff only.
        geom: exact, EPSG:4326; staff only.
        public_geom: centre of the cell by the category's precision; the same for every reader and every read.
        public_cell: number of the 250 m cell that holds ``public_geom``, for the search of similar reports.
        village, grid: None outside of every one.
        asset_layer, asset_id: what on the map it is about ("facilities", "4711").
        accept_by: the report accepts itself after this moment; None while a question is open.
        info_by: an unanswered question withdraws the report after this moment.
        order: the work order of the running or last round; None before acceptance.
        reopens: how often the reporter opened it again.
        proposal: category, urgency, confidence and model version that the text help proposed; what a person made of it.
    """

    class Channel(models.TextChoices):
        """Which way it came."""

        WEB = "web", _("网页")
        PHONE = "phone", _("电话")
        AGENT = "agent", _("代办员")
        OPEN311 = "open311", _("Open311")
        IMPORT = "import", _("导入")

    class Confidence(models.TextChoices):
        """Who may know who reported."""

        NAMED = "named", _("具名")
        CONFIDENTIAL = "confidential", _("保密")
        ANONYMOUS = "anonymous", _("匿名")

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    number = models.CharField(_("编号"), max_length=12)
    state = models.CharField(_("状态"), max_length=10, choices=STATE_TITLES.items(), default=State.SUBMITTED)
    channel = models.CharField(_("来源"), max_length=8, choices=Channel, default=Channel.WEB)
    confidence = models.CharField(_("保密"), max_length=12, choices=Confidence, default=Confidence.NAMED)
    category = models.ForeignKey(Category, models.PROTECT, related_name="reports", verbose_name=_("类别"))
    title = models.CharField(_("标题"), max_length=60)
    public_text = models.TextField(_("公开内容"), max_length=2000, blank=True)
    text = models.TextField(_("内容"), max_length=2000)
    address = models.CharField(_("位置说明"), max_length=120, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    is_public = models.BooleanField(_("公开"), default=True)
    is_urgent = models.BooleanField(_("紧急"), default=False)
    geom = models.PointField(srid=4326)
    public_geom = models.PointField(srid=4326)
    public_cell = models.BigIntegerField()
    crs_source = models.CharField(max_length=20, default="EPSG:4326")
    village = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("村"))
    grid = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("网格"))
    asset_layer = models.CharField(max_length=30, blank=True)
    asset_id = models.CharField(max_length=40, blank=True)
    order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="merged")
    reopens = models.PositiveSmallIntegerField(default=0)
    followers = models.PositiveIntegerField(default=0)
    questions = models.PositiveSmallIntegerField(default=0)
    filed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    proposal = models.JSONField(default=dict, blank=True)
    submitted_at = models.DateTimeField(_("反映时间"), default=clock.now)
    accept_by = models.DateTimeField(null=True, blank=True)
    info_by = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    first_reply_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    search_text = models.CharField(max_length=400, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        """Names, indexes, and what must hold of every row."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("群众反映")
        indexes = [
            models.Index(fields=["county", "state", "submitted_at"], name="report_queue"),
            models.Index(fields=["village", "state"], name="report_village"),
            models.Index(
                fields=["county", "public_cell", "-submitted_at"],
                include=["id", "title", "category", "public_geom"],
                condition=models.Q(is_public=True, state=State.ACCEPTED.value),
                name="report_similar",
            ),
            GinIndex(OpClass(Upper("search_text"), name="gin_trgm_ops"), name="report_search"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="report_number_once"),
            models.CheckConstraint(
                name="report_state_known", condition=models.Q(state__in=[state.value for state in State])
            ),
            models.CheckConstraint(
                name="report_merged_into",
                condition=models.Q(state=State.MERGED.value, merged_into__isnull=False)
                | models.Q(merged_into=None) & ~models.Q(state=State.MERGED.value),
            ),
            models.CheckConstraint(
                name="report_has_order",
                condition=models.Q(order__isnull=False)
                | ~models.Q(state__in=[State.ACCEPTED.value, State.ANSWERED.value, State.CLOSED.value]),
            ),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number
