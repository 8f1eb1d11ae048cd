"""What is wrong with a reading, and what became of it."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from devices.models.registry import Datastream, Device, DeviceType
from devices.querysets import AlarmQuerySet, OfAlarmQuerySet
from devices.states import Kind, Phase
from dispatch.models import WorkOrder
from places.models import County, Place

KIND_TITLES = {
    Kind.ABOVE: _("过高"),
    Kind.BELOW: _("过低"),
    Kind.RATE: _("变化过快"),
    Kind.STUCK: _("读数不变"),
    Kind.CODE: _("状态码"),
    Kind.MOVED: _("移位"),
    Kind.MISSING: _("缺数"),
    Kind.OFFLINE: _("离线"),
    Kind.VILLAGE: _("同村多台"),
}

PHASE_TITLES = {
    Phase.PENDING: _("待确认"),
    Phase.ACTIVE: _("告警中"),
    Phase.CLEARING: _("恢复中"),
    Phase.CLEARED: _("已恢复"),
}


class AlarmLevel(models.IntegerChoices):
    """How bad it is. 0, in ``Device.alarm``, is no alarm."""

    NOTICE = 1, _("提示")
    WARNING = 2, _("留意")
    CRITICAL = 3, _("告警")


class AlarmRule(models.Model):
    """What a county takes for an alarm: declared once, for a kind of device or for one device.

    Attributes:
        device: the only one that it watches; None: all of ``type`` in the county.
        key: of the streams it watches; "" where the kind needs none (offline, village).
        on: from here on it is wrong: in the unit of the stream; for RATE per hour (negative: a fall), for STUCK and
            MISSING seconds, for MOVED degrees of a tilt or metres, for VILLAGE a number of devices.
        off: back to here it is right again; between the two what was stays. None: ``on``.
        codes: words or numbers that are wrong, for CODE.
        counts: whose open alarms are counted by village, for VILLAGE.
        for_s: it has to be wrong for so long, in seconds; ``clear_s`` right for so long.
        workdays: for the order; None: as the county's policy says.
        escalate_s: without an acknowledgement it is one level worse after so long, in seconds; None: never.
        storm_n: more than so many at once in one village are one storm; None: never.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    type = models.ForeignKey(DeviceType, models.PROTECT, related_name="rules", verbose_name=_("设备类型"))
    device = models.ForeignKey(
        Device, models.CASCADE, null=True, blank=True, related_name="rules", verbose_name=_("设备")
    )
    key = models.SlugField(_("数据流"), max_length=30, blank=True)
    kind = models.CharField(_("种类"), max_length=8, choices=KIND_TITLES.items())
    title = models.CharField(_("名称"), max_length=40)
    title_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    level = models.PositiveSmallIntegerField(_("级别"), choices=AlarmLevel, default=AlarmLevel.WARNING)
    on = models.FloatField(_("告警值"), null=True, blank=True)
    off = models.FloatField(_("恢复值"), null=True, blank=True)
    codes = ArrayField(models.CharField(max_length=40), verbose_name=_("告警码"), default=list, blank=True)
    counts = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="counted_by", verbose_name=_("统计的规则")
    )
    for_s = models.PositiveIntegerField(_("持续（秒）"), default=0)
    clear_s = models.PositiveIntegerField(_("恢复（秒）"), default=0)
    opens_order = models.BooleanField(_("生成工单"), default=False)
    workdays = models.PositiveSmallIntegerField(_("工作日"), null=True, blank=True)
    escalate_s = models.PositiveIntegerField(_("升级（秒）"), null=True, blank=True)
    storm_n = models.PositiveSmallIntegerField(_("合并台数"), null=True, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        """Order, names; a rule says what its kind needs."""

        ordering = ["county", "type", "pk"]
        verbose_name = verbose_name_plural = _("告警规则")
        constraints = [
            models.CheckConstraint(
                name="alarm_rule_complete",
                condition=models.Q(kind=Kind.OFFLINE, key="")
                | models.Q(kind=Kind.VILLAGE, key="", on__isnull=False, counts__isnull=False)
                | models.Q(kind=Kind.CODE, codes__len__gt=0) & ~models.Q(key="")
                | models.Q(kind__in=[Kind.ABOVE, Kind.BELOW, Kind.RATE, Kind.STUCK, Kind.MOVED], on__isnull=False)
                & ~models.Q(key="")
                | models.Q(kind=Kind.MISSING) & ~models.Q(key=""),
            ),
            models.CheckConstraint(
                name="alarm_rule_off_is_back",
                condition=models.Q(off=None)
                | models.Q(kind__in=[Kind.ABOVE, Kind.MOVED, Kind.VILLAGE], off__lte=models.F("on"))
                | models.Q(kind=Kind.BELOW, off__gte=models.F("on"))
                | models.Q(kind=Kind.RATE),
            ),
        ]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Alarm(models.Model):
    """Something that is wrong, from the first sign of it until it is right again; then it stays as a record.

    The row begins as ``PENDING``; one that is right again before it was raised is removed.

    Attributes:
        device, stream: what is wrong; both None: a village's (several of one kind, or a storm).
        parent: the storm that it is part of.
        since: when the phase began, by the clock of the device; ``due_at`` when time alone ends it.
        raised_at: None while it is pending.
        value: of the reading that raised it, in the unit of its stream; of a village how many.
        snoozed_until: till then nobody is bothered with it.
        order: opened for it, once; ``order_told_at`` when the order heard that it is right again.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+")
    rule = models.ForeignKey(AlarmRule, models.RESTRICT, related_name="alarms")
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="alarms")
    stream = models.ForeignKey(Datastream, models.CASCADE, null=True, related_name="alarms")
    village = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children")
    level = models.PositiveSmallIntegerField(choices=AlarmLevel)
    phase = models.CharField(max_length=8, choices=PHASE_TITLES.items())
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    value = models.FloatField(null=True)
    text = models.CharField(max_length=200, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    snoozed_until = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    order = models.ForeignKey(WorkOrder, models.SET_NULL, null=True, related_name="+")
    order_told_at = models.DateTimeField(null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        """Names, indexes; the same thing is wrong once."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("告警")
        indexes = [
            models.Index(fields=["due_at"], name="alarm_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["device"], name="alarm_open", condition=models.Q(cleared_at=None)),
            models.Index(fields=["county", "raised_at"], name="alarm_county"),
            models.Index(fields=["village", "rule"], name="alarm_village"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "device", "stream"],
                name="alarm_once",
                condition=models.Q(cleared_at=None, device__isnull=False),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["rule", "village"],
                name="alarm_once_in_village",
                condition=models.Q(cleared_at=None, device=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="alarm_phase_known",
                condition=models.Q(phase=Phase.PENDING, raised_at=None, cleared_at=None)
                | models.Q(phase__in=[Phase.ACTIVE, Phase.CLEARING], raised_at__isnull=False, cleared_at=None)
                | models.Q(phase=Phase.CLEARED, raised_at__isnull=False, cleared_at__isnull=False),
            ),
        ]


class AlarmEvent(models.Model):
    """A step of an alarm, for staff.

    Attributes:
        by: None for the product itself.
        note: what was said with it.
    """

    class Move(models.TextChoices):
        """What happened."""

        RAISED = "raised", _("告警")
        ACKNOWLEDGED = "acknowledged", _("确认")
        SNOOZED = "snoozed", _("搁置")
        WOKEN = "woken", _("取消搁置")
        ESCALATED = "escalated", _("升级")
        ORDERED = "ordered", _("开单")
        JOINED = "joined", _("并入群发告警")
        CLEARED = "cleared", _("恢复")

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    move = models.CharField(max_length=12, choices=Move)
    level = models.PositiveSmallIntegerField(choices=AlarmLevel)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    objects = OfAlarmQuerySet.as_manager()

    class Meta:
        """Order and names."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("告警经过")
