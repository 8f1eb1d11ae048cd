"""Whether a photo or document may be opened, as far as reports show it; which numbers are those of offices."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Unit
from incidents.models import Attachment
from incidents.querysets import own, public
from kernel.files import FileKind
from kernel.viewer import Viewer
from media.models import State
from places.models import Contact


def file_shown(viewer: Viewer, kind: FileKind, pk: int) -> bool | None:
    """The say of incidents in ``kernel.files``: attachments of reports, and those that wait for their form.

    Everybody sees what moderation published on a public report; whose business the report is sees the rest. Cost: at
    most two queries.
    """
    rows = Attachment.objects.filter(photo_id=pk) if kind == "photo" else Attachment.objects.filter(document_id=pk)
    if not rows.exists():
        return None
    here = rows.filter(report__county_id=viewer.county)
    # A document of a citizen may name anybody, and nobody can blur it
    moderated = public("report__") & Q(photo__state=State.PUBLISHED)
    return here.filter(moderated | own(viewer, "report__")).exists()


def office_numbers(county: str) -> list[str]:
    """Numbers that are published as those of offices: they may stay in a text. Cost: two queries."""
    contacts = Contact.objects.filter(county_id=county, is_published=True).values_list("number", flat=True)
    units = Unit.objects.filter(county_id=county).exclude(phone="").values_list("phone", flat=True)
    return list(dict.fromkeys([*contacts, *units]))
