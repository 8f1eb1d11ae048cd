"""The registry: kinds of devices, devices, their streams, and the tokens they sign with."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from devices.querysets import DeviceQuerySet
from places.models import County, Place


class Retention(models.IntegerChoices):
    """How long single readings of a stream are kept.

    The class is part of the stream's number (500 million numbers each), so that a partition holds readings of
    one class only and is dropped whole (docs/adr/0016).
    """

    MONTHS = 0, _("90 天")
    YEARS = 1, _("800 天")
    WEEKS = 2, _("21 天")


class DeviceType(models.Model):
    """A kind of device (路灯, 井盖 …).

    Attributes:
        icon: name of an icon of the visual language.
        heartbeat_s: a device of this kind gives a sign of life at least this often, in seconds.
        past_s: readings older than this, in seconds, are not taken; below the shortest retention of its streams.
        future_s: by how many seconds a device's clock may run ahead.
        payload: MQTT: name in the message → key of the stream; empty: names are keys.
        shown: key of the stream whose newest value the map shows; empty: the first that was added.
        topic: MQTT: filter of the topics of this kind, with ``{device}`` where the device's code stands.
        takes_pictures: whether devices of this kind send snapshots.
        is_public: whether new devices of this kind are shown to everybody.
    """

    key = models.SlugField(_("标识"), max_length=30, primary_key=True)
    title = models.CharField(_("名称"), max_length=30)
    title_en = models.CharField(_("英文名称"), max_length=60)
    icon = models.CharField(_("图标"), max_length=30, default="device")
    heartbeat_s = models.PositiveIntegerField(_("心跳（秒）"), default=3600)
    past_s = models.PositiveIntegerField(_("补传时限（秒）"), default=14 * 86_400)
    future_s = models.PositiveIntegerField(_("时钟超前（秒）"), default=300)
    payload = models.JSONField(_("数据映射"), default=dict, blank=True)
    shown = models.SlugField(_("地图显示的数据流"), max_length=30, blank=True, db_index=False)
    topic = models.CharField(_("MQTT 主题"), max_length=120, blank=True)
    takes_pictures = models.BooleanField(_("抓拍"), default=False)
    is_public = models.BooleanField(_("默认公开"), default=True)
    order = models.PositiveSmallIntegerField(_("次序"), default=100)

    class Meta:
        """Order and names."""

        ordering = ["order", "key"]
        verbose_name = verbose_name_plural = _("设备类型")

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Device(models.Model):
    """A device, or a gateway that speaks for others.

    When it was heard last stands in ``Seen``: every batch of readings writes that, and this table is watched by the
    change ledger.

    Attributes:
        code: the county's own number, unique in the county.
        village: None when it lies outside every village; then it belongs to the county.
        gateway: speaks for this device: its token writes this device's streams.
        crs_source: coordinate system its position was given in before conversion ("EPSG:4326", "GCJ-02", "BD-09").
        geom: position, EPSG:4326.
        status: what the product knows of it; ``since`` when.
        alarm: the worst ``AlarmLevel`` of what is wrong with it and not snoozed, 0 for nothing; that it is silent says
            ``status``. ``services.alarms`` alone writes it, with the alarm.
    """

    class Status(models.TextChoices):
        """Whether it speaks."""

        UNKNOWN = "unknown", _("未上报")
        ONLINE = "online", _("在线")
        OFFLINE = "offline", _("离线")

    county = models.ForeignKey(County, models.CASCADE, related_name="devices", verbose_name=_("县"))
    type = models.ForeignKey(DeviceType, models.PROTECT, related_name="devices", verbose_name=_("类型"))
    village = models.ForeignKey(
        Place, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("所在村")
    )
    gateway = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="served", verbose_name=_("网关")
    )
    code = models.CharField(_("编号"), max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    search_text = models.CharField(max_length=400, blank=True, editable=False)
    address = models.CharField(_("位置说明"), max_length=120, blank=True)
    address_en = models.CharField(_("英文位置说明"), max_length=160, blank=True, default="", db_default="")
    is_published = models.BooleanField(_("公开"), default=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.UNKNOWN, editable=False)
    since = models.DateTimeField(_("状态时间"), null=True, editable=False)
    alarm = models.PositiveSmallIntegerField(_("告警级别"), default=0, editable=False)
    crs_source = models.CharField(max_length=20, default="EPSG:4326")
    geom = models.PointField(_("位置"), srid=4326)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), null=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        """Order, names, indexes."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("设备")
        indexes = [
            models.Index(fields=["county", "type"], name="device_county_type"),
            models.Index(fields=["id"], name="device_alarming", condition=models.Q(alarm__gt=0)),
            models.Index(fields=["id"], name="device_silent", condition=~models.Q(status="online")),
            GinIndex(OpClass(Upper("search_text"), name="gin_trgm_ops"), name="device_search"),
        ]
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="device_code_once")]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class DeviceToken(models.Model):
    """What a device or gateway signs with. Two may be good at once while one is exchanged for the other.

    Attributes:
        hash: keyed digest of the token; the token itself is shown once and kept nowhere.
        ends_at: from when on it is refused; None: until it is replaced.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="tokens")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)


class Datastream(models.Model):
    """One thing that a device measures.

    Attributes:
        id: int4, of its retention class (``Retention``); the readings carry it.
        key: what the device calls it.
        observed_property: what is measured, as a word of the field ("water_level").
        unit: UCUM code; "" for text.
        valid_min: lowest value that can be true, in ``unit``; readings beyond are kept and marked. None: no limit.
        valid_max: the highest, likewise.
        expected_s: a reading is expected at least this often, in seconds; None: whenever something happens.
    """

    id = models.IntegerField(primary_key=True)
    device = models.ForeignKey(Device, models.CASCADE, related_name="streams")
    key = models.SlugField(_("标识"), max_length=30)
    title = models.CharField(_("名称"), max_length=40)
    title_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    observed_property = models.SlugField(_("观测项"), max_length=40)
    unit = models.CharField(_("单位（UCUM）"), max_length=20, blank=True)
    is_text = models.BooleanField(_("文字"), default=False)
    valid_min = models.FloatField(_("下限"), null=True, blank=True)
    valid_max = models.FloatField(_("上限"), null=True, blank=True)
    expected_s = models.PositiveIntegerField(_("上报间隔（秒）"), null=True, blank=True)

    class Meta:
        """Each key once per device."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("数据流")
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="datastream_key_once")]

    def __str__(self) -> str:
        """Its title."""
        return self.title
