"""The rules by which orders find their unit, and what they decided."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from dispatch.models.crews import Crew
from dispatch.models.orders import OfOrder, WorkOrder
from dispatch.querysets import RoutingRuleQuerySet
from kernel import clock
from places.models import County


class RoutingRule(models.Model):
    """One line of the county's dispatch rules; the first active one that fits decides.

    Attributes:
        categories, places, words: any of them must fit; an empty list fits everything. Places are codes, and what
            lies inside them; words are looked for in the title and in all that the source has to say of the matter.
        unit: who gets the order; None: the township government of the place.
        skill: give it to the nearest free crew with this skill, without asking anybody.
        dry_run: figures of the last run over history, and when that was; a rule without one is not switched on.
    """

    county = models.ForeignKey(County, models.CASCADE, related_name="+", verbose_name=_("县"))
    order = models.PositiveSmallIntegerField(_("次序"), default=100)
    title = models.CharField(_("名称"), max_length=80)
    categories = ArrayField(models.CharField(max_length=40), verbose_name=_("类别"), default=list, blank=True)
    places = ArrayField(models.CharField(max_length=15), verbose_name=_("地方"), default=list, blank=True)
    words = ArrayField(models.CharField(max_length=20), verbose_name=_("词"), default=list, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位"))
    skill = models.SlugField(_("技能"), max_length=30, blank=True)
    is_active = models.BooleanField(_("启用"), default=False)
    dry_run = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        """Order and names."""

        ordering = ["county", "order", "pk"]
        verbose_name = verbose_name_plural = _("派单规则")

    def __str__(self) -> str:
        """Its name."""
        return self.title


class RoutingDecision(OfOrder):
    """Why an order went where it went, when no person decided.

    Attributes:
        why: sentences for people, and what was compared.
        distance_m: of the crew, by road or straight.
        by_road: False on an island or without a network; ``why`` says so.
    """

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="decisions")
    rule = models.ForeignKey(RoutingRule, models.SET_NULL, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    crew = models.ForeignKey(Crew, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    why = models.JSONField(default=dict)
    distance_m = models.FloatField(null=True, blank=True)
    by_road = models.BooleanField(default=False)

    class Meta:
        """Order and names."""

        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("派单依据")
