"""What the county's reviews have taught."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from imagery.querysets import CountyQuerySet
from kernel import clock
from places.models import County


class Reranker(models.Model):
    """The re-ranker that orders a county's queue: bytes of ``imagery.detect.trees``.

    Attributes:
        version: the first twelve digits of ``sha256``.
        sha256: of the bytes, hex: what was changed is not served.
        figures: how good it is, and how many reviews it learned from.
    """

    county = models.OneToOneField(County, models.CASCADE, related_name="+")
    version = models.CharField(_("版本"), max_length=12)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    figures = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    objects = CountyQuerySet.as_manager()

    class Meta:
        """Names."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("判读排序模型")
