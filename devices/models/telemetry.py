"""What the devices say. The readings themselves are partitioned (devices/sql), so Django does not make their tables."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from devices.models.registry import Device


class Reading(models.Model):
    """A number at a moment. No foreign key: the check of the batch is the check.

    Attributes:
        quality: 0 good, 1 outside the valid range of its stream.
    """

    pk = models.CompositePrimaryKey("stream_id", "ts")
    stream_id = models.IntegerField()
    ts = models.DateTimeField()
    value = models.FloatField()
    quality = models.SmallIntegerField()

    class Meta:
        """By SQL."""

        managed = False
        db_table = "devices_reading"


class TextReading(models.Model):
    """A word at a moment: a state, a code, a plate."""

    pk = models.CompositePrimaryKey("stream_id", "ts")
    stream_id = models.IntegerField()
    ts = models.DateTimeField()
    text = models.CharField(max_length=200)

    class Meta:
        """By SQL."""

        managed = False
        db_table = "devices_textreading"


class Latest(models.Model):
    """The newest reading of each stream, by its own time, not by when it came.

    The table has one more column, of which Django does not know: ``xid``, the transaction that wrote the row. By it the
    live feed finds what others have not seen yet (docs/adr/0018).
    """

    stream_id = models.IntegerField(primary_key=True)
    device_id = models.BigIntegerField()
    ts = models.DateTimeField()
    value = models.FloatField(null=True)
    text = models.CharField(max_length=200, blank=True)
    quality = models.SmallIntegerField(default=0)

    class Meta:
        """All streams of a device at once."""

        indexes = [models.Index(fields=["device_id"], name="latest_device")]


class Seen(models.Model):
    """When a device gave its last sign of life: the newest time it wrote on a reading, never ahead of ours.

    Attributes:
        left_at: when its last will said that it was gone; what it wrote before that is no sign of life.
    """

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="seen")
    at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)


class Rollup(models.Model):
    """Numbers of a stream over a span.

    Attributes:
        start: of the span, which is a full hour or a day of Asia/Shanghai.
        n: how many good readings; ``low``, ``high``, ``mean``, ``last`` are of those.
    """

    pk = models.CompositePrimaryKey("stream_id", "start")
    stream_id = models.IntegerField()
    start = models.DateTimeField()
    n = models.IntegerField()
    low = models.FloatField()
    high = models.FloatField()
    mean = models.FloatField()
    last = models.FloatField()

    class Meta:
        """Shared columns."""

        abstract = True


class RollupHour(Rollup):
    """Numbers of an hour."""


class RollupDay(Rollup):
    """Numbers of a day."""


class DirtyHour(models.Model):
    """An hour whose numbers have to be counted anew. The same may stand here more than once."""

    pk = models.CompositePrimaryKey("stream_id", "hour")
    stream_id = models.IntegerField()
    hour = models.DateTimeField()

    class Meta:
        """By SQL, which declares no key."""

        managed = False
        db_table = "devices_dirty"


class DeadLetter(models.Model):
    """A reading that was not taken, as it came.

    Attributes:
        source: by which door ("http", "mqtt", "sta", "file").
        stream: what it named, as text; likewise ``ts`` and ``value``, shortened.
    """

    at = models.DateTimeField(db_index=True)
    source = models.CharField(max_length=10)
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="+")
    reason = models.CharField(max_length=20)
    stream = models.CharField(max_length=40)
    ts = models.CharField(max_length=40)
    value = models.CharField(max_length=80)

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = _("未收下的读数")
