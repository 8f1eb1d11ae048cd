"""Addresses below the service's root as rows (OGC 18-088, clause 9.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from devices.sta.entities import EntitySet, Row
from devices.sta.sets import SETS
from kernel.errors import Invalid, NotFound
from kernel.viewer import Viewer

LONGEST = 12
"""Steps of an address."""

_STEP = re.compile(r"(?P<name>[A-Za-z]\w*)(?:\((?P<number>-?\d{1,30})\))?", re.ASCII)
_NUMBERED = re.compile(r"\w+\(.*\)")


@dataclass(frozen=True)
class Resource:
    """What an address leads to.

    Attributes:
        rows: of a collection; None for an entity.
        row: the entity.
        names: the property, and the members of it, that are asked for.
        form: "", "$value" or "$ref".
    """

    over: EntitySet
    rows: QuerySet[Any] | None
    row: Row | None
    names: tuple[str, ...] = ()
    form: str = ""


def resource_at(viewer: Viewer, path: str) -> Resource:
    """What ``path`` leads to. Cost: one query for each entity on the way.

    Raises:
        NotFound: nothing, for this viewer.
        Invalid: the address cannot be one.
    """
    steps = path.strip("/").split("/")
    if len(steps) > LONGEST:
        raise NotFound(_("没有这个网址。"))
    form = steps.pop() if steps[-1] in ("$value", "$ref") else ""
    name, number = _step(steps.pop(0)) if steps else ("", None)
    if name not in SETS:
        raise NotFound(_("没有这个网址。"), hint=_("实体集：%s") % "、".join(SETS))
    over = SETS[name]
    found = Resource(over, over.rows(viewer), None) if number is None else _one(over, over.rows(viewer), number)
    while steps and found.row is not None and _step(steps[0])[0] in found.over.relations:
        found = _follow(viewer, found, *_step(steps.pop(0)))
    return _ended(found, tuple(steps), form)


def _step(text: str) -> tuple[str, int | None]:
    found = _STEP.fullmatch(text)
    if found is None:
        if _NUMBERED.fullmatch(text):
            raise NotFound(_("编号是整数。"))
        return text, None
    return found["name"], int(found["number"]) if found["number"] else None


def _one(over: EntitySet, rows: QuerySet[Any], number: int) -> Resource:
    row = rows.filter(over.find("", number)).first()
    if row is None:
        raise NotFound(_("没有这个内容，或者您不能看。"))
    return Resource(over, None, row)


def _follow(viewer: Viewer, found: Resource, name: str, number: int | None) -> Resource:
    relation = found.over.relations[name]
    target = SETS[relation.target]
    rows = target.rows(viewer).filter(Q(**{relation.there: relation.here(found.row)}))
    if number is not None and relation.is_many:
        return _one(target, rows, number)
    if relation.is_many:
        return Resource(target, rows, None)
    row = rows.first()
    if row is None or number is not None:
        raise NotFound(_("没有这个内容，或者您不能看。"))
    return Resource(target, None, row)


def _ended(found: Resource, names: tuple[str, ...], form: str) -> Resource:
    if names and found.rows is not None:
        raise NotFound(_("集合后面要先写编号。"))
    if (form == "$value") != bool(names and form):
        raise Invalid(_("“%s”不能用在这里。") % form, code="bad_path")
    if names and names[0] not in (*found.over.properties, "id", "@iot.id", "@iot.selfLink"):
        raise NotFound(_("没有“%s”。") % names[0][:60])
    return Resource(found.over, found.rows, found.row, names, form)
