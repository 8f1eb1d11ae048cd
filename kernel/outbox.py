"""How messages leave: a channel sends one message; ``records`` keeps them until they are sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel gets.

    Attributes:
        key: the same for a second delivery of the same message; hand it to the receiver where there is a place for it.
        recipient: address in the terms of the channel.
        data: whatever else the channel needs.
    """

    key: str
    recipient: str
    subject: str
    body: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Channel:
    """A way out: e-mail, later text messages and the like.

    Attributes:
        send: delivers or raises; any exception is a failed attempt.
    """

    key: str
    send: Callable[[Message], None]
    order: int = 100


channels: Registry[Channel] = Registry("channel")
