"""Photos and documents. The original is sealed; the public sees derivatives without any metadata."""

from __future__ import annotations

import secrets

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from media.querysets import FileQuerySet
from places.models import County

WIDTHS = {"thumb": 320, "medium": 960, "large": 1600}
"""Longest side of the public derivatives, pixels: a list tile at 2x, a phone screen at 2x, a desktop screen."""


def new_token() -> str:
    """The random public name of a file: 128 bits, so that files cannot be listed by guessing."""
    return secrets.token_hex(16)


class State(models.TextChoices):
    """Moderation: only published files exist for the public."""

    PENDING = "pending", _("待审核")
    PUBLISHED = "published", _("已公开")
    HIDDEN = "hidden", _("已隐藏")


class Photo(models.Model):
    """A photo as the product knows it.

    Attributes:
        token: names the derivatives in public addresses; says nothing of the original.
        sha256: of the sealed original, hex.
        original_name, original_path: private; opened only by an audited staff view.
        width, height: of the upright picture, pixels.
        taken_at: from EXIF DateTimeOriginal (taken as Asia/Shanghai without an offset) or typed; None when unknown.
        position: exact position from EXIF, EPSG:4326; private.
        redactions: parts blurred in the derivatives, [x, y, width, height] as shares of the upright picture.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    original_name = models.CharField(max_length=120, editable=False)
    original_path = models.CharField(max_length=200, editable=False)
    content_type = models.CharField(max_length=40, editable=False)
    size = models.PositiveIntegerField(_("大小（字节）"), editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    taken_at = models.DateTimeField(_("拍摄时间"), null=True, blank=True)
    position = models.PointField(_("拍摄位置"), srid=4326, null=True, blank=True)
    alt = models.CharField(_("文字说明"), max_length=200, blank=True)
    alt_en = models.CharField(_("文字说明（英文）"), max_length=400, blank=True)
    redactions = models.JSONField(default=list, blank=True, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PENDING)
    uploaded_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now, editable=False)

    objects = FileQuerySet.as_manager()

    class Meta:
        """Order and names."""

        ordering = ["-uploaded_at", "-pk"]
        verbose_name = verbose_name_plural = _("照片")


class Document(models.Model):
    """A file that is published as it is (PDF, office document, text), served as a download only."""

    county = models.ForeignKey(County, models.CASCADE, related_name="+")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    name = models.CharField(_("文件名"), max_length=120)
    path = models.CharField(max_length=200, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(_("大小（字节）"), editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PUBLISHED)
    uploaded_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now, editable=False)

    objects = FileQuerySet.as_manager()

    class Meta:
        """Order and names."""

        ordering = ["-uploaded_at", "-pk"]
        verbose_name = verbose_name_plural = _("文件")


class HoldsFile(models.Model):
    """Something that is shown by a photo or by a document, one of the two; ``one_file`` goes among its constraints."""

    photo = models.ForeignKey(Photo, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """No table of its own."""

        abstract = True


def one_file(name: str) -> models.CheckConstraint:
    """Either the photo or the document of a ``HoldsFile``."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(photo__isnull=False, document__isnull=True)
        | models.Q(photo__isnull=True, document__isnull=False),
    )
