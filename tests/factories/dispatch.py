"""Work orders for tests: a source of their own, people around one unit, and orders in every state."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Unit
from accounts.selectors import viewer_of
from dispatch import services
from dispatch.models import WorkOrder
from dispatch.states import Check, State
from kernel.viewer import Role, Viewer
from kernel.work import WorkNews, WorkSource, work_sources
from tests.factories import people, places

GRID = "990521003007001"
VILLAGE, TOWNSHIP = GRID[:12], GRID[:9]
SYSTEM_VIEWER = Viewer(county=places.COUNTY, label="system")
CHECKLIST = [check.value for check in Check]

_ids = itertools.count(1)
_WORDS = (
    "到现场查看,更换灯头,重新接线,清运土方,补种行道树,疏通管道,回访住户,测量水压,加装护栏,夜间巡查,约谈施工方,恢复路面"
)


def reply() -> str:
    """A reply that is none of the earlier ones."""
    words = random.sample(_WORDS.split(","), 5)
    return "已" + "".join(
        f"{word}{random.choice('东西南北')}侧{chr(0x4E00 + random.randrange(20000))}，" for word in words
    )


@dataclass
class Told:
    """What the source of the tests was told, by kind."""

    finished: list[WorkNews] = field(default_factory=list)
    cancelled: list[WorkNews] = field(default_factory=list)
    moved: list[WorkNews] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    fails: bool = False

    def finish(self, _by: Viewer, news: WorkNews) -> None:
        """Told of the end."""
        if self.fails:
            raise RuntimeError("the source does not want it")
        self.finished.append(news)


@contextlib.contextmanager
def source(key: str = "tests") -> Iterator[Told]:
    """Register a source of work for the block."""
    told = Told()
    work_sources.add(
        WorkSource(
            key=key,
            title="测试",
            link=lambda source_id: f"/console?case={source_id}",
            on_finished=told.finish,
            on_cancelled=lambda _by, news: told.cancelled.append(news),
            on_moved=lambda _by, news: told.moved.append(news),
            words=lambda keys: {key: told.words[key] for key in keys if key in told.words},
        )
    )
    try:
        yield told
    finally:
        work_sources.remove(key)


def who(role: Role | str, unit: Unit | None = None, *jurisdiction: str) -> Viewer:
    """A new person with a row behind: of ``unit``, answering for the places (default: the county; handlers: none)."""
    codes = jurisdiction or (() if role == Role.HANDLER else (places.COUNTY,))
    return viewer_of(people.user(role, unit=unit, jurisdiction=codes), places.COUNTY)


def opened(**fields: Any) -> WorkOrder:
    """An order in 荷塘村, opened by the product; ``fields`` as ``order_open`` takes them."""
    grid = places.grid(GRID)
    named = {
        "by": SYSTEM_VIEWER,
        "source": "tests",
        "source_id": f"{next(_ids)}",
        "title": "路灯不亮",
        "kind": "complaint",
        "lonlat": places.lonlat(GRID),
        "village": VILLAGE,
        "grid": grid,
        "category": "lamp",
    }
    return services.order_open(**{**named, **fields})


def move(by: Viewer, order: WorkOrder, name: str, **fields: Any) -> WorkOrder:
    """Do a move."""
    return services.order_move(by=by, order_id=order.pk, move=name, **fields)


@dataclass
class Office:
    """People around two units."""

    unit: Unit
    other: Unit
    grid: Viewer
    desk: Viewer
    handler: Viewer
    rival: Viewer
    supervisor: Viewer

    def in_state(self, state: str, **fields: Any) -> WorkOrder:
        """An order in ``state``, brought there by the moves that lead to it."""
        order = opened(**fields)
        for by, name, given in self.way_to(state):
            order = move(by, order, name, **given)
        assert order.state == state
        return order

    def way_to(self, state: str) -> list[tuple[Viewer, str, dict[str, Any]]]:
        """The shortest way from opened."""
        assign = (self.desk, "assign", {"unit": self.unit.pk})
        working = [assign, (self.handler, "sign", {})]
        review = [*working, (self.handler, "submit", {"reply": reply(), "reason_code": "no_site"})]
        back = {"reason": "不是我单位管的路", "evidence": "图上是县道，归交通局"}
        outside = {"agency": "供电公司", "reason": "线路是他们的", "agency_due_on": dt.date(2099, 1, 1)}
        ways: dict[str, list[tuple[Viewer, str, dict[str, Any]]]] = {
            State.OPENED: [],
            State.ASSIGNED: [assign],
            State.IN_PROGRESS: working,
            State.WAITING: [*working, (self.handler, "ask", {"question": "是哪一盏灯？"})],
            State.FORWARDED: [*working, (self.handler, "forward", outside)],
            State.REVIEW: review,
            State.RETURNED: [assign, (self.handler, "hand_back", back)],
            State.DONE: [*review, (self.supervisor, "approve", {"checklist": CHECKLIST})],
            State.CANCELLED: [(self.supervisor, "cancel", {"reason": "重复"})],
        }
        return ways[state]


def office() -> Office:
    """Two units and one person of each role that works on orders."""
    unit, other = people.unit("csglj", "城市管理局"), people.unit("jtj", "交通运输局")
    places.grid(GRID)
    return Office(
        unit=unit,
        other=other,
        grid=who(Role.GRID_MANAGER, None, GRID),
        desk=who(Role.DESK),
        handler=who(Role.HANDLER, unit),
        rival=who(Role.HANDLER, other),
        supervisor=who(Role.SUPERVISOR),
    )
