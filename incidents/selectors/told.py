"""Who is told of a report, found by what their messages carry: whoever holds it may confirm or stop them, no more."""

from __future__ import annotations

import hmac
import re

from django.utils.translation import gettext as _

from incidents.models import Follower, Reporter
from kernel import sealed
from kernel.errors import NotFound
from kernel.outbox import channels

KINDS: dict[str, type[Reporter] | type[Follower]] = {"r": Reporter, "f": Follower}
STOP_TOKEN = r"[rf]\d{1,18}-[0-9a-f]{40}"  # noqa: S105  the shape of one
_SHAPE = re.compile(STOP_TOKEN, re.ASCII)


def stop_token(person: Reporter | Follower) -> str:
    """What ``person`` stops messages with: the key, and a mark that only this county's secrets make.

    It is made again for every message, so that none of it is kept.
    """
    return _marked(_name(person))


def told_person(token: str) -> Reporter | Follower:
    """Who is told by the messages that carry ``token``, with the report. Cost: one query.

    Raises:
        NotFound: no such token.
    """
    person = _found(token)
    if person and hmac.compare_digest(stop_token(person), token):
        return person
    raise NotFound(_("这个退订链接不对，或者已经失效。"))


def confirm_token(person: Reporter | Follower) -> str:
    """What the reader of an address says with that they want to be told; another address of ``person`` has another."""
    name = _name(person)
    return f"{name}-{sealed.digest(f'{name} {sealed.unseal(told_at(person))}', 'confirm messages')[:40]}"


def asked_person(token: str) -> Reporter | Follower:
    """Who was asked by the message that carries ``token``, with the report. Cost: one query.

    Raises:
        NotFound: no such token, or the address is gone meanwhile.
    """
    person = _found(token)
    if person and told_at(person) and hmac.compare_digest(confirm_token(person), token):
        return person
    raise NotFound(_("这个确认链接不对，或者已经失效。"))


def told_at(person: Reporter | Follower) -> bytes:
    """Where messages for ``person`` would go, encrypted: the e-mail address, else the telephone where there is a
    gateway for text messages; b"" for nowhere, or for a reporter who has stopped them.
    """
    if isinstance(person, Follower):
        return bytes(person.email)
    phone = person.phone if "webhook" in channels else b""
    return bytes(person.email or phone) if person.is_told else b""


def is_told(person: Reporter | Follower) -> bool:
    """Whether whoever reads that address wants to be told: anybody can type the one of somebody else."""
    return bool(told_at(person)) and (person.is_confirmed if isinstance(person, Reporter) else person.is_told)


def _name(person: Reporter | Follower) -> str:
    return f"{'r' if isinstance(person, Reporter) else 'f'}{person.pk}"


def _found(token: str) -> Reporter | Follower | None:
    """Whom a token names, whether or not it is theirs. Cost: one query."""
    if not _SHAPE.fullmatch(token):
        return None
    rows = KINDS[token[0]]._default_manager.select_related("report")
    return rows.filter(pk=int(token[1:].partition("-")[0])).first()


def _marked(name: str) -> str:
    return f"{name}-{sealed.digest(name, 'stop messages')[:40]}"
