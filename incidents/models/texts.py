"""What the text help has learned of a county's reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from places.models import County


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
