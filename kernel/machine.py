"""A state machine is a table, and one function walks it. No Django here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class IllegalMove(Exception):
    """The table has no such move, or not for this role, or something it needs is missing.

    Attributes:
        code: "no_such_move", "role_may_not" or "needs_fields".
        missing: names of the fields that are empty, for "needs_fields".
    """

    def __init__(self, code: str, text: str, missing: tuple[str, ...] = ()) -> None:
        """Keep the code, the sentence and the missing fields."""
        super().__init__(text)
        self.code, self.missing = code, missing


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
    """

    name: str
    frm: tuple[StrEnum, ...]
    to: StrEnum
    by: frozenset[str]
    needs: tuple[str, ...] = ()
    title: str = ""


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

    def plan(self, state: str, name: str, role: str, fields: Mapping[str, object]) -> Move:
        """The move ``name`` from ``state`` by ``role`` with ``fields``, if the table allows it.

        Raises:
            IllegalMove: it does not.
        """
        move = self._by.get((state, name))
        if move is None:
            raise IllegalMove("no_such_move", f"no move {name!r} from {state!r}")
        if role not in move.by:
            raise IllegalMove("role_may_not", f"role {role!r} may not {name!r}")
        missing = tuple(need for need in move.needs if fields.get(need) in (None, "", [], ()))
        if missing:
            raise IllegalMove("needs_fields", f"{name!r} needs {', '.join(missing)}", missing)
        return move

    def open_to(self, state: str, role: str) -> list[Move]:
        """The moves that ``role`` may do from ``state``, in the order of the table: the buttons of a screen."""
        return [move for move in self.moves if state in move.frm and role in move.by]

    def problems(self) -> list[str]:
        """What is wrong with the table: unreachable states, dead ends, exits of final states."""
        seen, todo = {self.start}, [self.start]
        while todo:
            state = todo.pop()
            found = {move.to for move in self.moves if state in move.frm} - seen
            seen |= found
            todo += found
        starts = {frm for move in self.moves for frm in move.frm}
        wrong = [f"unreachable: {state}" for state in self.states if state not in seen]
        wrong += [f"dead end: {s}" for s in self.states if s not in self.final and s not in starts]
        return wrong + [f"final state has an exit: {s}" for s in sorted(self.final & starts)]

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram."""
        arrows = [f"  {frm} --> {move.to}: {move.name}" for move in self.moves for frm in move.frm]
        return "\n".join(["stateDiagram-v2", f"  [*] --> {self.start}", *arrows])
