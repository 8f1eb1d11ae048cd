"""What the desk and grid managers put right before the public reads it: words, place, kind, photos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents import selectors
from incidents.models import Attachment, Report, Reporter
from incidents.services.contacts import Contact, contact_seal
from incidents.services.messages import confirm_ask
from incidents.services.moves import report_locked, still_read
from incidents.services.photos import texts_masked
from incidents.services.submitting import checked_line, checked_text, place_set, visibility_set
from incidents.states import EDITORS, TERMINAL, State
from incidents.states.masking import TITLE_LONGEST, masked
from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.search import search_text
from kernel.viewer import Viewer
from media.models import State as FileState
from media.pipeline.pictures import Box
from media.services import photo_amend, photo_redact
from records.services import history_append


@transaction.atomic
def report_edit(*, by: Viewer, report_id: int, version: int | None = None, **fields: Any) -> Report:
    """Put a report right: ``title``, ``public_text``, ``address``; before acceptance also ``category``, ``is_urgent``,
    ``lonlat`` (EPSG:4326) and what a caller adds: ``text``, ``contact``. Later the order's moves say how urgent it is.

    What the public reads is masked again, whatever the editor wrote.

    Raises:
        NotFound, Forbidden: not the viewer's business, or the role may not.
        Conflict: another version; code "accepted": too late to change that.
        Invalid: names the field.
    """
    report = _editable(by, report_id, version)
    early = {"category", "is_urgent", "lonlat", "text", "contact"} & set(fields)
    if early and report.state not in (State.SUBMITTED, State.NEED_INFO):
        raise Conflict(_("受理以后不能再改类别、位置、是否紧急和原话。"), code="accepted", field=min(early))
    for name, value in fields.items():
        _EDITS[name](by, report, value)
    visibility_set(report)
    _keep(by, report, "edit", {"fields": sorted(fields)})
    return report


@transaction.atomic
def report_publish(*, by: Viewer, report_id: int, is_public: bool, version: int | None = None) -> Report:
    """Show a report on the map, or keep it off; it stays in all figures.

    Raises:
        Conflict: code "never_public": confidential, or of a kind that is never shown.
        NotFound, Forbidden: as for ``report_edit``.
    """
    report = _editable(by, report_id, version)
    if is_public and not selectors.may_be_public(report):
        raise Conflict(_("保密的反映和这一类的反映不能公开。"), code="never_public")
    report.is_public = is_public
    if is_public and not report.public_text:
        report.public_text = masked(report.text, selectors.office_numbers(report.county_id))
    _keep(by, report, "publish", {"is_public": is_public})
    return report


@transaction.atomic
def report_photo(
    *, by: Viewer, report_id: int, photo_id: int, boxes: Sequence[Box] = (), state: str = "", **texts: str
) -> Attachment:
    """Moderate a photo of a report: blur what is in ``boxes``, then publish or hide it; ``texts`` are its words.

    Raises:
        NotFound, Forbidden: no such photo on a report of the viewer's business, or the role may not.
        Invalid: a box outside of the picture, an unknown state.
    """
    report = _editable(by, report_id, None)
    found = Attachment.objects.select_related("photo").filter(report=report, photo_id=photo_id).first()
    if found is None or found.photo is None:
        raise NotFound(_("没有这张照片。"))
    if state and state not in FileState.values:
        raise Invalid(_("没有这个审核状态。"), field="state")
    if boxes:
        found.photo = photo_redact(by=by, photo=found.photo, boxes=boxes)
    if state or texts:
        said = {**texts, **texts_masked(texts, selectors.office_numbers(report.county_id))}
        found.photo = photo_amend(by=by, photo=found.photo, state=state or None, **said)
    _keep(by, report, "photo", {"photo": photo_id, "boxes": len(boxes), "state": state})
    return found


def _editable(by: Viewer, report_id: int, version: int | None) -> Report:
    report = report_locked(by, report_id)
    if not by.has_role(*EDITORS):
        raise Forbidden(_("只有受理员和网格员可以审核公开内容。"))
    still_read(report, version)
    if report.state in TERMINAL:
        raise Conflict(_("这件反映已经结束，不能再改。"), code="over")
    return report


def _keep(by: Viewer, report: Report, move: str, data: dict[str, Any]) -> None:
    report.version, report.updated_at = report.version + 1, clock.now()
    report.search_text = search_text(report.title, report.number)[:400]
    history_append(by=by, obj=report, move=move, states=(report.state, report.state), data=data)
    report.save()


def _title(by: Viewer, report: Report, value: str) -> None:
    title = checked_line(masked(str(value), selectors.office_numbers(by.county)), "title", TITLE_LONGEST)
    if not title:
        raise Invalid(_("请写标题。"), field="title")
    report.title = title


def _public_text(by: Viewer, report: Report, value: str) -> None:
    report.public_text = masked(checked_text(str(value)), selectors.office_numbers(by.county))


def _address(by: Viewer, report: Report, value: str) -> None:
    report.address = checked_line(str(value), "address", 120)


def _is_urgent(by: Viewer, report: Report, value: bool) -> None:
    report.is_urgent = bool(value)


def _category(by: Viewer, report: Report, value: str) -> None:
    report.category = selectors.category_named(by, str(value))


def _lonlat(by: Viewer, report: Report, value: tuple[float, float]) -> None:
    place_set(report, by, value)


def _text(by: Viewer, report: Report, value: str) -> None:
    report.text = checked_text(str(value))


def _contact(by: Viewer, report: Report, value: Contact) -> None:
    if report.confidence == Report.Confidence.ANONYMOUS:
        raise Conflict(_("匿名反映不留联系方式。"), code="anonymous", field="contact")
    reporter = Reporter.objects.select_related("report").get(report=report)
    contact_seal(reporter, value, by=by)
    reporter.save()
    confirm_ask(reporter, by=by)


_EDITS: dict[str, Callable[[Viewer, Report, Any], None]] = {
    "title": _title,
    "public_text": _public_text,
    "address": _address,
    "is_urgent": _is_urgent,
    "category": _category,
    "lonlat": _lonlat,
    "text": _text,
    "contact": _contact,
}
"""How each field is put right."""
