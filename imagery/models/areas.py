"""What is known of places and of reasons before anybody looks: red lines, zones of false alarms, groups."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from imagery.querysets import CountyQuerySet, GroupQuerySet
from kernel import clock
from kernel.language import named
from places.models import County


class RedLine(models.Model):
    """A control line of territorial planning (三区三线): inside a red one every change is looked at twice.

    Attributes:
        origin: name of the file it came from; the same file again replaces its own.
    """

    class Kind(models.TextChoices):
        """Which of the three; inside the last one building is foreseen, so that it is no red line."""

        FARMLAND = "farmland", _("永久基本农田")
        ECOLOGY = "ecology", _("生态保护红线")
        URBAN = "urban", _("城镇开发边界")

    county = models.ForeignKey(County, models.CASCADE, related_name="+")
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    code = models.CharField(_("编号"), max_length=40, blank=True)
    origin = models.CharField(max_length=120, blank=True)
    geom = models.MultiPolygonField(_("范围"), srid=4326)

    objects = CountyQuerySet.as_manager()

    class Meta:
        """Names."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("控制线")
        indexes = [models.Index(fields=["county", "origin"], name="redline_origin")]


class RejectReason(models.Model):
    """Why a point is no change, in the words of a county.

    Attributes:
        is_lasting: it will look like this again: repeated rejections of a place with it make a suppression zone, which
            is one for as long as the reason lasts.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    code = models.SlugField(_("标识"), max_length=20)
    title = models.CharField(_("名称"), max_length=30)
    title_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    is_lasting = models.BooleanField(_("会再次出现"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)
    order = models.PositiveSmallIntegerField(_("次序"), default=100)

    objects = CountyQuerySet.as_manager()

    class Meta:
        """Order; a code once in a county."""

        ordering = ["county", "order", "pk"]
        verbose_name = verbose_name_plural = _("排除原因")
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="reject_reason_once")]

    def __str__(self) -> str:
        """Its title."""
        return self.title


class SuppressionZone(models.Model):
    """Where reviewers have said "no change" again and again for a lasting reason: points there go to the end.

    Attributes:
        rejections: how many points stand rejected there; it counts from ``LEARN_FROM`` on.
        is_active: an administrator can switch it off; it stays off, however often somebody rejects there.
        is_applied: what waits in it stands where the zone puts it.
    """

    LEARN_FROM = 3
    """Rejections of one place for one lasting reason: twice may be chance. A rule of ours; it only moves points."""

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    reason = models.ForeignKey(RejectReason, models.RESTRICT, related_name="+", verbose_name=_("排除原因"))
    geom = models.PolygonField(_("范围"), srid=4326)
    rejections = models.PositiveIntegerField(_("排除次数"))
    is_active = models.BooleanField(_("启用"), default=True)
    is_applied = models.BooleanField(default=False, editable=False)
    learnt_at = models.DateTimeField(_("最近一次"), default=clock.now)

    objects = CountyQuerySet.as_manager()

    class Meta:
        """Names."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("误报区")

    def __str__(self) -> str:
        """Its reason, and which zone of it."""
        return f"{named(self.reason.title, self.reason.title_en)} {self.pk}"


class ChangeGroup(models.Model):
    """Many points that are one project.

    Attributes:
        project: the source's own key of it ("projects:17"); "" where nobody has said.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+")
    title = models.CharField(_("名称"), max_length=80)
    project = models.CharField(max_length=40, blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        """Names."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("图斑组")
