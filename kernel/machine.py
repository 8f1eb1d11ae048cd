"""A state machine is a table, and one function walks it. No Django here.

The Chinese of the table (titles of moves, sentences of guards) is the source text of the translations, as ``_("…")`` is
elsewhere; whoever shows it passes it through ``gettext``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class IllegalMove(Exception):
    """The table has no such move, or not for this role, or something it needs is missing.

    Attributes:
        code: "no_such_move", "role_may_not", "needs_fields" or "guarded".
        missing: names of the fields that are empty, for "needs_fields".
        guard: the guard that refused, for "guarded".
    """

    def __init__(self, code: str, text: str, missing: tuple[str, ...] = (), guard: Guard | None = None) -> None:
        """Keep the code, the sentence, the missing fields and the guard."""
        super().__init__(text)
        self.code, self.missing, self.guard = code, missing, guard


@dataclass(frozen=True, slots=True)
class Guard:
    """What must be true of the object for a move, beside its state.

    Attributes:
        code: identifier, part of the answer ("own_work").
        text: the sentence people are told when it does not hold.
        holds: asks the facts of the object, a value of the machine's own.
        forbids: it is about who asks, not about the object: whoever is refused may not, also later.
    """

    code: str
    text: str
    holds: Callable[[Any], bool]
    forbids: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table.

    Attributes:
        name: identifier of the move ("hand_back").
        frm: states it may start from.
        to: state it ends in.
        by: roles that may do it.
        needs: names of fields that must not be empty.
        title: the official word ("退回").
        guards: what must be true of the object; the first that is not refuses the move.
    """

    name: str
    frm: tuple[StrEnum, ...]
    to: StrEnum
    by: frozenset[str]
    needs: tuple[str, ...] = ()
    title: str = ""
    guards: tuple[Guard, ...] = ()


def stays(move: Move) -> list[Move]:
    """``move`` as an act beside the state: one line for each state it may be done in, which it leaves as it is."""
    return [replace(move, frm=(state,), to=state) for state in move.frm]


class Machine:
    """All moves of one kind of object."""

    def __init__(self, states: type[StrEnum], start: StrEnum, final: Iterable[StrEnum], moves: Iterable[Move]) -> None:
        """Build the table.

        Raises:
            ValueError: two moves of one name start from the same state.
        """
        self.states, self.start = states, start
        self.final, self.moves = frozenset(final), tuple(moves)
        self._by: dict[tuple[str, str], Move] = {}
        for move in self.moves:
            for frm in move.frm:
                if self._by.setdefault((frm, move.name), move) is not move:
                    raise ValueError(f"move {move.name!r} from {frm!r} is declared twice")

    def plan(self, state: str, name: str, role: str, fields: Mapping[str, object], facts: object = None) -> Move:
        """The move ``name`` from ``state`` by ``role`` with ``fields``, if the table allows it.

        Args:
            state: where the object is.
            name: of the move.
            role: who moves it.
            fields: what is given with the move.
            facts: what the guards of this machine ask.

        Raises:
            IllegalMove: it does not.
        """
        move = self._by.get((state, name))
        if move is None:
            raise IllegalMove("no_such_move", f"no move {name!r} from {state!r}")
        if role not in move.by:
            raise IllegalMove("role_may_not", f"role {role!r} may not {name!r}")
        for guard in move.guards:
            if not guard.holds(facts):
                raise IllegalMove("guarded", guard.text, guard=guard)
        missing = tuple(need for need in move.needs if fields.get(need) in (None, "", [], ()))
        if missing:
            raise IllegalMove("needs_fields", f"{name!r} needs {', '.join(missing)}", missing)
        return move

    def open_to(self, state: str, role: str, facts: object = None) -> list[Move]:
        """The moves that ``role`` may do from ``state``, in the order of the table: the buttons of a screen."""
        found = [move for move in self.moves if state in move.frm and role in move.by]
        return [move for move in found if all(guard.holds(facts) for guard in move.guards)]

    def problems(self) -> list[str]:
        """What is wrong with the table: unreachable states, dead ends, exits of final states."""
        seen, todo = {self.start}, [self.start]
        while todo:
            state = todo.pop()
            found = {move.to for move in self.moves if state in move.frm} - seen
            seen |= found
            todo += found
        starts = {frm for move in self.moves for frm in move.frm if frm != move.to}
        wrong = [f"unreachable: {state}" for state in self.states if state not in seen]
        wrong += [f"dead end: {s}" for s in self.states if s not in self.final and s not in starts]
        return wrong + [f"final state has an exit: {s}" for s in sorted(self.final & starts)]

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, without what changes no state."""
        arrows = [f"  {frm} --> {move.to}: {move.name}" for move in self.moves for frm in move.frm if frm != move.to]
        return "\n".join(["stateDiagram-v2", f"  [*] --> {self.start}", *arrows])
