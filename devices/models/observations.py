"""Readings of both kinds as one, for reading only."""

from __future__ import annotations

from django.contrib.gis.db import models

from devices.models.registry import Datastream


class Observation(models.Model):
    """A number or a word at a moment: a view over ``Reading`` and ``TextReading`` (devices/sql).

    Attributes:
        value: of the reading, in the unit of its stream; None for words.
        text: the word; None for numbers.
        quality: as of ``Reading``.
    """

    pk = models.CompositePrimaryKey("stream_id", "ts")
    stream = models.ForeignKey(Datastream, models.DO_NOTHING, db_constraint=False, related_name="observations")
    ts = models.DateTimeField()
    value = models.FloatField(null=True)
    text = models.CharField(max_length=200, null=True)
    quality = models.SmallIntegerField()

    class Meta:
        """By SQL."""

        managed = False
        db_table = "devices_observation"
