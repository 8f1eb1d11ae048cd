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
from incidents.querysets import CategoryQuerySet, OfReportQuerySet, ReportQuerySet
from incidents.states import State
from kernel import clock
from media.models import Document, Photo
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

    objects = CategoryQuerySet.as_manager()

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


class _OfReport(models.Model):
    """Something that belongs to a report."""

    objects = OfReportQuerySet.as_manager()

    class Meta:
        """No table of its own."""

        abstract = True


class Reporter(_OfReport):
    """Who reported, apart from what was reported. Reading a contact writes an audit row.

    Attributes:
        code_hash: HMAC-SHA256 of the tracking code, hex; the code itself is nowhere.
        name, phone, email: encrypted (``kernel.sealed``), empty for none.
        phone_hash: HMAC-SHA256 of the digits, to find the earlier reports of a caller.
        language: in which messages are written.
    """

    report = models.OneToOneField(Report, models.CASCADE, related_name="reporter")
    code_hash = models.CharField(max_length=64, unique=True)
    name = models.BinaryField(default=bytes, blank=True)
    phone = models.BinaryField(default=bytes, blank=True)
    email = models.BinaryField(default=bytes, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    language = models.CharField(max_length=5, default="zh")

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = _("反映人")


class Submission(models.Model):
    """One sending of the form, so that a draft that was sent twice becomes one report.

    Attributes:
        key: the ``Idempotency-Key`` of the client, hashed together with the county.
        digest: SHA-256 of what was sent; the same key with other content is refused.
        answer: what was answered, the tracking code encrypted; a repeated sending gets it again.
    """

    key = models.CharField(max_length=64, primary_key=True)
    digest = models.CharField(max_length=64)
    report = models.OneToOneField(Report, models.CASCADE, related_name="submission")
    answer = models.BinaryField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = _("提交")


class Follower(_OfReport):
    """Somebody else with the same trouble (我也遇到了), or who wants to hear of it.

    Attributes:
        token_hash: HMAC-SHA256 of what the follower stops following with.
        email: encrypted, empty for who only counts.
        client: HMAC of the client, so that one counts once a day.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="follows")
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.BinaryField(default=bytes, blank=True)
    client = models.CharField(max_length=64)
    language = models.CharField(max_length=5, default="zh")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Once per client."""

        verbose_name = verbose_name_plural = _("关注")
        constraints = [models.UniqueConstraint(fields=["report", "client"], name="follower_once")]


class Comment(_OfReport):
    """A remark: of the reporter, of staff among themselves, or of the public (shown after moderation)."""

    class Audience(models.TextChoices):
        """Who reads it."""

        PUBLIC = "public", _("公开")
        REPORTER = "reporter", _("反映人和工作人员")
        STAFF = "staff", _("工作人员")

    report = models.ForeignKey(Report, models.CASCADE, related_name="comments")
    audience = models.CharField(max_length=8, choices=Audience)
    text = models.TextField(max_length=1000)
    public_text = models.TextField(max_length=1000, blank=True)
    is_published = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    part = models.CharField(max_length=16)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Order and names."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("留言")


class Attachment(_OfReport):
    """A photo or a document that came with a report, a supplement or a wish to reopen.

    Attributes:
        report: None until the form that it was uploaded for is sent; what stays alone is removed after two days.
        photo: public once moderation has published it, and the report is public.
    """

    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="attachments")
    photo = models.ForeignKey(Photo, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    part = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Order; exactly one file."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("附件")
        constraints = [
            models.CheckConstraint(
                name="attachment_one_file",
                condition=models.Q(photo__isnull=False, document__isnull=True)
                | models.Q(photo__isnull=True, document__isnull=False),
            )
        ]


class Rating(_OfReport):
    """What the reporter says of an answer; one for each round."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    is_satisfied = models.BooleanField(_("满意"))
    text = models.CharField(_("评语"), max_length=500, blank=True)
    part = models.CharField(max_length=16)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Order; one per round."""

        ordering = ["round"]
        verbose_name = verbose_name_plural = _("评价")
        constraints = [models.UniqueConstraint(fields=["report", "round"], name="rating_once")]


class CallBack(_OfReport):
    """Somebody who had nothing to do with the work asks the reporter (回访), by telephone or at the door."""

    class Mode(models.TextChoices):
        """How."""

        PHONE = "phone", _("电话")
        VISIT = "visit", _("上门")

    class Outcome(models.TextChoices):
        """What came of it."""

        PENDING = "pending", _("待回访")
        SATISFIED = "satisfied", _("满意")
        UNSATISFIED = "unsatisfied", _("不满意")
        UNREACHED = "unreached", _("联系不上")

    report = models.ForeignKey(Report, models.CASCADE, related_name="call_backs")
    round = models.PositiveSmallIntegerField(default=1)
    mode = models.CharField(max_length=6, choices=Mode, default=Mode.PHONE)
    is_sample = models.BooleanField(_("抽查"), default=False)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.PENDING)
    note = models.CharField(_("记录"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Order; one for each round."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("回访")
        constraints = [models.UniqueConstraint(fields=["report", "round"], name="call_back_once")]


class TextHelp(models.Model):
    """The trained text help of a county: bytes of ``incidents.text.model``; version names them by their hash."""

    county = models.OneToOneField(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    version = models.CharField(_("版本"), max_length=12)
    data = models.BinaryField()
    figures = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = _("文字助手")
