"""The life of a work order: opened, assigned, in progress, review, done; and the ways beside it.

The clock runs from acceptance by the source and waits for nobody's signature; only ``ask`` stops it. A unit hands back
once; the second hand-back of an order ends with a supervisor who names a unit that cannot hand back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernel.machine import Guard, Machine, Move, stays
from kernel.viewer import Role

SYSTEM = "system"
"""The part of the product itself: rules of dispatch, and time that has passed."""

SOURCE = "source"
"""The part of the app that had the order opened."""

MAX_PAUSES = 2
"""How often the clock may stop for a question to the reporter, those before acceptance included."""


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

LED_STATES = tuple(state for state in OPEN_STATES if state is not State.OPENED)
"""Open states in which a unit has the order."""


class Asked(StrEnum):
    """What became of the one extension of an order."""

    NEVER = ""
    PENDING = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the guards ask of an order and of who moves it.

    Attributes:
        is_lead: the viewer works for the unit that leads the order, or it was given to the viewer in person.
        is_dispatcher: the viewer assigns the orders of the place.
        is_binding: the unit was named by arbitration.
        unit_returns: how often the unit that leads now has handed the order back.
        returns: how often the order was handed back by anybody.
        open_children: tasks of other units under this order that are not over.
        is_own_work: the viewer signed for the order or wrote a reply.
        pauses_left: how often the clock may still be stopped to ask the reporter.
        is_child: a task of another unit under a leading order.
        is_in_time: the due time is still to come, or the clock stood before it came.
        extension: what became of the one extension.
        is_urgent: it goes before others.
    """

    is_lead: bool = True
    is_dispatcher: bool = False
    is_binding: bool = False
    unit_returns: int = 0
    returns: int = 0
    open_children: int = 0
    is_own_work: bool = False
    pauses_left: int = MAX_PAUSES
    is_child: bool = False
    is_in_time: bool = True
    extension: Asked = Asked.NEVER
    is_urgent: bool = False


LEAD = Guard("not_your_unit", "这张工单不是交给您的单位办的。", lambda f: f.is_lead, forbids=True)
GIVES_TASKS = Guard(
    "not_your_unit", "这张工单不是交给您的单位办的。", lambda f: f.is_lead or f.is_dispatcher, forbids=True
)
NOT_BINDING = Guard("binding", "这是督查裁定的承办单位，不能再退回。", lambda f: not f.is_binding)
ONE_RETURN = Guard("returned_before", "一个单位对一张工单只能退回一次。", lambda f: f.unit_returns == 0)
FIRST_RETURN = Guard("arbitrate", "第二次退回要由督查指定承办单位，不能再退回待派。", lambda f: f.returns < 2)
CHILDREN_OVER = Guard("open_children", "还有协办任务没有办完。", lambda f: f.open_children == 0)
NOT_OWN_WORK = Guard("own_work", "不能审核自己办的工单。", lambda f: not f.is_own_work, forbids=True)
MAY_PAUSE = Guard("pauses_used", "补充材料的次数已经用完，时限不能再停。", lambda f: f.pauses_left > 0)
LEADING = Guard("is_child", "协办任务跟着主办工单的时限走，请主办单位提出。", lambda f: not f.is_child)
IN_TIME = Guard("past_due", "时限已过，不能再申请延期。", lambda f: f.is_in_time)
NEVER_EXTENDED = Guard("extension_used", "一张工单只能申请一次延期。", lambda f: f.extension is Asked.NEVER)
EXTENSION_PENDING = Guard("no_extension", "没有待批的延期。", lambda f: f.extension is Asked.PENDING)
NOT_YET_URGENT = Guard("urgent_already", "已经是紧急件。", lambda f: not f.is_urgent)
IS_URGENT = Guard("not_urgent", "这张工单没有加急。", lambda f: f.is_urgent)

