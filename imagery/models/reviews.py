"""What people said of points: at the screen, and on the spot."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dispatch.models import WorkOrder
from imagery.models.areas import RejectReason
from imagery.models.points import FINDING_TITLES, KIND_TITLES, ChangePoint
from imagery.models.scenes import Scene
from imagery.querysets import OfPointQuerySet
from imagery.states import Verdict
from kernel import clock
from media.models import Photo

VERDICT_TITLES = {
    Verdict.CHANGE: _("有变化"),
    Verdict.NO_CHANGE: _("没变化"),
    Verdict.UNSURE: _("拿不准"),
    Verdict.BAD_IMAGERY: _("影像差"),
    Verdict.DEFER: _("以后再看"),
    Verdict.UNDO: _("撤销"),
}
CONFIDENCE_TITLES = {"1": _("低"), "2": _("中"), "3": _("高")}


class Review(models.Model):
    """A verdict of somebody. Rows are only ever added: a trigger refuses changes (imagery/sql).

    Attributes:
        client_id: made by the page; the same one is the same verdict, however often it is sent.
        round: 1 or 2.
        confidence: 1 low, 2, 3 high.
        before, after: the scenes that were looked at.
        seconds: from the pictures on the screen to the key.
        batch: one id for all that were decided in one go.
        undoes: the verdict that is taken back, for ``UNDO``.
        prior: columns of the point as they were before; what undo puts back.
        version: of the point after it.
    """

    point = models.ForeignKey(ChangePoint, models.CASCADE, related_name="reviews")
    client_id = models.UUIDField(unique=True)
    by = models.ForeignKey(User, models.RESTRICT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    round = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=12, choices=VERDICT_TITLES.items())
    kind = models.CharField(max_length=10, choices=KIND_TITLES.items())
    reason = models.ForeignKey(RejectReason, models.RESTRICT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    confidence = models.PositiveSmallIntegerField(null=True)
    before = models.ForeignKey(Scene, models.RESTRICT, related_name="+")
    after = models.ForeignKey(Scene, models.RESTRICT, related_name="+")
    seconds = models.FloatField(null=True)
    batch = models.UUIDField(null=True, db_index=True)
    undoes = models.OneToOneField("self", models.CASCADE, null=True, related_name="undone")
    prior = models.JSONField(default=dict)
    version = models.PositiveIntegerField()

    objects = OfPointQuerySet.as_manager()

    class Meta:
        """Order; what can be true."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("判读")
        indexes = [models.Index(fields=["by", "at"], name="review_by")]
        constraints = [
            models.CheckConstraint(name="review_round", condition=models.Q(round__in=[1, 2])),
            models.CheckConstraint(
                name="review_confidence",
                condition=models.Q(confidence=None) | models.Q(confidence__range=(1, 3)),
            ),
            models.CheckConstraint(
                name="review_undoes",
                condition=models.Q(verdict=Verdict.UNDO, undoes__isnull=False)
                | ~models.Q(verdict=Verdict.UNDO) & models.Q(undoes=None),
            ),
        ]


class FieldCheck(models.Model):
    """Somebody was there.

    Attributes:
        client_id: made by the telephone; the same one is the same check, however often and late it is sent.
        order: that sent them.
        at: when they were there, by the telephone; ``received_at`` when it came.
        geom: where they stood, EPSG:4326; ``accuracy_m`` as the telephone says.
        distance_m: from there to the outline of the point, computed here; 0 inside.
        is_far: more than ``FAR_M`` away.
        kind: of the change as it is on the spot; "" where nobody said.
    """

    point = models.ForeignKey(ChangePoint, models.CASCADE, related_name="checks")
    client_id = models.UUIDField(unique=True)
    order = models.ForeignKey(WorkOrder, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(User, models.RESTRICT, related_name="+")
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)
    geom = models.PointField(srid=4326)
    accuracy_m = models.FloatField()
    distance_m = models.FloatField()
    is_far = models.BooleanField()
    finding = models.CharField(max_length=10, choices=FINDING_TITLES.items())
    kind = models.CharField(max_length=10, choices=KIND_TITLES.items(), blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects = OfPointQuerySet.as_manager()

    class Meta:
        """Order."""

        ordering = ["at", "pk"]
        verbose_name = verbose_name_plural = _("实地核查")


class FieldPhoto(models.Model):
    """A photo from the spot. It may come before the check it belongs to, or after it.

    Attributes:
        client_id: made by the telephone, as of the check.
        check_client: ``client_id`` of the check.
        azimuth: where the camera looked, degrees clockwise from north, 0…360.
        taken_at: by the telephone. The SHA-256 of the original is the photo's own.
        geom: where it was taken, EPSG:4326, with ``accuracy_m`` as the telephone says; None where it did not say.
    """

    point = models.ForeignKey(ChangePoint, models.CASCADE, related_name="photos")
    client_id = models.UUIDField(unique=True)
    check_client = models.UUIDField(db_index=True)
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="+")
    azimuth = models.FloatField()
    taken_at = models.DateTimeField()
    geom = models.PointField(srid=4326, null=True)
    accuracy_m = models.FloatField(null=True)
    by = models.ForeignKey(User, models.RESTRICT, related_name="+")

    objects = OfPointQuerySet.as_manager()

    class Meta:
        """Order; a direction of the compass."""

        ordering = ["taken_at", "pk"]
        verbose_name = verbose_name_plural = _("实地照片")
        constraints = [models.CheckConstraint(name="field_photo_azimuth", condition=models.Q(azimuth__range=(0, 360)))]
