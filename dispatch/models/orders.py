"""Work orders and what hangs on them; how long matters may take."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from dispatch.models.crews import Crew
from dispatch.querysets import OfOrderQuerySet, WorkOrderQuerySet
from dispatch.states import OPEN_STATES, State
from kernel import clock
from media.models import HoldsFile, one_file
from places.models import County, Place

STATE_TITLES = {
    State.OPENED: _("待交办"),
    State.ASSIGNED: _("已交办"),
    State.IN_PROGRESS: _("办理中"),
    State.WAITING: _("等待补充"),
    State.FORWARDED: _("转外部"),
    State.REVIEW: _("待审核"),
    State.RETURNED: _("退回"),
    State.DONE: _("办完"),
    State.CANCELLED: _("终止"),
}


class SlaPolicy(models.Model):
    """How many working days a kind of matter may take, from a day on. Old orders keep what they were opened with."""

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    kind = models.SlugField(_("种类"), max_length=20)
    title = models.CharField(_("名称"), max_length=30)
    title_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    workdays = models.PositiveSmallIntegerField(_("工作日"), validators=[MinValueValidator(1), MaxValueValidator(60)])
    valid_from = models.DateField(_("自"), default=clock.today)
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        """Order; one policy per kind and day."""

        ordering = ["county", "kind", "-valid_from"]
        verbose_name = verbose_name_plural = _("办理时限")
        constraints = [
            models.UniqueConstraint(fields=["county", "kind", "valid_from"], name="sla_once"),
            models.CheckConstraint(name="sla_workdays", condition=models.Q(workdays__range=(1, 60))),
        ]

    def __str__(self) -> str:
        """What it is for."""
        return f"{self.title} {self.workdays}"


class WorkOrder(models.Model):
    """Something that somebody must do somewhere by some time.

    Attributes:
        source, source_id: what it is for, ("incidents", "4711"); ``kernel.work`` knows the source.
        parent: the leading order, for a task of another unit (协办).
        place, grid: village and grid that hold the point; None outside of every one.
        geom: exact, EPSG:4326; orders are the staff's.
        title, title_en: what it is, for lists; no English one where the words are those of a person.
        category: key of a kind of matter, in the source's own terms.
        kind: which ``SlaPolicy`` counted.
        started_at: when the clock began: acceptance by the source.
        workdays: length that ``due_at`` was counted with, extension included.
        yellow_at, due_at, red_at: see ``states.levels``; all end at 23:59:59 in Asia/Shanghai.
        level_told: the last overdue level that people were told of; "" again when the due time moves.
        is_provisional: a year was counted whose calendar is not published yet.
        paused_at: since when the clock stands.
        paused_days: working days for which it stood before.
        round: 1, and one more each time the matter was opened again.
        agency, agency_due_on: to whom outside of the county's offices it was forwarded, and until when they promised.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    source = models.CharField(max_length=20)
    source_id = models.CharField(max_length=40)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    title = models.CharField(_("标题"), max_length=80)
    title_en = models.CharField(_("英文标题"), max_length=120, blank=True)
    place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("村"))
    grid = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("网格"))
    geom = models.PointField(_("位置"), srid=4326)
    category = models.CharField(_("类别"), max_length=40, blank=True)
    kind = models.SlugField(_("种类"), max_length=20)
    state = models.CharField(_("状态"), max_length=12, choices=STATE_TITLES.items(), default=State.OPENED)
    is_urgent = models.BooleanField(_("紧急"), default=False)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办单位")
    )
    assignee = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("经办人")
    )
    crew = models.ForeignKey(Crew, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("班组"))
    signed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    submitted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    assigned_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    workdays = models.PositiveSmallIntegerField()
    yellow_at = models.DateTimeField()
    due_at = models.DateTimeField(_("时限"))
    red_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    level_told = models.CharField(max_length=6, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_days = models.PositiveSmallIntegerField(default=0)
    pauses = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    is_binding = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField(default=1)
    agency = models.CharField(_("转往"), max_length=60, blank=True)
    agency_due_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        """Names, indexes; one open order per thing, a unit wherever somebody works."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("工单")
        indexes = [
            models.Index(fields=["county", "state", "due_at"], name="order_queue"),
            models.Index(fields=["lead_unit", "state", "due_at"], name="order_unit"),
            models.Index(fields=["source", "source_id"], name="order_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                name="order_open_once",
                condition=models.Q(parent=None, state__in=[state.value for state in OPEN_STATES]),
            ),
            models.CheckConstraint(
                name="order_state_known", condition=models.Q(state__in=[state.value for state in State])
            ),
            models.CheckConstraint(
                name="order_has_unit",
                condition=models.Q(lead_unit__isnull=False)
                | models.Q(state__in=[State.OPENED.value, State.CANCELLED.value]),
            ),
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class OfOrder(models.Model):
    """Something that belongs to an order."""

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        """No table of its own."""

        abstract = True


class HandBack(OfOrder):
    """A unit says that an order is not its business (退回): why, and what on the map shows it.

    Attributes:
        geom: the place that the evidence speaks of, EPSG:4326.
        binding_unit: who was named by arbitration.
    """

    class Outcome(models.TextChoices):
        """What the supervisor said."""

        PENDING = "pending", _("待定")
        ALLOWED = "allowed", _("同意")
        ARBITRATED = "arbitrated", _("裁定")

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="hand_backs")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    reason = models.CharField(_("理由"), max_length=500)
    evidence = models.CharField(_("图上依据"), max_length=500)
    geom = models.PointField(srid=4326, null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.PENDING)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    binding_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    ruling = models.CharField(_("裁定理由"), max_length=500, blank=True)

    class Meta:
        """Order; once per unit and order."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("退回")
        constraints = [models.UniqueConstraint(fields=["order", "unit"], name="hand_back_once_per_unit")]


class Extension(OfOrder):
    """A unit asks for more time (延期), once per order and before it is due."""

    class State(models.TextChoices):
        """What the supervisor said."""

        ASKED = "asked", _("待批")
        GRANTED = "granted", _("已批")
        REFUSED = "refused", _("未批")

    order = models.OneToOneField(WorkOrder, models.CASCADE, related_name="extension")
    workdays = models.PositiveSmallIntegerField(_("工作日"))
    reason = models.CharField(_("理由"), max_length=500)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("批注"), max_length=500, blank=True)
    due_before = models.DateTimeField()
    due_after = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = _("延期")


class Supervision(OfOrder):
    """A supervisor chases a unit (督办): with a deadline of its own, a read receipt and an answer."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="supervisions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    text = models.CharField(_("要求"), max_length=1000)
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    issued_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(_("回复时限"))
    read_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("回复"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Order and names."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("督办")


class Reply(OfOrder):
    """What the unit answers; a corrected one is a new version. The last one of a finished order is the answer.

    Attributes:
        reason_code: why there is neither photo nor document, from ``services.replies``; "" where there is one.
        flags: what the check of quality noted ("short", "same_as:4711").
    """

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="replies")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("答复"), max_length=4000)
    reason_code = models.CharField(_("原因"), max_length=30, blank=True)
    flags = models.JSONField(default=list, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        """Order; numbered from 1."""

        ordering = ["number"]
        verbose_name = verbose_name_plural = _("答复")
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="reply_number_once")]


class Evidence(HoldsFile):
    """A photo or a document that shows what a reply says; one of the two."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="evidence")
    caption = models.CharField(_("说明"), max_length=120, blank=True)

    class Meta:
        """Order; exactly one file."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("办理依据")
        constraints = [one_file("evidence_one_file")]
