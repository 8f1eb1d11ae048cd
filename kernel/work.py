"""Where work orders come from: reports, alarms, confirmed change points, home visits.

``dispatch`` knows nothing of any of them. An app opens an order for something of its own, names it as
("incidents", "4711"), and registers a ``WorkSource`` that is told what becomes of the order, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kernel.registry import Registry
from kernel.viewer import Role, Viewer

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class WorkNews:
    """What happened to an order.

    Attributes:
        source_id: the source's own key of the thing the order is for.
        order_id: primary key of the order.
        move: name of the move ("sign"), or of another act on the order ("extend", "supervise").
        state: state of the order after it.
        data: what was given with the move.
    """

    source_id: str
    order_id: int
    move: str
    state: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkSource:
    """An app that has work done.

    Attributes:
        key: first part of the name of what an order is for; the app's label.
        link: address of the thing on the staff's page.
        readers: roles that may open it; None: whoever sees the order.
        on_finished: the order is done: called once, inside the transaction; raising undoes the move.
        on_cancelled: the order was given up, likewise.
        on_moved: anything else happened to it, likewise: for messages, never for states.
        rating: an ORM expression over orders, True, False or NULL: what people said of the answer, by the order's
            ``source_id`` and ``round`` (``OuterRef``); None where nobody is asked.
        categories: names of the source's categories in a county, in the language of the request.
        words: the whole words of some of its things, by the source's own keys, for rules that look for words; staff
            read them, nobody else. None where an order's title says it all.
    """

    key: str
    title: StrOrPromise
    link: Callable[[str], str]
    on_finished: Callable[[Viewer, WorkNews], None]
    on_cancelled: Callable[[Viewer, WorkNews], None]
    on_moved: Callable[[Viewer, WorkNews], None]
    rating: Callable[[], Any] | None = None
    categories: Callable[[str], Mapping[str, str]] | None = None
    words: Callable[[Sequence[str]], Mapping[str, str]] | None = None
    readers: Sequence[Role] | None = None
    order: int = 100

    def is_open_to(self, viewer: Viewer) -> bool:
        """Whether the viewer may follow ``link``."""
        return self.readers is None or viewer.has_role(*self.readers)


work_sources: Registry[WorkSource] = Registry("work source")
