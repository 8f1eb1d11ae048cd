"""Who is told of a report, found by what their messages carry: whoever holds it may stop them, and nothing else."""

from __future__ import annotations

import hmac
import re

from django.utils.translation import gettext as _

from incidents.models import Follower, Reporter
from kernel import sealed
from kernel.errors import NotFound

KINDS: dict[str, type[Reporter] | type[Follower]] = {"r": Reporter, "f": Follower}
STOP_TOKEN = r"[rf]\d{1,18}-[0-9a-f]{40}"  # noqa: S105  the shape of one
_SHAPE = re.compile(STOP_TOKEN, re.ASCII)


def stop_token(person: Reporter | Follower) -> str:
    """What ``person`` stops messages with: the key, and a mark that only this county's secrets make.

    It is made again for every message, so that none of it is kept.
    """
    return _marked(f"{'r' if isinstance(person, Reporter) else 'f'}{person.pk}")


def told_person(token: str) -> Reporter | Follower:
    """Who is told by the messages that carry ``token``, with the report. Cost: one query.

    Raises:
        NotFound: no such token.
    """
    name = token.partition("-")[0]
    if _SHAPE.fullmatch(token) and hmac.compare_digest(_marked(name), token):
        model = KINDS[name[0]]
        if person := model._default_manager.select_related("report").filter(pk=int(name[1:])).first():
            return person
    raise NotFound(_("这个退订链接不对，或者已经失效。"))


def _marked(name: str) -> str:
    return f"{name}-{sealed.digest(name, 'stop messages')[:40]}"
