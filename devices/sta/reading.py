"""Rows as the standard writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.db.models import OrderBy, QuerySet

from devices.models import Datastream
from devices.sta.entities import EntitySet, Property, Row
from devices.sta.options import Options
from devices.sta.sets import first_reading, newest_reading, stamp
from devices.sta.translation import Translator
from kernel.viewer import Viewer

COUNTED = 100_000
"""As far as rows are counted one by one; beyond, PostgreSQL estimates."""


@dataclass(frozen=True)
class Site:
    """Who asks, and the address of the service."""

    viewer: Viewer
    root: str

    def address(self, over: EntitySet, row: Row) -> str:
        """Of an entity."""
        return f"{self.root}/{over.name}({over.number(row)})"


def chosen(rows: QuerySet[Any], options: Options) -> QuerySet[Any]:
    """The rows that ``$filter`` lets through, in the order of ``$orderby``."""
    over = options.over
    if options.filter:
        translator = Translator(over, "$filter")
        condition = translator.condition(options.filter)
        if translator.leads_to_many:
            rows = rows.filter(pk__in=rows.model._default_manager.filter(condition).values("pk"))
        else:
            rows = rows.filter(condition)
    return rows.order_by(*order_of(options))


def order_of(options: Options) -> list[Any]:
    """What rows are sorted by; the order of the set comes last, so that pages do not overlap."""
    found: list[Any] = []
    for node, is_descending in options.order:
        sql = Translator(options.over, "$orderby").sort(node)
        if sql is None:
            return [*found, *(f"-{name}" if is_descending else name for name in options.over.order)]
        found.append(OrderBy(sql, descending=is_descending))
    return [*found, *options.over.order]


def counted(rows: QuerySet[Any]) -> int:
    """How many rows; above ``COUNTED`` an estimate, and never less than that."""
    found = rows.order_by()[: COUNTED + 1].count()
    if found <= COUNTED:
        return found
    plan = json.loads(rows.order_by().explain(format="json"))
    return max(found, int(plan[0]["Plan"]["Plan Rows"]))


def next_page(url: str, given: Mapping[str, str], skip: int) -> str:
    """The address of the rows from ``skip`` on."""
    query = {**given, "$skip": str(skip)}
    return f"{url}?{urlencode(query, quote_via=quote, safe='$(),;=/:')}"


def prepare(over: EntitySet, rows: Sequence[Row], options: Options) -> None:
    """Hang on rows what their properties need of other tables. Cost: one query at most."""
    if over.name == "Datastreams" and (options.shows("phenomenonTime") or options.shows("resultTime")):
        spans = _spans([row.pk for row in rows])
        for row in rows:
            row.span = spans.get(row.pk)


def _spans(streams: list[int]) -> dict[int, str]:
    """From the first to the newest reading of each stream."""
    found = Datastream.objects.filter(pk__in=streams).annotate(first=first_reading(""), newest=newest_reading(""))
    return {
        pk: f"{stamp(since)}/{stamp(max(since, until))}"
        for pk, since, until in found.order_by().values_list("pk", "first", "newest")
        if since and until
    }


def document(site: Site, row: Row, options: Options) -> dict[str, Any]:
    """An entity without what is expanded."""
    over, address = options.over, site.address(options.over, row)
    found: dict[str, Any] = {}
    if options.shows("id"):
        found["@iot.id"] = over.number(row)
    if not options.select or options.select & {"id", "@iot.selfLink"}:
        found["@iot.selfLink"] = address
    for name, one in over.properties.items():
        if options.shows(name) and (value := shown(one, row, address)) is not None:
            found[name] = value
    for name in over.relations:
        if options.shows(name) and name not in options.expand:
            found[f"{name}@iot.navigationLink"] = f"{address}/{name}"
    return found


def data_arrays(site: Site, rows: Sequence[Row], options: Options) -> list[dict[str, Any]]:
    """Readings as the standard's data arrays (18-088, clause 12): one for each stream, a row for each reading."""
    over = options.over
    names = [name for name in ("id", *over.properties) if options.shows(name)]
    found: dict[int, list[list[Any]]] = {}
    for row in rows:
        told = [over.number(row) if name == "id" else shown(over.properties[name], row, "") for name in names]
        found.setdefault(row.stream_id, []).append(told)
    return [
        {
            "Datastream@iot.navigationLink": f"{site.root}/Datastreams({stream})",
            "components": names,
            "dataArray@iot.count": len(lines),
            "dataArray": lines,
        }
        for stream, lines in found.items()
    ]


def shown(one: Property, row: Row, address: str) -> Any:
    """The value of a property; None where there is none."""
    return one.show(row) if one.show else address
