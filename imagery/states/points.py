"""The life of a change point: from a patch that differs between two scenes to a closed case.

A finding of a satellite is a clue, never proof: "illegal" needs somebody who was there, or a document. A claim is a
lease beside the state; a point that is set aside keeps its state and has a flag with a date.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernel.machine import Guard, Machine, Move, stays
from kernel.viewer import Role

SYSTEM = "system"
"""The part of the product itself: detection, rules, and what becomes of work orders."""


class State(StrEnum):
    """Where a point stands."""

    DETECTED = "detected"
    QUEUED = "queued"
    SECOND_REVIEW = "second_review"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    FIELD_CHECK = "field_check"
    FOUND_LEGAL = "found_legal"
    FOUND_ILLEGAL = "found_illegal"
    FOUND_NO_CHANGE = "found_no_change"
    RECTIFYING = "rectifying"
    VERIFIED_CLOSED = "verified_closed"


QUEUE = (State.QUEUED, State.SECOND_REVIEW)
"""States in which somebody is to look at the two scenes."""

CLOSED = (State.REJECTED, State.DUPLICATE, State.FOUND_LEGAL, State.FOUND_NO_CHANGE, State.VERIFIED_CLOSED)
"""States in which nobody has to do anything any more; a supervisor may open them again."""

ORDERED = (State.FIELD_CHECK, State.RECTIFYING)
"""States that are one work order each."""

SHOWABLE = (
    *(State.CONFIRMED, State.FIELD_CHECK, State.FOUND_LEGAL, State.FOUND_ILLEGAL, State.FOUND_NO_CHANGE),
    *(State.RECTIFYING, State.VERIFIED_CLOSED),
)
"""States in which a point may be public: after people have looked, never a mere detection."""


BY_HAND = (
    *("uphold", "overrule", "duplicate", "check", "find", "rectify", "verify", "refuse", "reopen"),
    *("publish", "withdraw"),
)
"""Moves that somebody asks for by name; the others follow from verdicts, from work orders and from detection."""


class Stage(StrEnum):
    """What the public is told of a published point."""

    FOUND = "found"
    HANDLING = "handling"
    HANDLED = "handled"


STAGES = {
    State.CONFIRMED: Stage.FOUND,
    State.FIELD_CHECK: Stage.HANDLING,
    State.FOUND_ILLEGAL: Stage.HANDLING,
    State.RECTIFYING: Stage.HANDLING,
    State.FOUND_LEGAL: Stage.HANDLED,
    State.FOUND_NO_CHANGE: Stage.HANDLED,
    State.VERIFIED_CLOSED: Stage.HANDLED,
}


@dataclass(frozen=True, slots=True)
class PointFacts:
    """What the guards ask of a point and of who moves it; what is not asked of a move need not be true.

    Attributes:
        has_lease: the viewer holds the point: by a claim, or locked by a batch while nobody else claims it.
        is_claimed: somebody else holds it.
        has_scenes: both scenes are in use.
        second_due: two people have to look at it.
        is_first: the viewer gave the verdict of the first round.
        agrees: the verdict is that of the first round.
        is_own_last: the last act on the point was a verdict of the viewer, and it can be taken back as it was.
        is_undone_to: the state the point had before that verdict.
        has_earlier: the other point is an earlier one of the county and no duplicate itself.
        has_evidence: a complete field check says so, or a document is named for it.
        is_order_done: the work order of the rectification is over.
        is_rectifier: the viewer sent it to be rectified, or worked on that order.
        has_proof: a scene after the two, or photos from there, show that it was put right.
        is_published: everybody sees it.
    """

    has_lease: bool = True
    is_claimed: bool = False
    has_scenes: bool = True
    second_due: bool = False
    is_first: bool = False
    agrees: bool = True
    is_own_last: bool = True
    is_undone_to: str = ""
    has_earlier: bool = True
    has_evidence: bool = True
    is_order_done: bool = True
    is_rectifier: bool = False
    has_proof: bool = True
    is_published: bool = False


LEASE = Guard("no_lease", "这个图斑不在您手上，请先领取。", lambda f: f.has_lease)
FREE = Guard("claimed", "别人正在看这个图斑。", lambda f: not f.is_claimed)
SCENES = Guard("no_scenes", "这个图斑的影像已停用，恢复后再看。", lambda f: f.has_scenes)
ONE_ROUND = Guard("second_round_due", "这个图斑要由两个人各看一遍。", lambda f: not f.second_due)
TWO_ROUNDS = Guard("one_round", "这个图斑看一遍就可以定。", lambda f: f.second_due)
NOT_FIRST = Guard("own_review", "不能复核自己看过的图斑。", lambda f: not f.is_first, forbids=True)
AGREES = Guard("disagrees", "两个人的结论不一样，要由督查裁定。", lambda f: f.agrees)
DISAGREES = Guard("agrees", "两个人的结论一样，不用裁定。", lambda f: not f.agrees)
OWN_LAST = Guard("moved_on", "这个图斑已经有了新的处理，不能撤销。", lambda f: f.is_own_last)
EARLIER = Guard("not_earlier", "重复的图斑要指向一个更早的、本身不重复的图斑。", lambda f: f.has_earlier)
EVIDENCE = Guard("no_evidence", "影像只是线索。认定要有结果相同的实地核查，或者文件依据。", lambda f: f.has_evidence)
ORDER_DONE = Guard("order_open", "整改工单还没有办完。", lambda f: f.is_order_done)
OTHER = Guard("own_work", "不能验收自己经手的整改。", lambda f: not f.is_rectifier, forbids=True)
PROOF = Guard("no_proof", "验收要有之后的影像或现场照片。", lambda f: f.has_proof)
HIDDEN = Guard("published_already", "已经公开。", lambda f: not f.is_published)
SHOWN = Guard("not_published", "没有公开。", lambda f: f.is_published)


def _back_to(state: State) -> Guard:
    return Guard("moved_on", OWN_LAST.text, lambda f: f.is_own_last and f.is_undone_to == state)


_OFFICIAL = frozenset({Role.OFFICIAL})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_KEEPERS = _OFFICIAL | _SUPERVISOR
_SYSTEM = frozenset({SYSTEM})
_S = State

machine = Machine(
    State,
    State.DETECTED,
    (),
    [
        Move("queue", (_S.DETECTED,), _S.QUEUED, _SYSTEM, title="进入待核查"),
        Move("confirm", (_S.QUEUED,), _S.CONFIRMED, _OFFICIAL, title="有变化", guards=(LEASE, SCENES, ONE_ROUND)),
        Move("reject", (_S.QUEUED,), _S.REJECTED, _OFFICIAL, ("reason",), "没变化", (LEASE, SCENES, ONE_ROUND)),
        Move("pass_on", (_S.QUEUED,), _S.SECOND_REVIEW, _OFFICIAL, title="转复核", guards=(LEASE, SCENES, TWO_ROUNDS)),
        Move(
            "confirm",
            (_S.SECOND_REVIEW,),
            _S.CONFIRMED,
            _OFFICIAL,
            title="有变化",
            guards=(NOT_FIRST, LEASE, SCENES, AGREES),
        ),
        Move(
            "reject",
            (_S.SECOND_REVIEW,),
            _S.REJECTED,
            _OFFICIAL,
            ("reason",),
            "没变化",
            (NOT_FIRST, LEASE, SCENES, AGREES),
        ),
        Move(
            "dispute",
            (_S.SECOND_REVIEW,),
            _S.DISPUTED,
            _OFFICIAL,
            title="结论不一",
            guards=(NOT_FIRST, LEASE, SCENES, DISAGREES),
        ),
        Move("uphold", (_S.DISPUTED,), _S.CONFIRMED, _SUPERVISOR, ("note",), "裁定有变化"),
        Move("overrule", (_S.DISPUTED,), _S.REJECTED, _SUPERVISOR, ("note",), "裁定没变化"),
        Move(
            "duplicate",
            (_S.QUEUED, _S.CONFIRMED),
            _S.DUPLICATE,
            _OFFICIAL | _SYSTEM,
            ("original",),
            "标为重复",
            (FREE, EARLIER),
        ),
        Move("check", (_S.CONFIRMED,), _S.FIELD_CHECK, _OFFICIAL | _SYSTEM, title="去实地看"),
        *stays(
            Move(
                "find",
                (_S.FIELD_CHECK,),
                _S.FIELD_CHECK,
                _OFFICIAL | {Role.HANDLER, Role.GRID_MANAGER},
                ("finding",),
                "填写核查结果",
                (EVIDENCE,),
            )
        ),
        Move("unchecked", (_S.FIELD_CHECK,), _S.CONFIRMED, _SYSTEM, title="实地核查终止"),
        Move("find_legal", (_S.FIELD_CHECK,), _S.FOUND_LEGAL, _SYSTEM, title="认定合法", guards=(EVIDENCE,)),
        Move("find_illegal", (_S.FIELD_CHECK,), _S.FOUND_ILLEGAL, _SYSTEM, title="认定违法", guards=(EVIDENCE,)),
        Move(
            "find_no_change",
            (_S.FIELD_CHECK,),
            _S.FOUND_NO_CHANGE,
            _SYSTEM,
            title="实地没有变化",
            guards=(EVIDENCE,),
        ),
        Move("rectify", (_S.FOUND_ILLEGAL,), _S.RECTIFYING, _OFFICIAL, title="责令整改"),
        Move("unrectified", (_S.RECTIFYING,), _S.FOUND_ILLEGAL, _SYSTEM, title="整改终止"),
        Move("refuse", (_S.RECTIFYING,), _S.FOUND_ILLEGAL, _KEEPERS, ("note",), "验收不通过", (ORDER_DONE,)),
        Move(
            "verify",
            (_S.RECTIFYING,),
            _S.VERIFIED_CLOSED,
            _KEEPERS,
            title="验收销号",
            guards=(OTHER, ORDER_DONE, PROOF),
        ),
        Move("reopen", CLOSED, _S.QUEUED, _SUPERVISOR, ("note",), "重新核查"),
        Move(
            "undo",
            (_S.CONFIRMED, _S.REJECTED, _S.SECOND_REVIEW),
            _S.QUEUED,
            _OFFICIAL,
            title="撤销",
            guards=(_back_to(_S.QUEUED),),
        ),
        Move(
            "undo_second",
            (_S.CONFIRMED, _S.REJECTED, _S.DISPUTED),
            _S.SECOND_REVIEW,
            _OFFICIAL,
            title="撤销复核",
            guards=(_back_to(_S.SECOND_REVIEW),),
        ),
        *stays(Move("undo_aside", QUEUE, _S.QUEUED, _OFFICIAL, title="撤销搁置", guards=(OWN_LAST,))),
        *stays(Move("defer", QUEUE, _S.QUEUED, _OFFICIAL, ("until",), "以后再看", (LEASE,))),
        *stays(Move("unsure", QUEUE, _S.QUEUED, _OFFICIAL, title="拿不准", guards=(LEASE,))),
        *stays(Move("bad_imagery", QUEUE, _S.QUEUED, _OFFICIAL, title="影像差", guards=(LEASE,))),
        *stays(Move("publish", SHOWABLE, _S.CONFIRMED, _KEEPERS, title="对外公开", guards=(HIDDEN,))),
        *stays(Move("withdraw", SHOWABLE, _S.CONFIRMED, _KEEPERS, title="取消公开", guards=(SHOWN,))),
    ],
)
