"""The county's rules of dispatch: written, put in order, tried on the past, and only then switched on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Unit
from dispatch.models import RoutingRule
from dispatch.querysets import writes_rules
from dispatch.selectors.rules import content_digest, is_rehearsed, rule_rehearse
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn
from kernel.viewer import Viewer
from kernel.writing import same_version, storable
from places.models import Place
from records.services import audit_write, changes_between

STEP = 10
"""Between two rules that were put in order."""

MOST = 500
"""Entries of one list of a rule: more than the kinds of matters that any known system of this sort has (231)."""

_SKILL = re.compile(r"[\w-]{0,30}", re.ASCII)
_LISTS = {"categories": 40, "places": 15, "words": 20}
_CONTENT = (*_LISTS, "unit", "skill")


@transaction.atomic
def rule_save(
    *, by: Viewer, fields: Mapping[str, Any], rule_id: int | None = None, version: int | None = None
) -> RoutingRule:
    """Make a rule, switched off and the last in order, or change one.

    Args:
        by: who writes.
        fields: ``title``, ``categories``, ``places`` (codes), ``words``, ``unit`` (key, None: the government of the
            township), ``skill`` ("": no crew); those that are left out stay.
        rule_id: of the rule that is changed.
        version: of it, as it was read.

    Raises:
        NotSignedIn, NotFound, Forbidden: nobody is signed in; there is no such rule for ``by``; not a writer.
        Conflict: code "version_conflict"; "rule_in_force": a rule that decides keeps what it does.
        Invalid: names the field.
    """
    rule = RoutingRule(county_id=by.county) if rule_id is None else rule_locked(by, rule_id, version)
    demand_writer(by)
    before = _plain(rule)
    for name, value in fields.items():
        setattr(rule, "unit_id" if name == "unit" else name, _checked(by.county, name, value))
    if not rule.title:
        raise Invalid(_("请写规则的名称。"), field="title")
    after = _plain(rule)
    if rule.is_active and any(before[name] != after[name] for name in _CONTENT):
        said = _("启用中的规则不能改内容。")
        raise Conflict(said, code="rule_in_force", hint=_("请先停用，改好并试运行后再启用。"))
    if rule.pk is None:
        last = RoutingRule.objects.filter(county_id=by.county).aggregate(last=Max("order"))["last"]
        rule.order = (last or 0) + STEP
    else:
        rule.version += 1
    rule.save()
    audit_write(by=by, action="routingrule.save", obj=rule, changes=changes_between(before if rule_id else {}, after))
    return rule


@transaction.atomic
def rule_order(*, by: Viewer, ids: Sequence[int]) -> None:
    """Put all rules of the county in this order.

    Raises:
        NotSignedIn, Forbidden: as for writing.
        Conflict: code "rules_changed": these are not the county's rules, all of them, each once.
    """
    demand_writer(by)
    rows = {rule.pk: rule for rule in RoutingRule.objects.visible_to(by).select_for_update().order_by("pk")}
    if sorted(ids) != sorted(rows):
        raise Conflict(_("规则已经增减过，次序没有保存。"), code="rules_changed", hint=_("请刷新后再排。"))
    before = [rule.pk for rule in sorted(rows.values(), key=lambda one: (one.order, one.pk))]
    for place, key in enumerate(ids, start=1):
        rows[key].order = place * STEP
    RoutingRule.objects.bulk_update(rows.values(), ["order"])
    if before != list(ids):
        county = ("places.county", by.county)
        audit_write(by=by, action="routingrule.order", obj=county, changes={"rules": [before, list(ids)]})


@transaction.atomic
def rule_dry_run(*, by: Viewer, rule_id: int) -> RoutingRule:
    """Try a rule on the county's past orders and keep the figures.

    Raises:
        NotSignedIn, NotFound, Forbidden: as for writing.
    """
    rule = rule_locked(by, rule_id)
    demand_writer(by)
    rule.dry_run = rule_rehearse(rule)
    rule.save(update_fields=["dry_run"])
    takes = {name: [None, rule.dry_run[name]] for name in ("orders", "takes", "finished", "same_unit")}
    audit_write(by=by, action="routingrule.dry_run", obj=rule, changes=takes)
    return rule


@transaction.atomic
def rule_switch(*, by: Viewer, rule_id: int, on: bool, version: int | None = None) -> RoutingRule:
    """Put a rule in force, or out of it; what it was to begin with may be what is asked for.

    Raises:
        NotSignedIn, NotFound, Forbidden: as for writing.
        Conflict: code "version_conflict"; "no_dry_run": its present content was not tried on the past.
    """
    rule = rule_locked(by, rule_id, version)
    demand_writer(by)
    if on and not is_rehearsed(rule):
        raise Conflict(_("启用前要用历史工单试运行现在的内容。"), code="no_dry_run", hint=_("请先点“试运行”。"))
    if rule.is_active != on:
        audit_write(by=by, action="routingrule.switch", obj=rule, changes={"is_active": [rule.is_active, on]})
        rule.is_active, rule.version = on, rule.version + 1
        rule.save(update_fields=["is_active", "version"])
    return rule


def demand_writer(by: Viewer) -> None:
    """Refuse everybody but those who write rules.

    Raises:
        NotSignedIn: nobody is signed in.
        Forbidden: another role, or somebody who answers for a part of the county only.
    """
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    if not writes_rules(by):
        raise Forbidden(_("派单规则由全县的督查员或领导维护。"))


def rule_locked(by: Viewer, rule_id: int, version: int | None = None) -> RoutingRule:
    """The rule, locked until the transaction ends.

    Raises:
        NotSignedIn, NotFound: nobody is signed in; there is none that ``by`` may read.
        Conflict: code "version_conflict", where a version was given.
    """
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    rule = RoutingRule.objects.visible_to(by).select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound(_("没有这条派单规则，或者您不能看。"))
    same_version(rule.version, version, _("别人刚刚改过这条规则，您的修改没有保存。"))
    return rule


def _plain(rule: RoutingRule) -> dict[str, Any]:
    """What the audit keeps of it."""
    lists = {name: list(getattr(rule, name)) for name in _LISTS}
    content = content_digest(rule)
    return {"title": rule.title, **lists, "unit": rule.unit_id, "skill": rule.skill, "content": content}


def _checked(county: str, name: str, value: Any) -> Any:
    """A value as the column takes it.

    Raises:
        Invalid: it does not.
    """
    if name == "title":
        return _text(name, value, 80)
    if name == "skill":
        if not _SKILL.fullmatch(value):
            raise Invalid(_("技能只用字母、数字、横线，最多 30 个字符。"), field=name)
        return value
    if name == "unit":
        if value is not None and not Unit.objects.filter(pk=value, county_id=county, is_active=True).exists():
            raise Invalid(_("没有这个单位。"), code="unknown_unit", field=name)
        return value
    return _list(county, name, value)


def _list(county: str, name: str, values: Collection[str]) -> list[str]:
    if len(values) > MOST:
        raise Invalid(_("最多 %d 项。") % MOST, code="too_many", field=name)
    kept = list(dict.fromkeys(_text(name, value, _LISTS[name]) for value in values))
    if "" in kept:
        raise Invalid(_("不能有空的一项。"), field=name)
    if name == "places":
        known = set(Place.objects.filter(county_id=county, pk__in=kept).values_list("pk", flat=True))
        if unknown := [code for code in kept if code not in known]:
            raise Invalid(_("本县没有地方 %s。") % unknown[0], code="unknown_place", field=name)
    return kept


def _text(name: str, value: str, most: int) -> str:
    text = value.strip()
    if len(text) > most:
        raise Invalid(_("最多 %d 个字。") % most, code="too_long", field=name)
    return storable(text, name)
