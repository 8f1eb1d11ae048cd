"""Entities with what hangs on them, in as many queries as there are expansions, whatever the number of entities."""

from __future__ import annotations

import datetime as dt
from collections import Counter
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
from devices.sta.reading import Site, chosen, counted, data_arrays, document, next_page, order_of, prepare
from devices.sta.sets import SETS

ROOM = 10_000
"""Entities that all expansions of an answer bring; who asks for more gets links to the rest."""


def page(site: Site, rows: QuerySet[Any], options: Options, url: str) -> dict[str, Any]:
    """A collection: the entities from ``$skip`` on, how many there are, and where it goes on."""
    rows, answer = chosen(rows, options), dict[str, Any]()
    if options.count:
        answer["@iot.count"] = counted(rows)
    until = options.skip + options.top
    is_all = url == f"{site.root}/Observations" and options.filter is None
    if is_all and is_newest_first(options):
        rows = _not_before_needed(site, rows, options, until + 1)
    found = list(rows[options.skip : until + 1]) if options.top else []
    if len(found) > options.top:
        answer["@iot.nextLink"] = next_page(url, options.given, until)
    shown = data_arrays if options.is_array else documents
    answer["value"] = shown(site, found[: options.top], options)
    return answer


def _not_before_needed(site: Site, rows: QuerySet[Any], options: Options, until: int) -> QuerySet[Any]:
    """All readings, the newest first, without the weeks that cannot be among the first ``until``.

    Those are not older than the newest of as many streams, unless the newest of some are no longer kept.
    """
    streams = Latest.objects.filter(device_id__in=Device.objects.visible_to(site.viewer))
    oldest = streams.order_by("-ts").values_list("ts", flat=True)[until - 1 : until].first()
    late = rows.filter(ts__gte=oldest) if oldest else rows
    return late if oldest and late.order_by()[:until].count() == until else rows


def documents(
    site: Site, rows: Sequence[Row], options: Options, times: Sequence[int] = (), room: int = 0
) -> list[dict[str, Any]]:
    """Entities with their expansions. Cost: two queries for each expansion, three with ``$count``.

    Args:
        site: who asks.
        rows: the entities.
        options: what of them is shown.
        times: how often each will stand in the answer: what hangs on it comes as often; () for once.
        room: how many entities each expansion may bring; 0 at the top.
    """
    if not rows:
        return []
    prepare(options.over, rows, options)
    found = [document(site, row, options) for row in rows]
    room = room or ROOM // max(1, options.expansions())
    for name, inner in options.expand.items():
        _expand(site, name, (rows, found, times or [1] * len(rows)), (options, inner), room)
    return found


def _expand(
    site: Site,
    name: str,
    parents: tuple[Sequence[Row], list[dict[str, Any]], Sequence[int]],
    asked: tuple[Options, Options],
    room: int,
) -> None:
    (rows, found, times), (options, inner) = parents, asked
    relation = options.over.relations[name]
    if relation.target == "FeaturesOfInterest":
        prefetch_related_objects(list(rows), "stream")
    often: Counter[Any] = Counter()
    for row, number in zip(rows, times, strict=True):
        often[relation.here(row)] += number
    keys = list(often)
    if relation.is_many:
        inner = replace(inner, top=min(inner.top, max(1, room // often.total())))
    children = _children(site, relation, keys, inner)
    told = documents(site, children, inner, [often[relation.back(child)] for child in children], room)
    under: dict[Any, list[dict[str, Any]]] = {}
    for child, one in zip(children, told, strict=True):
        under.setdefault(relation.back(child), []).append(one)
    counts = _counts(site, relation, keys, inner) if inner.count and relation.is_many else None
    for row, one in zip(rows, found, strict=True):
        below = under.get(relation.here(row), [])
        if relation.is_many:
            one |= _listed(f"{site.address(options.over, row)}/{name}", name, below, inner)
        else:
            one[name] = below[0] if below else None
        if counts is not None:
            one[f"{name}@iot.count"] = counts.get(relation.here(row), 0)


def _listed(url: str, name: str, below: list[dict[str, Any]], inner: Options) -> dict[str, Any]:
    """The members that tell what hangs on an entity, of which ``below`` may have one too many."""
    found: dict[str, Any] = {name: below[: inner.top]}
    if len(below) > inner.top:
        found[f"{name}@iot.nextLink"] = next_page(url, inner.given, inner.skip + inner.top)
    return found


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