_DISPATCHERS = frozenset({Role.GRID_MANAGER, Role.DESK, SYSTEM})
_WORKERS = frozenset({Role.HANDLER, Role.GRID_MANAGER})
_REVIEWERS = frozenset({Role.SUPERVISOR, Role.DESK})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_ASSIGNED, _WORKING, _WAITING, _FORWARDED = State.ASSIGNED, State.IN_PROGRESS, State.WAITING, State.FORWARDED
_REVIEW, _RETURNED = State.REVIEW, State.RETURNED

machine = Machine(
    State,
    State.OPENED,
    {State.DONE, State.CANCELLED},
    [
        Move("assign", (State.OPENED,), _ASSIGNED, _DISPATCHERS, ("unit",), "交办"),
        Move("sign", (_ASSIGNED,), _WORKING, _WORKERS, title="签收", guards=(LEAD,)),
        Move(
            "hand_back",
            (_ASSIGNED, _WORKING),
            _RETURNED,
            _WORKERS,
            ("reason", "evidence"),
            "退回",
            (LEAD, NOT_BINDING, ONE_RETURN),
        ),
        Move("allow_return", (_RETURNED,), State.OPENED, _SUPERVISOR, title="同意退回", guards=(FIRST_RETURN,)),
        Move("arbitrate", (_RETURNED,), _ASSIGNED, _SUPERVISOR, ("unit", "reason"), "裁定"),
        Move("ask", (_WORKING,), _WAITING, _WORKERS, ("question",), "请补充", (LEAD, LEADING, MAY_PAUSE)),
        Move("resume", (_WAITING,), _WORKING, _WORKERS | {SYSTEM, SOURCE}, title="恢复办理", guards=(LEAD,)),
        Move("forward", (_WORKING,), _FORWARDED, _WORKERS, ("agency", "reason", "agency_due_on"), "转外部", (LEAD,)),
        Move("take_back", (_FORWARDED,), _WORKING, _WORKERS, title="收回", guards=(LEAD,)),
        Move("submit", (_WORKING,), _REVIEW, _WORKERS, ("reply",), "提交审核", (LEAD, CHILDREN_OVER)),
        Move("send_back", (_REVIEW,), _WORKING, _REVIEWERS, ("reason",), "审核不通过", (NOT_OWN_WORK,)),
        Move("approve", (_REVIEW,), State.DONE, _REVIEWERS, ("checklist",), "审核通过", (NOT_OWN_WORK, CHILDREN_OVER)),
        Move(
            "cancel",
            (State.OPENED, _ASSIGNED),
            State.CANCELLED,
            _SUPERVISOR | {SOURCE},
            ("reason",),
            "终止办理",
            (CHILDREN_OVER,),
        ),
        *stays(
            Move(
                "child",
                (_ASSIGNED, _WORKING),
                _WORKING,
                _WORKERS | _REVIEWERS,
                ("unit", "title"),
                "交办协办",
                (GIVES_TASKS, LEADING),
            )
        ),
        *stays(
            Move(
                "extend",
                (_ASSIGNED, _WORKING, _FORWARDED),
                _WORKING,
                _WORKERS,
                ("workdays", "reason"),
                "申请延期",
                (LEAD, LEADING, NEVER_EXTENDED, IN_TIME),
            )
        ),
        *stays(Move("grant", LED_STATES, _WORKING, _SUPERVISOR, title="批准延期", guards=(EXTENSION_PENDING,))),
        *stays(Move("refuse", LED_STATES, _WORKING, _SUPERVISOR, ("reason",), "不批延期", (EXTENSION_PENDING,))),
        *stays(Move("supervise", LED_STATES, _WORKING, _SUPERVISOR, ("text", "workdays"), "督办")),
        *stays(
            Move(
                "urgent",
                OPEN_STATES,
                _WORKING,
                frozenset({Role.GRID_MANAGER}) | _REVIEWERS,
                ("reason",),
                "加急",
                (NOT_YET_URGENT,),
            )
        ),
        *stays(Move("not_urgent", OPEN_STATES, _WORKING, _REVIEWERS, ("reason",), "取消加急", (IS_URGENT,))),
    ],
)
