"""Who may write without an account: a place for a check that a person is there (captcha). None is registered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Gate:
    """A check of public writes.

    Attributes:
        admits: whether an answer that came with a request, from a client's address, lets it in.
    """

    key: str
    admits: Callable[[str, str], bool]
    order: int = 100


gates: Registry[Gate] = Registry("gate")
"""All of them must admit; with none everybody is in."""


def is_admitted(answer: str, client: str) -> bool:
    """Whether every gate lets a public write in.

    Args:
        answer: what the page sent along (header ``X-Captcha``).
        client: its address.
    """
    return all(gate.admits(answer, client) for gate in gates)
