"""Who reported: encrypted on the way in; reading it back leaves an audit row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.models import Report, Reporter
from kernel import sealed
from kernel.errors import Forbidden, Invalid, NotFound
from kernel.phones import normal_number
from kernel.viewer import Role, Viewer
from records.services import audit_write

READERS = (Role.GRID_MANAGER, Role.DESK, Role.HANDLER, Role.SUPERVISOR, Role.OFFICIAL)
CONFIDENTIAL_READERS = (Role.DESK, Role.SUPERVISOR)
"""Who reported confidentially is known to those who call back, and to nobody who does the work."""
_READERS = {Report.Confidence.CONFIDENTIAL.value: CONFIDENTIAL_READERS, Report.Confidence.ANONYMOUS.value: ()}
"""Whoever reported anonymously may have left an address to be told, and that is for nobody's eyes."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach somebody; "" for what was not given."""

    name: str = ""
    phone: str = ""
    email: str = ""


def contact_seal(reporter: Reporter, contact: Contact, *, by: Viewer) -> None:
    """Put a contact into the row, encrypted; the caller saves it.

    What messages would go to has to be confirmed by whoever reads it (``selectors.is_told``); only a telephone that
    staff write down is taken for confirmed: they have talked to whoever it belongs to, and the audit names them.

    Raises:
        Invalid: no telephone number, no e-mail address, an over-long name.
    """
    phone = normal_number(contact.phone, field="contact.phone") if contact.phone.strip() else ""
    reporter.name = sealed.seal(_name(contact.name))
    email = checked_email(contact.email, "contact.email")
    if (email or phone) != (sealed.unseal(reporter.email) or sealed.unseal(reporter.phone)):
        reporter.is_told, reporter.is_confirmed = True, not email and bool(by.role) and not by.has_role(Role.CITIZEN)
    reporter.phone, reporter.email = sealed.seal(phone), sealed.seal(email)
    reporter.phone_hash = sealed.digest(re.sub(r"\D", "", phone), "phone") if phone else ""


def email_seal(reporter: Reporter, address: str) -> None:
    """Put an e-mail address into the row, encrypted; the caller saves it. Another one has to be confirmed anew."""
    if address != sealed.unseal(reporter.email):
        reporter.email, reporter.is_confirmed = sealed.seal(address), False


def contact_read(*, by: Viewer, report_id: int) -> Contact:
    """The contact of a report, after an audit row was written.

    Raises:
        NotFound: the report is not the viewer's business.
        Forbidden: the role may not, or the report is confidential or anonymous.
    """
    with transaction.atomic():
        report = Report.objects.business_of(by).filter(pk=report_id).first()
        if report is None:
            raise NotFound(_("没有这件反映，或者不归您负责。"))
        if not by.has_role(*_READERS.get(report.confidence, READERS)):
            raise Forbidden(_("您不能查看这位反映人的联系方式。"))
        audit_write(by=by, action="report.contact_read", obj=report)
        return contact_of(Reporter.objects.get(report=report))


def contact_of(reporter: Reporter) -> Contact:
    """What was sealed, for sending messages; people read it through ``contact_read``."""
    return Contact(sealed.unseal(reporter.name), sealed.unseal(reporter.phone), sealed.unseal(reporter.email))


def checked_email(email: str, field: str) -> str:
    """An e-mail address without blanks around it, or "".

    Raises:
        Invalid: it is none.
    """
    plain = email.strip()
    if not plain:
        return ""
    try:
        validate_email(plain)
    except ValidationError:
        raise Invalid(_("这不是电子邮件地址。"), field=field, code="not_an_email") from None
    return plain


def _name(name: str) -> str:
    plain = " ".join(name.replace("\x00", "").split())
    if len(plain) > 40:
        raise Invalid(_("称呼最多 40 个字。"), field="contact.name")
    return plain
