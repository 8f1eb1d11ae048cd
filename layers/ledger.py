"""The change ledger: which tables changed, per county, and from that the version of a layer.

Statement-level triggers add one row per statement and county to ``layers_change``. Rows are only ever added, so the
number of rows that a reader sees is a version: whoever sees a change of a table sees its row as well, because both
belong to one transaction. The largest id would not do: a transaction that took a lower id may commit after the one
with the highest, and its change would never show.

Each transaction that adds rows notifies ``CHANNEL`` once, when it commits: then ``layers.live`` counts.

Two steps make an answer safe to keep: read the version, then the data. Between the two the data can only become newer
than the version, which costs one needless download and never shows old data as new.

Decision and measured cost: docs/adr/0007-change-ledger.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from kernel.layerspec import LayerSpec, layers
from kernel.live import live_feeds, live_topics
from layers.statements import Statement, quote

BASEMAP_MODELS = ("places.BaseFeature", "places.Road")
"""What the tiles of the base map are made of."""

ALWAYS_WATCHED = ("places.Place", *BASEMAP_MODELS)
"""Watched whether or not a layer names them: counts by area carry the names of places."""

KEPT = dt.timedelta(hours=1)
"""How long single rows are kept before they are joined: longer than any transaction is open."""

CHANNEL = "layers_change"
"""Of NOTIFY. The payload is empty: PostgreSQL sends equal notifications of a transaction once."""

PRUNE_LOCK = 0x6C61796572  # "layer" in ASCII: two joins at once would count the same rows twice

EVENTS = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
    "TRUNCATE": "",
}

# Static statements, so that PL/pgSQL keeps their plans for each trigger; the county's column is part of the text.
_FUNCTION = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO layers_change (topic, county, at, n)
        SELECT TG_TABLE_NAME, {county}, clock_timestamp(), 1 FROM new_rows GROUP BY 2;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO layers_change (topic, county, at, n)
        SELECT TG_TABLE_NAME, county, clock_timestamp(), 1
        FROM (SELECT {county} AS county FROM new_rows UNION SELECT {county} FROM old_rows) c;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO layers_change (topic, county, at, n)
        SELECT TG_TABLE_NAME, {county}, clock_timestamp(), 1 FROM old_rows GROUP BY 2;
    ELSE
        INSERT INTO layers_change (topic, county, at, n) VALUES (TG_TABLE_NAME, '', clock_timestamp(), 1);
    END IF;
    IF FOUND THEN
        PERFORM pg_notify('{channel}', '');
    END IF;
    RETURN NULL;
END
$body$"""

_TRIGGER = """
CREATE OR REPLACE TRIGGER layers_change_{event_lower} AFTER {event} ON {table} {referencing}
FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""

_JOIN_OLD = """
WITH keep AS (
    SELECT topic, county, max(id) AS id FROM layers_change WHERE at < %s GROUP BY topic, county
), gone AS (
    DELETE FROM layers_change c USING keep k
    WHERE c.topic = k.topic AND c.county = k.county AND c.id < k.id AND c.at < %s
    RETURNING c.topic, c.county, c.n
), sums AS (SELECT topic, county, sum(n) AS n, count(*) AS rows FROM gone GROUP BY topic, county)
UPDATE layers_change c SET n = c.n + s.n FROM sums s JOIN keep k USING (topic, county)
WHERE c.id = k.id RETURNING s.rows"""


def models_of(spec: LayerSpec) -> tuple[str, ...]:
    """The models whose rows a layer is made of, as "app.Model"."""
    return (spec.source, *spec.depends_on)


def tables(models: Iterable[str]) -> tuple[str, ...]:
    """Their database tables, each once, sorted."""
    return tuple(sorted({_model(name)._meta.db_table for name in models}))


def watched() -> dict[str, str]:
    """Database table → column with the county's code ("" = rows name no county), for everything layers are made of.

    Of a live topic that is no layer: the column that says whose a row is.
    """
    found = {_model(name)._meta.db_table: county_column(_model(name)) for name in ALWAYS_WATCHED}
    for spec in layers:
        for name in spec.depends_on:
            found.setdefault(_model(name)._meta.db_table, county_column(_model(name)))
        source = _model(spec.source)
        found[source._meta.db_table] = county_column(source, spec.county)
    for topic in live_topics:
        for name in topic.models:
            found.setdefault(_model(name)._meta.db_table, county_column(_model(name), topic.column))
    for feed in live_feeds:
        for name in feed.models:
            found.setdefault(_model(name)._meta.db_table, county_column(_model(name)))
    return found


def county_column(model: type[Model], attribute: str = "county_id") -> str:
    """The column of ``model`` that holds the county's code, "" when it has none."""
    columns = {field.attname: field.column for field in model._meta.concrete_fields}
    return columns.get(attribute) or ""


