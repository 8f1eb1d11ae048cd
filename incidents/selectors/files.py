"""Whether a photo or document may be opened, as far as reports and their answers show it."""

from __future__ import annotations

from django.db.models import Q

from incidents.models import Attachment
from incidents.querysets import own, public
from incidents.selectors.answers import answer_shows
from kernel.files import FileKind
from kernel.viewer import Viewer
from media.models import State


def file_shown(viewer: Viewer, kind: FileKind, pk: int) -> bool | None:
    """The say of incidents in ``kernel.files``: files of reports, of forms not yet sent, and of answers.

    Everybody sees what moderation published on a public report; whose business the report is sees the rest. Cost: at
    most three queries.
    """
    rows = Attachment.objects.filter(photo_id=pk) if kind == "photo" else Attachment.objects.filter(document_id=pk)
    if not rows.exists():
        return answer_shows(viewer, kind, pk)
    here = rows.filter(report__county_id=viewer.county)
    # A document of a citizen may name anybody, and nobody can blur it
    moderated = public("report__") & Q(photo__state=State.PUBLISHED)
    return here.filter(moderated | own(viewer, "report__")).exists()
