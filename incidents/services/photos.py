"""Photos that come with reports: uploaded first, attached when the form is sent, public after moderation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.models import Evidence
from incidents.models import Attachment, Report
from incidents.states.masking import masked
from kernel import clock
from kernel.errors import Invalid
from kernel.viewer import Viewer
from media.models import State
from media.pipeline.incoming import Readable
from media.services import document_rename, photo_add, photo_amend, photo_discard

MOST_PHOTOS = 9
MOST_DOCUMENTS = 3

WAIT = dt.timedelta(days=2)
"""How long an upload waits for its form: a draft that was kept offline is sent when there is a network again."""


def photo_receive(*, by: Viewer, file: Readable, name: str, part: str) -> Attachment:
    """Keep an uploaded photo until its form comes; nobody but staff of the county can open it before moderation.

    Raises:
        Invalid, TooLarge, UnsupportedType: what ``media`` finds wrong with the file.
    """
    with transaction.atomic():
        photo = photo_add(by=by, file=file, name=name, state=State.PENDING)
        return Attachment.objects.create(photo=photo, part=part)


def attach(
    report: Report, photos: Sequence[str], documents: Sequence[str] = (), *, part: str, work: int = 1
) -> list[Attachment]:
    """Hang uploads on a report. Call it inside the transaction of the report. Cost: two queries for those given.

    Args:
        report: saved, and locked by the caller where it is not new.
        photos: what the uploads were answered with.
        documents: likewise.
        part: as whom.
        work: round of the work that they belong to.

    Raises:
        Invalid: too many, code "count_of_files"; one that nobody uploaded or that hangs elsewhere, "unknown_upload".
    """
    if len(photos) > MOST_PHOTOS or len(documents) > MOST_DOCUMENTS:
        raise Invalid(_("最多 %d 张照片。") % MOST_PHOTOS, field="photos", code="count_of_files")
    found = _waiting("photo", photos, report) + _waiting("document", documents, report)
    for attachment in found:
        attachment.report, attachment.part, attachment.round = report, part, work
    Attachment.objects.bulk_update(found, ["report", "part", "round"])
    return found


def _waiting(kind: str, tokens: Sequence[str], report: Report) -> list[Attachment]:
    if not tokens:
        return []
    wanted = {f"{kind}__token__in": list(tokens), f"{kind}__county_id": report.county_id}
    rows = Attachment.objects.select_for_update(of=("self",)).filter(report=None, **wanted).select_related(kind)
    by_token = {getattr(row, kind).token: row for row in rows}
    if set(by_token) != set(tokens):
        raise Invalid(_("有一张照片没有传上来，请重新选择。"), field=f"{kind}s", code="unknown_upload")
    return [by_token[token] for token in dict.fromkeys(tokens)]


def answer_mask(*, by: Viewer, reply: int, keep: Collection[str]) -> None:
    """Take out of the words and names of an answer's files what they say of people, before the public reads them.

    Args:
        by: who approved the answer.
        reply: key of the answer.
        keep: numbers of offices.

    Cost: one query, and two for each file that said something.
    """
    for one in Evidence.objects.filter(reply_id=reply).select_related("photo", "document"):
        if one.photo and (changed := texts_masked({"alt": one.photo.alt, "alt_en": one.photo.alt_en}, keep)):
            photo_amend(by=by, photo=one.photo, **changed)
        if one.document and (changed := texts_masked({"name": one.document.name}, keep)):
            document_rename(by=by, document=one.document, **changed)


def texts_masked(texts: Mapping[str, str], keep: Collection[str]) -> dict[str, str]:
    """Those of ``texts`` that said something of people, without that."""
    return {name: said for name, text in texts.items() if (said := masked(text, keep)) != text}


def uploads_prune() -> int:
    """Remove uploads whose form never came; how many."""
    old = Attachment.objects.filter(report=None, at__lt=clock.now() - WAIT).select_related("photo")[:500]
    removed = 0
    for attachment in old:
        with transaction.atomic():
            row = Attachment.objects.select_for_update().filter(pk=attachment.pk, report=None).first()
            if row is None:
                continue
            row.delete()
            if attachment.photo:
                photo_discard(attachment.photo)
            removed += 1
    return removed
