"""Entities with what hangs on them, in as many queries as there are expansions, whatever the number of entities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Window, prefetch_related_objects
from django.db.models.functions import JSONObject, RowNumber

from devices.models import Datastream, Device, Latest, Observation
from devices.sta.entities import Relation, Row
from devices.sta.options import Options
from devices.sta.parser import Path
from devices.sta.reading import Site, chosen, counted, document, next_page, order_of, prepare
from devices.sta.sets import SETS

ROOM = 10_000
"""Entities that one expansion brings; who asks for more gets links to the rest."""


def page(site: Site, rows: QuerySet[Any], options: Options, url: str) -> dict[str, Any]:
    """A collection: the entities from ``$skip`` on, how many there are, and where it goes on."""
    rows, answer = chosen(rows, options), dict[str, Any]()
    if options.count:
        answer["@iot.count"] = counted(rows)
    until = options.skip + options.top
    found = _cut(site, rows, options, until + 1) if options.top else []
    if len(found) > options.top:
        answer["@iot.nextLink"] = next_page(url, options.given, until)
    answer["value"] = documents(site, found[: options.top], options)
    return answer


def _cut(site: Site, rows: QuerySet[Any], options: Options, until: int) -> list[Row]:
    """Rows from ``$skip`` until ``until``.

    The newest readings are not older than the newest of as many streams: so the weeks before those are not read.
    """
    if options.over.name == "Observations" and options.filter is None and is_newest_first(options):
        streams = Latest.objects.filter(device_id__in=Device.objects.visible_to(site.viewer))
        oldest = streams.order_by("-ts").values_list("ts", flat=True)[until - 1 : until].first()
        found = list(rows.filter(ts__gte=oldest)[options.skip : until]) if oldest else []
        if len(found) == until - options.skip:
            return found
    return list(rows[options.skip : until])


def documents(site: Site, rows: Sequence[Row], options: Options) -> list[dict[str, Any]]:
    """Entities with their expansions. Cost: two queries for each expansion, three with ``$count``."""
    if not rows:
        return []
    prepare(options.over, rows, options)
    found = [document(site, row, options) for row in rows]
    for name, inner in options.expand.items():
        _expand(site, name, rows, found, options, inner)
    return found


def _expand(
    site: Site, name: str, rows: Sequence[Row], found: list[dict[str, Any]], options: Options, inner: Options
) -> None:
    relation = options.over.relations[name]
    if relation.target == "FeaturesOfInterest":
        prefetch_related_objects(list(rows), "stream")
    keys = list(dict.fromkeys(relation.here(row) for row in rows))
    if relation.is_many:
        inner = replace(inner, top=min(inner.top, max(1, ROOM // len(keys))))
    children = _children(site, relation, keys, inner)
    under: dict[Any, list[dict[str, Any]]] = {}
    for child, told in zip(children, documents(site, children, inner), strict=True):
        under.setdefault(relation.back(child), []).append(told)
    counts = _counts(site, relation, keys, inner) if inner.count and relation.is_many else {}
    for row, told in zip(rows, found, strict=True):
        key = relation.here(row)
        below = under.get(key, [])
        if not relation.is_many:
            told[name] = below[0] if below else None
            continue
        told[name] = below[: inner.top]
        if inner.count:
            told[f"{name}@iot.count"] = counts.get(key, 0)
        if len(below) > inner.top:
            url = f"{site.address(options.over, row)}/{name}"
            told[f"{name}@iot.nextLink"] = next_page(url, inner.given, inner.skip + inner.top)


def _children(site: Site, relation: Relation, keys: list[Any], inner: Options) -> list[Row]:
    """Rows of all parents, of each at most one more than ``$top``: it says that there are more."""
    if relation.is_many and not inner.top:
        return []
    if relation.target == "Observations":
        return _readings(relation, keys, inner)
    rows = SETS[relation.target].rows(site.viewer).filter(**{f"{relation.there}__in": keys})
    if not relation.is_many:
        return list(rows)
    rows, until = chosen(rows, inner), inner.skip + inner.top + 1
    if len(keys) == 1:
        return list(rows[inner.skip : until])
    if relation.there == "pk":
        return [] if inner.skip else list(rows)
    place = Window(RowNumber(), partition_by=F(relation.there), order_by=order_of(inner))
    return list(rows.annotate(place=place).filter(place__gt=inner.skip, place__lte=until))


def _readings(relation: Relation, keys: list[Any], inner: Options) -> list[Row]:
    """Readings of streams, or of the streams of devices; the parents are visible, so they are.

    One statement, in which every parent reads its own end of the key.
    """
    is_of_stream = relation.there == "stream_id"
    if is_of_stream and inner.top == 1 and not inner.skip and inner.filter is None and is_newest_first(inner):
        return _newest(keys)
    rows = chosen(Observation.objects.filter(**{relation.there: OuterRef("pk")}), inner)
    columns = JSONObject(stream="stream_id", ts="ts", value="value", text="text", quality="quality")
    of_each = ArraySubquery(rows.values_list(columns)[inner.skip : inner.skip + inner.top + 1])
    parents = (Datastream if is_of_stream else Device)._default_manager.filter(pk__in=keys).order_by()
    found = [_observation(one) for row in parents.values_list(of_each) for one in row[0]]
    if not is_of_stream:
        prefetch_related_objects(found, "stream")
    return found


def _observation(told: dict[str, Any]) -> Observation:
    moment = dt.datetime.fromisoformat(told["ts"])
    return Observation(
        stream_id=told["stream"], ts=moment, value=told["value"], text=told["text"], quality=told["quality"]
    )


def is_newest_first(options: Options) -> bool:
    """Whether readings are sorted by nothing but their time, the newest first."""
    if len(options.order) != 1:
        return False
    node, is_descending = options.order[0]
    return is_descending and isinstance(node, Path) and node.parts in (("phenomenonTime",), ("resultTime",))


def _newest(streams: list[int]) -> list[Row]:
    """The newest reading of each, from where it is kept; history does not matter."""
    return [
        Observation(
            stream_id=one.stream_id,
            ts=one.ts,
            value=one.value,
            text=one.text if one.value is None else None,
            quality=one.quality,
        )
        for one in Latest.objects.filter(stream_id__in=streams)
    ]


def _counts(site: Site, relation: Relation, keys: list[Any], inner: Options) -> dict[Any, int]:
    rows = SETS[relation.target].rows(site.viewer).filter(**{f"{relation.there}__in": keys})
    if len(keys) == 1:
        return {keys[0]: counted(chosen(rows, inner))}
    found = chosen(rows, inner).order_by().values_list(relation.there).annotate(n=Count("*"))
    return dict(found)
