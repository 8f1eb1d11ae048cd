"""Others with the same trouble (我也遇到了), and who wants to hear what becomes of a report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from incidents import selectors
from incidents.models import Follower, Report, Reporter
from incidents.services.contacts import checked_email, email_seal
from incidents.services.messages import confirm_ask
from kernel import clock, sealed
from kernel.errors import NotFound
from kernel.language import is_english
from kernel.viewer import Viewer
from records.services import audit_write

CONFIRM_WITHIN = dt.timedelta(days=7)
"""How long an address waits to be confirmed."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How many follow now; ``is_new`` is False for somebody who did before."""

    followers: int
    is_new: bool


def report_follow(*, by: Viewer, number: str, client: str, email: str = "", site: str = "") -> Followed:
    """Count somebody once per report; an address is asked whether it wants to hear of it (``follow_confirm``).

    Args:
        by: who, mostly nobody known.
        number: of a public report.
        client: tells clients apart; only a keyed hash of it is kept.
        email: where to, "" only counts. Given later, it is added; another one of the same client is told as well
            and not counted: neighbours share a line, and many of them the kind of telephone.
        site: what addresses in the message begin with.

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
        row, is_new = Follower.objects.get_or_create(report=report, client=mark, defaults={"language": language})
        if is_new:
            Report.objects.filter(pk=report.pk).update(followers=F("followers") + 1)
        if address:
            if row.email and sealed.unseal(row.email) != address:
                other = sealed.digest(f"{report.pk} {address}", "client")
                row = Follower.objects.get_or_create(report=report, client=other)[0]
            if not row.is_told:
                row.email, row.language, row.at = sealed.seal(address), language, clock.now()
                row.save(update_fields=["email", "language", "at"])
                confirm_ask(row, by=by, site=site)
        return Followed(Report.objects.values_list("followers", flat=True).get(pk=report.pk), is_new)


def follow_confirm(*, by: Viewer, token: str) -> None:
    """Whoever reads the address wants to be told from now on; a second time changes nothing.

    Args:
        by: looking at the county of the report.
        token: of the message that asked.

    Raises:
        NotFound: no such token.
    """
    person = selectors.asked_person(token)
    if person.report.county_id != by.county:
        raise NotFound(_("这个确认链接不对，或者已经失效。"))
    if isinstance(person, Reporter):
        Reporter.objects.filter(pk=person.pk).update(is_confirmed=True)
    else:
        Follower.objects.filter(pk=person.pk).update(is_told=True)


def follows_lapse() -> int:
    """Forget addresses that nobody has confirmed for ``CONFIRM_WITHIN``; how many.

    Of reporters those of anonymous reports: nobody else's eyes may see them. The others are also what the desk reaches
    a reporter by, and stay as the telephone does.
    """
    before = clock.now() - CONFIRM_WITHIN
    asked = Follower.objects.filter(is_told=False, at__lt=before).exclude(email=b"")
    anonymous = {"report__confidence": Report.Confidence.ANONYMOUS, "report__updated_at__lt": before}
    waiting = Reporter.objects.filter(is_confirmed=False, **anonymous).exclude(email=b"")
    return asked.update(email=b"") + waiting.update(email=b"")


def told_stop(*, by: Viewer, token: str) -> None:
    """No more messages to whoever holds ``token``, and the address is gone; a second time changes nothing.

    A follower still counts, for the trouble was real. A reporter's telephone stays for the desk, but is sent nothing.

    Args:
        by: looking at the county of the report.
        token: of one of the messages.

    Raises:
        NotFound: no such token.
    """
    person = selectors.told_person(token)
    if person.report.county_id != by.county:
        raise NotFound(_("这个退订链接不对，或者已经失效。"))
    if isinstance(person, Reporter):
        Reporter.objects.filter(pk=person.pk).update(email=b"", is_told=False, is_confirmed=False)
    else:
        Follower.objects.filter(pk=person.pk).update(email=b"", is_told=False)


def reporter_tell(*, by: Viewer, report_id: int, email: str, site: str = "") -> None:
    """Where the reporter is told of progress once its reader has confirmed it; "" for nowhere, by telephone neither.

    The address is kept as every contact is. Whoever reported anonymously stays so: nobody can read it back
    (``contact_read``).

    Args:
        by: who has shown the tracking code.
        report_id: key of the report.
        email: where to.
        site: what addresses in the message begin with.

    Raises:
        Invalid: no e-mail address.
    """
    address = checked_email(email, "email")
    with transaction.atomic():
        report = Report.objects.get(pk=report_id, county_id=by.county)
        reporter = Reporter.objects.select_for_update().select_related("report").get(report=report)
        reporter.is_told, reporter.language = bool(address), "en" if is_english() else "zh"
        email_seal(reporter, address)
        reporter.save()
        confirm_ask(reporter, by=by, site=site)
        audit_write(by=by, action="report.tell", obj=report, changes={"is_told": [None, bool(address)]})
