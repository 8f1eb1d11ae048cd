"""The table of moves: state × move × role, and what no walk through it can do."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagery.states import CLOSED, QUEUE, SHOWABLE, STAGES, SYSTEM, PointFacts, State, is_sampled, machine, needs_second
from kernel.machine import IllegalMove
from kernel.viewer import Role
from tests.architecture.house import BASE

FIELDS = dict.fromkeys(("reason", "note", "original", "until", "finding"), "x")
O, S, H, G = Role.OFFICIAL, Role.SUPERVISOR, Role.HANDLER, Role.GRID_MANAGER  # noqa: E741
Q, R, C, F = State.QUEUED, State.SECOND_REVIEW, State.CONFIRMED, State.FIELD_CHECK

TABLE = {
    "queue": ({State.DETECTED: Q}, {SYSTEM}),
    "confirm": ({Q: C, R: C}, {O}),
    "reject": ({Q: State.REJECTED, R: State.REJECTED}, {O}),
    "pass_on": ({Q: R}, {O}),
    "dispute": ({R: State.DISPUTED}, {O}),
    "uphold": ({State.DISPUTED: C}, {S}),
    "overrule": ({State.DISPUTED: State.REJECTED}, {S}),
    "duplicate": ({Q: State.DUPLICATE, C: State.DUPLICATE}, {O, SYSTEM}),
    "check": ({C: F}, {O, SYSTEM}),
    "unchecked": ({F: C}, {SYSTEM}),
    "find": ({F: F}, {O, H, G}),
    "find_legal": ({F: State.FOUND_LEGAL}, {SYSTEM}),
    "find_illegal": ({F: State.FOUND_ILLEGAL}, {SYSTEM}),
    "find_no_change": ({F: State.FOUND_NO_CHANGE}, {SYSTEM}),
    "rectify": ({State.FOUND_ILLEGAL: State.RECTIFYING}, {O}),
    "unrectified": ({State.RECTIFYING: State.FOUND_ILLEGAL}, {SYSTEM}),
    "refuse": ({State.RECTIFYING: State.FOUND_ILLEGAL}, {O, S}),
    "verify": ({State.RECTIFYING: State.VERIFIED_CLOSED}, {O, S}),
    "reopen": (dict.fromkeys(CLOSED, Q), {S}),
    "undo": (dict.fromkeys((C, State.REJECTED, R), Q), {O}),
    "undo_second": (dict.fromkeys((C, State.REJECTED, State.DISPUTED), R), {O}),
    **{name: ({state: state for state in QUEUE}, {O}) for name in ("undo_aside", "defer", "unsure", "bad_imagery")},
    **{name: ({state: state for state in SHOWABLE}, {O, S}) for name in ("publish", "withdraw")},
}
"""By hand, from the table of issue 6; not computed from the machine, or it would agree with any mistake."""

SURE = {
    "pass_on": PointFacts(second_due=True),
    "dispute": PointFacts(agrees=False),
    "withdraw": PointFacts(is_published=True),
    "undo": PointFacts(is_undone_to=Q),
    "undo_second": PointFacts(is_undone_to=R),
}
"""Facts with which a move is allowed, where the usual ones are not."""


def planned(state, name, part, facts):
    """Where the move leads, or the code of the refusal."""
    try:
        return machine.plan(state, name, part, FIELDS, facts).to
    except IllegalMove as error:
        return error.code


def test_the_whole_matrix():
    parts = [*Role, SYSTEM, "source"]
    assert {move.name for move in machine.moves} == set(TABLE)
    for (name, (ways, roles)), state, part in itertools.product(TABLE.items(), State, parts):
        facts = SURE.get(name, PointFacts())
        expected = ways[state] if state in ways and part in roles else None
        assert planned(state, name, part, facts) == (expected or ("role_may_not" if state in ways else "no_such_move"))


@pytest.mark.parametrize(
    "state, move, role, facts, code",
    [
        (Q, "confirm", O, {"has_lease": False}, "no_lease"),
        (Q, "confirm", O, {"second_due": True}, "second_round_due"),
        (Q, "confirm", O, {"has_scenes": False}, "no_scenes"),
        (Q, "pass_on", O, {"second_due": False}, "one_round"),
        (R, "confirm", O, {"is_first": True, "has_lease": False}, "own_review"),
        (R, "confirm", O, {"agrees": False}, "disagrees"),
        (R, "dispute", O, {"agrees": True}, "agrees"),
        (Q, "duplicate", O, {"is_claimed": True}, "claimed"),
        (Q, "duplicate", O, {"has_earlier": False}, "not_earlier"),
        (F, "find", H, {"has_evidence": False}, "no_evidence"),
        (F, "find_illegal", SYSTEM, {"has_evidence": False}, "no_evidence"),
        (State.RECTIFYING, "verify", O, {"is_rectifier": True}, "own_work"),
        (State.RECTIFYING, "verify", S, {"is_order_done": False}, "order_open"),
        (State.RECTIFYING, "verify", S, {"has_proof": False}, "no_proof"),
        (State.RECTIFYING, "refuse", S, {"is_order_done": False}, "order_open"),
        (C, "undo", O, {"is_own_last": False, "is_undone_to": Q}, "moved_on"),
        (C, "undo", O, {"is_undone_to": R}, "moved_on"),
        (C, "publish", O, {"is_published": True}, "published_already"),
        (C, "withdraw", O, {}, "not_published"),
    ],
)
def test_what_guards_refuse(state, move, role, facts, code):
    with pytest.raises(IllegalMove) as refused:
        machine.plan(state, move, role, FIELDS, PointFacts(**facts))
    assert (refused.value.code, refused.value.guard.code) == ("guarded", code)


@pytest.mark.parametrize(
    "move, state",
    [("reject", Q), ("uphold", State.DISPUTED), ("refuse", State.RECTIFYING), ("reopen", State.REJECTED)],
)
def test_reasons_are_asked_for(move, state):
    with pytest.raises(IllegalMove, match="needs"):
        machine.plan(state, move, O if move == "reject" else S, {}, PointFacts())


YES_NO = [name for name in PointFacts.__slots__ if name != "is_undone_to"]


def facts_by(bits: int, undone_to: str) -> PointFacts:
    """Facts out of one number: drawing each by itself takes seconds on a busy machine."""
    return PointFacts(**{name: bool(bits >> at & 1) for at, name in enumerate(YES_NO)}, is_undone_to=undone_to)


facts_of = st.builds(facts_by, st.integers(0, 2 ** len(YES_NO) - 1), st.sampled_from(["", *QUEUE]))


@given(st.lists(st.tuples(facts_of, st.integers(0, 10_000)), min_size=1, max_size=80))
def test_no_walk_finds_it_illegal_without_somebody_who_was_there(walk):
    """Nor closes it without another person, nor confirms a point alone that two have to look at."""
    state = State.DETECTED
    for facts, choice in walk:
        ways = [(move, part) for part in (*Role, SYSTEM) for move in machine.open_to(state, part, facts)]
        if not ways:
            continue
        move, part = ways[choice % len(ways)]
        to = State(machine.plan(state, move.name, part, FIELDS, facts).to)
        if to is State.FOUND_ILLEGAL and state is F:
            assert (facts.has_evidence, part) == (True, SYSTEM)
        if to is State.VERIFIED_CLOSED and state is State.RECTIFYING:
            assert (facts.has_proof, facts.is_rectifier) == (True, False)
        if state in QUEUE and to in (C, State.REJECTED):
            assert facts.has_lease
            assert state is R or not facts.second_due
            assert state is Q or not facts.is_first
        if to in SHOWABLE and state not in SHOWABLE:
            assert to is C, "only what people have confirmed can become public"
        state = to


def test_a_tenth_is_looked_at_twice_by_its_number_alone():
    sample = [number for number in range(1, 10_001) if is_sampled(number)]
    assert 900 < len(sample) < 1100
    alone = next(number for number in range(1, 100) if not is_sampled(number))
    assert [needs_second(666.9, 0, alone), needs_second(667, 0, alone), needs_second(1, 0.1, alone)] == [
        False,
        True,
        True,
    ]
    assert set(STAGES) == set(SHOWABLE)


def test_the_diagram_of_the_decision_is_that_of_the_table():
    text = (BASE / "docs/adr/0023-review.md").read_text(encoding="utf-8")
    assert text.partition("```mermaid\n")[2].partition("\n```")[0] == machine.mermaid()
