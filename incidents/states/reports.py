"""The life of a report: 反映 — 交办 — 反馈 — 评价. While a work order is open, the report is ``accepted``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from kernel.machine import Guard, Machine, Move
from kernel.viewer import Role

REPORTER = "reporter"
"""The part of whoever holds the tracking code, and of those who reported for somebody else."""

SYSTEM = "system"
"""The part of the product itself: rules, and time that has passed."""

ACCEPT_WITHIN = 1
"""Working days after which a report accepts itself (and raises an alarm)."""

INFO_WITHIN = 10
"""Working days after which an unanswered question withdraws the report."""

RATE_WITHIN = dt.timedelta(days=14)
"""Silence after which an answered report is closed."""

REOPEN_WITHIN = dt.timedelta(days=30)
"""How long a closed report may be opened again, with new evidence."""

MAX_REOPENS = 2
"""How often the reporter opens a report again before a supervisor rules."""


class State(StrEnum):
    """Where a report stands."""

    SUBMITTED = "submitted"
    NEED_INFO = "need_info"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    CLOSED = "closed"
    MERGED = "merged"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


REJECT_REASONS = (*("not_ours", "in_procedure", "answered_before", "emergency", "unclear", "secret", "no_facts"),)
"""Why a report is not accepted. Source: the grounds that rules of counties for their 12345 lines have in common; the
county's lawyer reads them before they are used."""

TERMINAL = frozenset({State.MERGED, State.REJECTED, State.WITHDRAWN})
"""States without a way out. A closed report has one, for thirty days."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What the guards ask of a report and of who moves it.

    Attributes:
        reopens: how often the reporter opened it again.
        is_closed: it is closed, not only answered.
        closed_for: since when, None while it is not closed.
        has_new_evidence: a photo or a document came with the move.
        is_own_work: the viewer signed for, submitted or reviewed its work order.
        has_appeal: the reporter asked for a ruling.
        target_is_open: of a merge: the other report is not terminal and not itself merged.
        has_followers_of_its_own: other reports were merged into this one.
        questions_left: how often the reporter may still be asked, the order's pauses included.
    """

    reopens: int = 0
    is_closed: bool = False
    closed_for: dt.timedelta | None = None
    has_new_evidence: bool = False
    is_own_work: bool = False
    has_appeal: bool = False
    target_is_open: bool = True
    has_followers_of_its_own: bool = False
    questions_left: int = 2


REOPENS_LEFT = Guard("reopens_used", "已经重办两次，再不满意由督查组裁定。", lambda f: f.reopens < MAX_REOPENS)
REOPENS_USED = Guard("reopens_left", "还可以直接退回重办。", lambda f: f.reopens >= MAX_REOPENS)
IN_TIME = Guard(
    "too_late", "办结超过 30 天，请重新反映。", lambda f: f.closed_for is None or f.closed_for <= REOPEN_WITHIN
)
NEW_EVIDENCE = Guard(
    "new_evidence", "办结后重新打开要附新的照片或材料。", lambda f: not f.is_closed or f.has_new_evidence
)
NOT_OWN_WORK = Guard("own_work", "办理或审核过的人不能回访。", lambda f: not f.is_own_work, forbids=True)
APPEALED = Guard("no_appeal", "群众没有提请裁定。", lambda f: f.has_appeal)
NO_APPEAL = Guard("appealed", "已经提请裁定，请等督查组答复。", lambda f: not f.has_appeal)
TARGET_OPEN = Guard("merge_target", "并入的那一件已经结束或已并案。", lambda f: f.target_is_open)
NO_CHAIN = Guard("merge_depth", "已有别的反映并入这一件，不能再并出去。", lambda f: not f.has_followers_of_its_own)
ALONE = Guard("others_wait", "已有别的反映并入这一件，不能撤回。", lambda f: not f.has_followers_of_its_own)
MAY_ASK = Guard("questions_used", "补充材料的次数已经用完。", lambda f: f.questions_left > 0)

EDITORS = frozenset({Role.GRID_MANAGER, Role.DESK})
"""Who puts a report right and decides what of it the public sees."""

COMMENTERS = frozenset({Role.GRID_MANAGER, Role.DESK, Role.HANDLER, Role.SUPERVISOR, Role.OFFICIAL})
"""Who leaves remarks, beside the reporter."""

CALL_ORDERERS = frozenset({Role.DESK, Role.SUPERVISOR, Role.OFFICIAL})
"""Who may have a reporter called back."""

CALLERS = frozenset({Role.DESK, Role.SUPERVISOR})
"""Who calls back."""

_INTAKE = frozenset({Role.GRID_MANAGER, Role.DESK})
_DESK = frozenset({Role.DESK})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_REPORTER = frozenset({REPORTER})
_SYSTEM = frozenset({SYSTEM})

machine = Machine(
    State,
    State.SUBMITTED,
    TERMINAL,
    [
        Move("accept", (State.SUBMITTED,), State.ACCEPTED, _INTAKE | _SYSTEM, ("category",), "受理"),
        Move("ask", (State.SUBMITTED,), State.NEED_INFO, _INTAKE, ("question",), "请补充", (MAY_ASK,)),
        Move("supplement", (State.NEED_INFO,), State.SUBMITTED, _REPORTER | _DESK, ("text",), "补充"),
        Move("lapse", (State.NEED_INFO,), State.WITHDRAWN, _SYSTEM, title="逾期未补充"),
        Move("reject", (State.SUBMITTED,), State.REJECTED, _DESK, ("reason", "where_to_go"), "不予受理"),
        Move("merge", (State.SUBMITTED,), State.MERGED, _DESK, ("into",), "并案", (TARGET_OPEN, NO_CHAIN)),
        Move("withdraw", (State.SUBMITTED, State.NEED_INFO), State.WITHDRAWN, _REPORTER, (), "撤回", (ALONE,)),
        Move("answer", (State.ACCEPTED,), State.ANSWERED, _SYSTEM, ("reply",), "答复"),
        Move("dismiss", (State.ACCEPTED,), State.REJECTED, _SYSTEM, ("reason",), "终止办理"),
        Move("confirm", (State.ANSWERED,), State.CLOSED, _REPORTER, title="满意"),
        Move("expire", (State.ANSWERED,), State.CLOSED, _SYSTEM, title="逾期未评价", guards=(NO_APPEAL,)),
        Move(
            "call_back",
            (State.ANSWERED, State.CLOSED),
            State.CLOSED,
            CALLERS,
            ("note",),
            "回访满意",
            (NOT_OWN_WORK,),
        ),
        Move(
            "reopen",
            (State.ANSWERED, State.CLOSED),
            State.ACCEPTED,
            _REPORTER,
            ("reason",),
            "退回重办",
            (IN_TIME, REOPENS_LEFT, NEW_EVIDENCE),
        ),
        Move(
            "call_back_reopen",
            (State.ANSWERED, State.CLOSED),
            State.ACCEPTED,
            CALLERS,
            ("note",),
            "回访不满意",
            (NOT_OWN_WORK,),
        ),
        Move(
            "appeal", (State.ANSWERED,), State.ANSWERED, _REPORTER, ("reason",), "提请裁定", (NO_APPEAL, REOPENS_USED)
        ),
        Move("rule_reopen", (State.ANSWERED,), State.ACCEPTED, _SUPERVISOR, ("reason",), "裁定重办", (APPEALED,)),
        Move("rule_close", (State.ANSWERED,), State.CLOSED, _SUPERVISOR, ("reason",), "裁定办结", (APPEALED,)),
    ],
)
