"""The life of a work order: opened, assigned, in progress, review, done; and the ways beside it.

The clock runs from acceptance by the source and waits for nobody's signature; only ``ask`` stops it. A unit hands back
once; the second hand-back of an order ends with a supervisor who names a unit that cannot hand back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernel.machine import Guard, Machine, Move
from kernel.viewer import Role

SYSTEM = "system"
"""The part of the product itself: rules of dispatch, and time that has passed."""

SOURCE = "source"
"""The part of the app that had the order opened."""


class State(StrEnum):
    """Where an order stands."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    FORWARDED = "forwarded"
    REVIEW = "review"
    RETURNED = "returned"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN_STATES = tuple(state for state in State if state not in (State.DONE, State.CANCELLED))
"""States in which somebody still has to do something: the order has a due time."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the guards ask of an order and of who moves it.

    Attributes:
        is_lead: the viewer works for the unit that leads the order.
        is_binding: the unit was named by arbitration.
        unit_returns: how often the unit that leads now has handed the order back.
        returns: how often the order was handed back by anybody.
        open_children: tasks of other units under this order that are not over.
        is_own_work: the viewer signed for the order or submitted it for review.
        pauses_left: how often the clock may still be stopped to ask the reporter.
        is_child: a task of another unit under a leading order.
    """

    is_lead: bool = True
    is_binding: bool = False
    unit_returns: int = 0
    returns: int = 0
    open_children: int = 0
    is_own_work: bool = False
    pauses_left: int = 2
    is_child: bool = False


LEAD = Guard("not_your_unit", "这张工单不是交给您的单位办的。", lambda f: f.is_lead)
NOT_BINDING = Guard("binding", "这是督查裁定的承办单位，不能再退回。", lambda f: not f.is_binding)
ONE_RETURN = Guard("returned_before", "一个单位对一张工单只能退回一次。", lambda f: f.unit_returns == 0)
FIRST_RETURN = Guard("arbitrate", "第二次退回要由督查指定承办单位，不能再退回待派。", lambda f: f.returns < 2)
CHILDREN_OVER = Guard("open_children", "还有协办任务没有办完。", lambda f: f.open_children == 0)
NOT_OWN_WORK = Guard("own_work", "不能审核自己办的工单。", lambda f: not f.is_own_work)
MAY_PAUSE = Guard("pauses_used", "补充材料的次数已经用完，时限不能再停。", lambda f: f.pauses_left > 0)

_DISPATCHERS = frozenset({Role.GRID_MANAGER, Role.DESK, SYSTEM})
_WORKERS = frozenset({Role.HANDLER, Role.GRID_MANAGER})
_REVIEWERS = frozenset({Role.SUPERVISOR, Role.DESK})
_SUPERVISOR = frozenset({Role.SUPERVISOR})

machine = Machine(
    State,
    State.OPENED,
    {State.DONE, State.CANCELLED},
    [
        Move("assign", (State.OPENED,), State.ASSIGNED, _DISPATCHERS, ("unit",), "交办"),
        Move("sign", (State.ASSIGNED,), State.IN_PROGRESS, _WORKERS, title="签收", guards=(LEAD,)),
        Move(
            "hand_back",
            (State.ASSIGNED, State.IN_PROGRESS),
            State.RETURNED,
            _WORKERS,
            ("reason", "evidence"),
            "退回",
            (LEAD, NOT_BINDING, ONE_RETURN),
        ),
        Move("allow_return", (State.RETURNED,), State.OPENED, _SUPERVISOR, title="同意退回", guards=(FIRST_RETURN,)),
        Move("arbitrate", (State.RETURNED,), State.ASSIGNED, _SUPERVISOR, ("unit", "reason"), "裁定"),
        Move("ask", (State.IN_PROGRESS,), State.WAITING, _WORKERS, ("question",), "请补充", (LEAD, MAY_PAUSE)),
        Move(
            "resume", (State.WAITING,), State.IN_PROGRESS, _WORKERS | {SYSTEM, SOURCE}, title="恢复办理", guards=(LEAD,)
        ),
        Move("forward", (State.IN_PROGRESS,), State.FORWARDED, _WORKERS, ("agency", "reason"), "转外部", (LEAD,)),
        Move("take_back", (State.FORWARDED,), State.IN_PROGRESS, _WORKERS, title="收回", guards=(LEAD,)),
        Move("submit", (State.IN_PROGRESS,), State.REVIEW, _WORKERS, ("reply",), "提交审核", (LEAD, CHILDREN_OVER)),
        Move("send_back", (State.REVIEW,), State.IN_PROGRESS, _REVIEWERS, ("reason",), "审核不通过", (NOT_OWN_WORK,)),
        Move(
            "approve", (State.REVIEW,), State.DONE, _REVIEWERS, title="审核通过", guards=(NOT_OWN_WORK, CHILDREN_OVER)
        ),
        Move(
            "cancel",
            (State.OPENED, State.ASSIGNED),
            State.CANCELLED,
            _SUPERVISOR | {SOURCE},
            ("reason",),
            "终止",
            (CHILDREN_OVER,),
        ),
    ],
)