def install(**_kwargs: Any) -> None:
    """Put the triggers on every table that is watched (after each ``migrate``); existing ones are replaced."""
    existing = set(connection.introspection.table_names())
    if "layers_change" not in existing:
        return
    with connection.cursor() as cursor:
        for table, column in watched().items():
            if table in existing:
                for sql in _trigger_sql(table, column):
                    cursor.execute(sql)


def version(models: Iterable[str], county: str) -> str:
    """What changes whenever a row of one of ``models`` in the county was changed, and at no other time.

    Cost: one query, from an index alone.
    """
    sql = "SELECT sum(n), max(id), max(at) FROM layers_change WHERE topic = ANY(%s) AND county IN (%s, '')"
    count, last, at = Statement(sql, (list(tables(models)), county)).rows()[0]
    # The count alone would do within one database; id and time tell apart a database that was made anew.
    return f"{count or 0}.{last or 0}.{at.timestamp() if at else 0}"


Counts = Mapping[tuple[str, str], tuple[int, int, float]]
"""(table, county) → how many changes, the last id, the last time in seconds since 1970."""


def counts(topics: Iterable[str] | None = None) -> Counts:
    """The ledger at one moment, all of it or of the tables ``topics``. Cost: one query, from an index alone."""
    where = "" if topics is None else " WHERE topic = ANY(%s)"
    sql = f"SELECT topic, county, sum(n), max(id), max(at) FROM layers_change{where} GROUP BY topic, county"
    rows = Statement(sql, () if topics is None else (list(topics),)).rows()
    return {(topic, county): (int(n), last, at.timestamp()) for topic, county, n, last, at in rows}


def version_in(found: Counts, topics: Iterable[str], county: str) -> str:
    """The version that ``counts`` found of something made of the tables ``topics``; equal to ``version`` of them."""
    seen = [found[key] for topic in topics for key in ((topic, county), (topic, "")) if key in found]
    return ".".join(str(part) for part in (_sum(seen) if seen else (0, 0, 0)))


def _sum(seen: list[tuple[int, int, float]]) -> tuple[int, int, float]:
    numbers, lasts, times = zip(*seen, strict=True)
    return sum(numbers), max(lasts), max(times)


def prune(before: dt.datetime) -> int:
    """Join the rows of each table and county that are older than ``before`` into one; versions stay what they are.

    Returns:
        How many rows were removed. 0 also when another process is at it.

    Cost: two queries, atomic.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [PRUNE_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            cursor.execute(_JOIN_OLD, [before, before])
            return sum(rows for (rows,) in cursor.fetchall())
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PRUNE_LOCK])


def _model(name: str) -> type[Model]:
    return apps.get_model(name)


def _trigger_sql(table: str, column: str) -> list[str]:
    function = quote(f"layers_note_{column}" if column else "layers_note_all")
    county = f"coalesce({quote(column)}::text, '')" if column else "''::text"
    statements = [_FUNCTION.format(function=function, county=county, channel=CHANNEL)]
    return statements + [
        _TRIGGER.format(
            event=event, event_lower=event.lower(), table=quote(table), referencing=referencing, function=function
        )
        for event, referencing in EVENTS.items()
    ]
