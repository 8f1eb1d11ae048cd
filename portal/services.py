"""Writes of the portal: short links. They hold no personal data and no row of a place, so the audit notes none."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from hashlib import sha256
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Invalid, NotFound, Throttled
from portal.models import CODE_LENGTH, LONGEST_PATH, ShortLink

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without 0 o, 1 i l: codes are read from paper and told by telephone. 31^7 = 27,512,614,111 codes."""

KEPT = dt.timedelta(days=730)
"""A link that nobody has used for two years is removed: a notice board is renewed sooner."""

MOST_A_DAY = 3_000
"""New links stop for the day when so many were made or used: a county of 300,000 people shares a few hundred views, and
what a swarm of addresses may write stays below 10 MB a day."""

_PUBLIC_PAGES = re.compile(r"/|/c/\d{6}/|/village/\d{6,15}(\.pdf)?|/embed", re.ASCII)


def local_path(path: str) -> str:
    """``path`` as it goes into an address of this host.

    Raises:
        Invalid: it is none: empty, relative, of another host, or with control characters.
    """
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        raise Invalid(_("path 要以 / 开头，是本站的网址。"), field="path")
    return quote(path, safe="/?#&=%:;,+@!$'()*~-._")


def link_create(path: str) -> ShortLink:
    """The short link of a public page; the same address always has the same one, whoever asks and when.

    Raises:
        Invalid: ``path`` is none of our public pages, or too long.
        Throttled: too many were made today, by all together; those that are there are still given out.
    """
    path = local_path(path)
    if not _PUBLIC_PAGES.fullmatch(urlsplit(path).path):
        raise Invalid(_("只能给公开页面做短链接。"), field="path")
    if len(path) > LONGEST_PATH:
        raise Invalid(_("这个网址太长，做不成短链接。"), field="path")
    digest = sha256(path.encode()).hexdigest()
    while True:
        if link := ShortLink.objects.filter(digest=digest).first():
            _note_use(link)
            return link
        _check_room()
        # Whoever is second, or draws a code that is taken, writes nothing and looks again.
        fresh = ShortLink(code=_new_code(), path=path, digest=digest)
        ShortLink.objects.bulk_create([fresh], ignore_conflicts=True)


def link_follow(code: str) -> str:
    """The address behind a code, typed in any case.

    Raises:
        NotFound: there is no such link, or not any more.
    """
    link = ShortLink.objects.filter(code=code.lower()).first() if code.isascii() else None
    if link is None:
        raise NotFound(_("没有这个短链接，可能抄错了，或者两年没有人用，已经清除。"), code="unknown_link")
    _note_use(link)
    return link.path


def links_prune() -> int:
    """Remove links that nobody has used for two years; how many."""
    return ShortLink.objects.filter(last_used_on__lt=clock.today() - KEPT).delete()[0]


def _check_room() -> None:
    now = clock.now()
    if ShortLink.objects.filter(last_used_on=now.date()).count() < MOST_A_DAY:
        return
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), now.tzinfo)
    said = _("今天大家做的短链接太多，请明天再试，或直接复制网址。")
    raise Throttled(said, code="links_full", retry_after=(midnight - now).total_seconds())


def _note_use(link: ShortLink) -> None:
    """Once a day at most: a link on a poster is followed thousands of times."""
    today = clock.today()
    if link.last_used_on != today:
        ShortLink.objects.filter(pk=link.pk).update(last_used_on=today)


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
