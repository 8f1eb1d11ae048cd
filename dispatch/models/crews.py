"""Crews that go out, and what they can do."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from dispatch.querysets import CrewQuerySet
from places.models import County


class Skill(models.Model):
    """What crews can do (供热抢修), by the code that crews and rules of dispatch name it with."""

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    code = models.SlugField(_("代码"), max_length=30)
    title = models.CharField(_("名称"), max_length=30)
    title_en = models.CharField(_("英文名称"), max_length=60, blank=True)

    class Meta:
        """Order; a code is one skill of a county."""

        ordering = ["county", "code"]
        verbose_name = verbose_name_plural = _("技能")
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="skill_once")]

    def __str__(self) -> str:
        """What people call it."""
        return self.title


class Crew(models.Model):
    """People who go out (抢修队): where they stand, what they can do, when they are on shift.

    Attributes:
        skills: codes of ``Skill`` that rules of dispatch ask for ("heating").
        weekdays: 1 = Monday … 7 = Sunday, the days on which a shift begins.
        shift_start, shift_end: equal = round the clock; an end before the start lies on the next day.
        capacity: open orders at a time.
        geom: where the crew stands now, EPSG:4326; staff only.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="crews", verbose_name=_("单位"))
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    skills = ArrayField(models.SlugField(max_length=30), verbose_name=_("技能"), default=list, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("值班日"), default=list)
    shift_start = models.TimeField(_("上班"))
    shift_end = models.TimeField(_("下班"))
    capacity = models.PositiveSmallIntegerField(_("同时办几件"), default=1)
    phone = models.CharField(_("电话（不公开）"), max_length=30, blank=True)
    geom = models.PointField(_("位置"), srid=4326)
    is_active = models.BooleanField(_("在用"), default=True)

    objects = CrewQuerySet.as_manager()

    class Meta:
        """Order and names."""

        ordering = ["county", "name"]
        verbose_name = verbose_name_plural = _("班组")

    def __str__(self) -> str:
        """Its name."""
        return self.name
