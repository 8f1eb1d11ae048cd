"""Approved answers: their words masked, and what shows that they are true.

Everybody opens the files of an answer to a public report; whoever holds the tracking code opens those of the own one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from dispatch.models import Evidence, Reply
from dispatch.states import State as OrderState
from incidents.models import Report
from incidents.selectors.facts import SOURCE
from incidents.selectors.masks import office_numbers
from incidents.states.masking import masked
from kernel import clock
from kernel.files import FileKind
from kernel.language import named
from kernel.viewer import Viewer
from media.models import WIDTHS, Document, Photo
from media.models import State as FileState
from media.selectors import DocumentLink, PhotoUrls, document_link, photo_urls


@dataclass(frozen=True, slots=True)
class ReplyShown:
    """An approved answer: its text masked, photos and documents that nobody has hidden."""

    round: int
    text: str
    unit: str
    at: str
    photos: tuple[PhotoUrls, ...]
    documents: tuple[DocumentLink, ...]


def replies_of(report: Report, code: str = "") -> list[ReplyShown]:
    """The approved answer of each round; with a ``code``, files have its addresses. Cost: four queries."""
    replies = list(_approved(str(report.pk)).select_related("order", "unit"))
    photos: dict[int, list[PhotoUrls]] = {}
    documents: dict[int, list[DocumentLink]] = {}
    for one in _shown(Evidence.objects.filter(reply__in=replies)).select_related("photo", "document"):
        if one.photo:
            urls = photo_urls(one.photo)
            if code:
                urls.update({size: photo_by_code(code, one.photo, size) for size in WIDTHS})  # type: ignore[typeddict-item]  # WIDTHS names three of its keys
            photos.setdefault(one.reply_id, []).append(urls)
        if one.document:
            link = document_link(one.document)
            if code:
                link["url"] = document_by_code(code, one.document)
            documents.setdefault(one.reply_id, []).append(link)
    keep = office_numbers(report.county_id) if replies else []
    return [
        ReplyShown(
            round=reply.order.round,
            text=masked(reply.text, keep),
            unit=named(reply.unit.name, reply.unit.name_en),
            at=clock.written(reply.at),
            photos=tuple(photos.get(reply.pk, ())),
            documents=tuple(documents.get(reply.pk, ())),
        )
        for reply in replies
    ]


def answered_by(report: Report) -> Report:
    """The report whose answers are those to ``report``: another one where it was merged."""
    return report.merged_into or report


def answer_file(report: Report, kind: FileKind, token: str) -> Photo | Document | None:
    """A file of an approved answer to ``report`` by its public name. Cost: one query."""
    wanted = {f"{kind}__token": token, "reply__in": _approved(str(report.pk))}
    found = _shown(Evidence.objects.filter(**wanted)).select_related(kind).first()
    return (found.photo or found.document) if found else None


def answer_shows(viewer: Viewer, kind: FileKind, pk: int) -> bool | None:
    """Whether an approved answer shows the file to ``viewer``; None when no answer to a report has it.

    Cost: at most two queries.
    """
    rows = Evidence.objects.filter(**{kind: pk}, reply__order__source=SOURCE)
    found = _shown(rows).select_related("reply__order").first()
    if found is None:
        return None
    key = found.reply.order.source_id
    if not _approved(key).filter(pk__in=rows.values("reply")).exists():
        return False
    return Report.objects.visible_to(viewer).filter(pk=int(key)).exists()


def photo_by_code(code: str, photo: Photo, size: str) -> str:
    """Address of a derivative for the holder of ``code``."""
    return reverse("api-incident-track-photo", kwargs={"code": code, "token": photo.token, "size": size})


def document_by_code(code: str, document: Document) -> str:
    """Address of a document for the holder of ``code``."""
    return reverse("api-incident-track-document", kwargs={"code": code, "token": document.token})


def _approved(source_id: str) -> QuerySet[Reply]:
    """The last reply of each finished order of a report, in the order of the rounds; those of tasks stay inside."""
    order = {"order__source": SOURCE, "order__source_id": source_id, "order__parent": None}
    done = Reply.objects.filter(**order, order__state=OrderState.DONE)
    return done.filter(pk__in=done.order_by("order_id", "-number").distinct("order_id").values("pk")).order_by("order")


def _shown(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Those that nobody has hidden: photos are published as they are uploaded, documents by the answer itself."""
    return rows.exclude(photo__state__in=(FileState.HIDDEN, FileState.PENDING)).exclude(
        document__state=FileState.HIDDEN
    )
