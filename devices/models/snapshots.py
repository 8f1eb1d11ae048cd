"""What cameras saw: single pictures, never a film."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from devices.models.registry import Device
from media.models import Photo


class Snapshot(models.Model):
    """A picture of a camera, for staff who answer for its village; the last few are kept.

    Attributes:
        taken_at: by our clock when it came in; clocks of cameras are seldom right.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="snapshots")
    photo = models.OneToOneField(Photo, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering = ["-taken_at", "-pk"]
        verbose_name = verbose_name_plural = _("抓拍")
        indexes = [models.Index(fields=["device", "-taken_at"], name="snapshot_newest")]
