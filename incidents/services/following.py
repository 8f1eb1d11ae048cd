"""Others with the same trouble (我也遇到了), and who wants to hear what becomes of a report."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from incidents import selectors
from incidents.models import Follower, Report
from incidents.services.contacts import checked_email
from kernel import sealed
from kernel.errors import NotFound
from kernel.language import is_english
from kernel.viewer import Viewer

PURPOSE = "follower"


@dataclass(frozen=True, slots=True)
class Followed:
    """How many follow now; ``is_new`` is False for somebody who did before."""

    followers: int
    is_new: bool


def report_follow(*, by: Viewer, number: str, client: str, email: str = "") -> Followed:
    """Count somebody once per report; with an address they hear of it until they stop.

    Args:
        by: who, mostly nobody known.
        number: of a public report.
        client: tells clients apart; only a keyed hash of it is kept.
        email: where to, "" only counts. Given later, it is added.

    Raises:
        NotFound: no such public report.
        Invalid: no e-mail address.
    """
    address = checked_email(email, "email")
    with transaction.atomic():
        report = selectors.public_get(by, number)
        if report.merged_into is not None:  # who follows a merged report follows what became of it
            report = report.merged_into
        mark = sealed.digest(f"{report.pk} {client}", "client")
        language = "en" if is_english() else "zh"
        row, is_new = Follower.objects.get_or_create(
            report=report, client=mark, defaults={"token_hash": mark, "language": language}
        )
        if is_new:
            Follower.objects.filter(pk=row.pk).update(token_hash=sealed.digest(follow_token(row.pk), PURPOSE))
            Report.objects.filter(pk=report.pk).update(followers=F("followers") + 1)
        if address:
            Follower.objects.filter(pk=row.pk).update(email=sealed.seal(address), language=language)
        return Followed(Report.objects.values_list("followers", flat=True).get(pk=report.pk), is_new)


def follow_stop(*, by: Viewer, token: str) -> None:
    """No more messages; the count stays, for the trouble was real.

    Raises:
        NotFound: no such token.
    """
    found = Follower.objects.filter(token_hash=sealed.digest(token, PURPOSE), report__county_id=by.county)
    if not found.update(email=b""):
        raise NotFound(_("这个退订链接不对，或者已经失效。"))


def follow_token(pk: int) -> str:
    """What a follower stops with: made again for every message, so that only its hash is kept."""
    return sealed.digest(str(pk), "stop following")[:40]
