"""Querysets that Django writes once and PostgreSQL answers many times.

To turn a queryset into SQL costs Django one to four milliseconds, several times what the server needs to read it. Where
one request reads ten of them (the panel of a place, the search box), that is most of its cost. So the statement is kept
per viewer, and only what differs from request to request is put into it:

    def _villages(viewer: Viewer) -> PlaceQuerySet:
        return Place.objects.visible_to(viewer).within(given("township"))

    rows(_villages, viewer, township="990521003")

The rows are what the queryset itself would give: models with what they select, or tuples. Prefetches are not read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils.translation import get_language

from kernel import clock
from kernel.viewer import Viewer

KEPT_STATEMENTS = 1024
"""Of functions and viewers. One is some kilobytes."""

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around the name of a text that is not known yet. Private-use characters, which no name or code contains."""

_GIVEN = re.compile(f"{_OPEN}(\\w+){_CLOSE}")

Row = TypeVar("Row")


def given(name: str) -> str:
    """Stands, in a queryset of ``rows``, for a text that is known only when the statement runs."""
    return f"{_OPEN}{name}{_CLOSE}"


def rows(build: Callable[..., QuerySet[Any, Row]], viewer: Viewer, *how: Hashable, **values: str) -> list[Row]:
    """The rows of ``build(viewer, *how)`` with ``values`` in place of what is ``given``.

    The statement is kept until the day ends: ``build`` is a function of the viewer, of ``how``, of the language and of
    the day.

    Args:
        build: makes the queryset; one of a module, not one made on the spot, which nobody would find again.
        viewer: who looks; the rights are part of the statement.
        how: what else decides how the statement looks.
        values: a text for every name that is given.

    Cost: one query, none when the viewer can have no row.
    """
    written = _write(build, viewer, how, get_language() or "", clock.today())
    return [] if written is None else written.read(values)


@dataclass(frozen=True, slots=True)
class _Written:
    """A queryset, its statement, and what Django found out about the columns while it wrote that."""

    queryset: QuerySet[Any, Any]
    sql: str
    params: tuple[Any, ...]
    found: Mapping[str, Any]

    def read(self, values: Mapping[str, str]) -> list[Any]:
        """All rows, as the queryset would make them."""
        compiler = self.queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        escaped = compiler.connection.ops.prep_for_like_query
        params = tuple(_filled(param, values, escaped) for param in self.params)
        vars(compiler).update(self.found, as_sql=lambda *_args, **_kwargs: (self.sql, params))
        asked: Any = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            query=SimpleNamespace(get_compiler=lambda *_args, **_kwargs: compiler),
            _known_related_objects={},
        )
        found: Iterable[Any] = self.queryset._iterable_class(asked)  # type: ignore[assignment]  # __iter__ is untyped
        return list(found)


@lru_cache(maxsize=KEPT_STATEMENTS)
def _write(
    build: Callable[..., QuerySet[Any, Any]], viewer: Viewer, how: tuple[Hashable, ...], language: str, day: dt.date
) -> _Written | None:
    """The statement of a queryset; None when it can have no row."""
    queryset = build(viewer, *how)
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    found = {name: value for name, value in vars(compiler).items() if name != "connection"}  # that of another thread
    return _Written(queryset, sql, tuple(params), found)


def _filled(param: Any, values: Mapping[str, str], escaped: Callable[[str], str]) -> Any:
    """A parameter with the given texts in it; as part of a pattern a text means itself, signs and all."""
    if not isinstance(param, str) or _OPEN not in param:
        return param
    whole = _GIVEN.fullmatch(param)
    return values[whole[1]] if whole else _GIVEN.sub(lambda found: escaped(values[found[1]]), param)
