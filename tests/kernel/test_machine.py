"""The machine walks its table, and finds what is wrong with one."""

from enum import StrEnum

import pytest

from kernel.machine import Guard, IllegalMove, Machine, Move


class S(StrEnum):
    NEW = "new"
    OPEN = "open"
    DONE = "done"
    LOST = "lost"


DESK, GRID = frozenset({"desk"}), frozenset({"grid_manager", "desk"})
OPEN = Move("open", (S.NEW,), S.OPEN, DESK, title="受理")
FINISH = Move("finish", (S.OPEN,), S.DONE, GRID, needs=("evidence", "text"))
AGAIN = Move("again", (S.OPEN,), S.NEW, DESK)


def machine(*moves, states=None, final=(S.DONE,)):
    kept = states or StrEnum("T", {s.name: s.value for s in S if s != S.LOST})
    return Machine(kept, S.NEW, final, moves or (OPEN, FINISH, AGAIN))


MATRIX = {
    ("new", "open", "desk"): "open",
    ("open", "finish", "desk"): "done",
    ("open", "finish", "grid_manager"): "done",
    ("open", "again", "desk"): "new",
}


@pytest.mark.parametrize("state", ["new", "open", "done", "nonsense"])
@pytest.mark.parametrize("name", ["open", "finish", "again", "nonsense"])
@pytest.mark.parametrize("role", ["desk", "grid_manager", "citizen", ""])
def test_whole_matrix(state, name, role):
    fields = {"evidence": 1, "text": "x"}
    expected = MATRIX.get((state, name, role))
    if expected:
        assert machine().plan(state, name, role, fields).to == expected
    else:
        with pytest.raises(IllegalMove) as caught:
            machine().plan(state, name, role, fields)
        exists = any((state, name) == key[:2] for key in MATRIX)
        assert caught.value.code == ("role_may_not" if exists else "no_such_move")


@pytest.mark.parametrize("empty", [None, "", [], ()])
def test_what_is_needed(empty):
    with pytest.raises(IllegalMove) as caught:
        machine().plan("open", "finish", "desk", {"evidence": empty, "text": 0})
    assert (caught.value.code, caught.value.missing) == ("needs_fields", ("evidence",))
    assert machine().plan("open", "finish", "desk", {"evidence": False, "text": 0}).to == "done"


def test_buttons():
    assert [move.name for move in machine().open_to("open", "desk")] == ["finish", "again"]
    assert [move.name for move in machine().open_to("open", "grid_manager")] == ["finish"]
    assert machine().open_to("done", "desk") == []


def test_sound_table_has_no_problems():
    assert machine().problems() == []


@pytest.mark.parametrize(
    "broken, said",
    [
        (machine(states=S), "unreachable: lost"),
        (machine(OPEN), "dead end: open"),
        (machine(OPEN, FINISH, Move("up", (S.DONE,), S.OPEN, DESK)), "final state has an exit: done"),
        (machine(AGAIN), "unreachable: open"),
    ],
)
def test_problems(broken, said):
    assert said in broken.problems()


def test_two_moves_of_one_name():
    with pytest.raises(ValueError, match="twice"):
        machine(OPEN, Move("open", (S.NEW, S.OPEN), S.DONE, DESK))


def test_diagram():
    assert machine().mermaid().splitlines() == [
        "stateDiagram-v2",
        "  [*] --> new",
        "  new --> open: open",
        "  open --> done: finish",
        "  open --> new: again",
    ]


SPARE = Guard("own_work", "不能审核自己办的事。", lambda facts: facts != "mine")


@pytest.mark.parametrize(("facts", "fields", "code"), [("mine", {}, "guarded"), ("other", {}, "needs_fields")])
def test_a_guard_refuses_before_anything_is_asked_for(facts, fields, code):
    guarded = Move("finish", (S.OPEN,), S.DONE, GRID, ("text",), "办结", (SPARE,))
    table = machine(OPEN, guarded)
    with pytest.raises(IllegalMove) as caught:
        table.plan("open", "finish", "desk", fields, facts)
    assert (caught.value.code, caught.value.guard) == (code, SPARE if code == "guarded" else None)
    assert [move.name for move in table.open_to("open", "desk", facts)] == ([] if facts == "mine" else ["finish"])
