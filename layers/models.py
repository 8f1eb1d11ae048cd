"""The change ledger: one row for each statement that changed a table which layers are made of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """That a statement changed a table, within a county. Written by triggers only (``layers.ledger``).

    Attributes:
        topic: database table that was changed.
        county: code of the county whose rows changed, "" when the rows name none (it then counts for all); of a live
            topic the value of its own column (``kernel.live``), the key of a person with up to 19 digits.
        at: wall clock of the database when the statement ended.
        n: how many changes this row stands for: 1, more after old rows were joined.
    """

    topic = models.CharField(max_length=63)
    county = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    n = models.BigIntegerField(default=1)

    class Meta:
        """Names, and an index that answers a version by itself."""

        verbose_name = verbose_name_plural = _("图层变更")
        indexes = [models.Index(fields=["topic", "county"], include=["id", "at", "n"], name="change_topic_county")]

    def __str__(self) -> str:
        """What was changed when."""
        return f"{self.topic} {self.county} {self.at:%Y-%m-%d %H:%M:%S}"
