"""Replies, what shows that they are true, and the review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from dispatch.models import Evidence, HandBack, Reply
from dispatch.services.acts import Act, Data
from dispatch.services.rows import bounded, lead_of
from dispatch.states import Check, ReasonCode, template_of
from kernel.errors import Invalid
from kernel.viewer import Viewer
from media.models import Document, Photo

MAX_EVIDENCE = 9
"""Photos and documents of one reply together; as many photos as a citizen may send."""

COMPARED = 200
"""Earlier replies of the same unit that a new one is compared with, the newest."""


def submit(
    act: Act, *, reply: str, reason_code: str = "", photos: Sequence[int] = (), documents: Sequence[int] = ()
) -> Data:
    """Hand in a reply with what shows it.

    Raises:
        Invalid: code "no_evidence", "template_only" or "unknown_photo" …
    """
    order = act.order
    text = bounded(Reply, "text", reply, "reply")
    flags = _template_refused(act, text)
    files = [
        *_files(act.by, Photo.objects.all(), photos, "photos"),
        *_files(act.by, Document.objects.all(), documents, "documents"),
    ]
    if len(files) > MAX_EVIDENCE:
        raise Invalid(_("最多 %d 个文件。") % MAX_EVIDENCE, code="too_many_files", field="photos")
    if reason_code and reason_code not in set(ReasonCode):
        raise Invalid(_("没有这个原因。"), code="unknown_reason", field="reason_code")
    if not files and not reason_code:
        raise Invalid(_("请附现场照片或材料；确实没有的，选择原因。"), code="no_evidence", field="photos")
    made = Reply.objects.create(
        order=order,
        number=order.replies.count() + 1,
        text=text,
        reason_code="" if files else reason_code,
        flags=flags,
        unit_id=lead_of(order),
        by_id=act.by.user_id,
        at=act.now,
    )
    Evidence.objects.bulk_create(
        Evidence(reply=made, **{"photo" if isinstance(file, Photo) else "document": file}) for file in files
    )
    order.submitted_by_id, order.submitted_at = act.by.user_id, act.now
    return {"reply": made.pk, "number": made.number, "files": len(files), "reason_code": made.reason_code}


def _template_refused(act: Act, text: str) -> list[str]:
    """What the check of quality notes; a reply that says nothing of its own is refused."""
    order = act.order
    earlier = Reply.objects.filter(unit_id=lead_of(order)).exclude(order=order).order_by("-pk")[:COMPARED]
    names = [str(one) for one in (order.lead_unit, order.place, order.grid, order.title) if one]
    found = template_of(text, earlier.values_list("order_id", "text"), names)
    if found:
        said = {
            "short": _("答复太短，请写清楚查到了什么、做了什么。"),
            "stock": _("答复全是套话，请写清楚查到了什么、做了什么。"),
        }
        other = _("和工单 %s 的答复几乎一样，请写这一件的情况。") % found.rpartition(":")[2]
        raise Invalid(said.get(found, other), code="template_only", field="reply")
    return []


def _files(by: Viewer, rows: models.QuerySet[Any], keys: Sequence[int], field: str) -> list[Any]:
    """Files that the viewer works with, in the order given."""
    found = {file.pk: file for file in rows.kept_by(by).filter(pk__in=keys)}  # type: ignore[attr-defined]
    missing = [key for key in keys if key not in found]
    if missing:
        raise Invalid(_("没有这个文件：%s。") % missing[0], code="unknown_file", field=field)
    return [found[key] for key in dict.fromkeys(keys)]


def send_back(act: Act, *, reason: str) -> Data:
    """The reviewer wants more; the clock has not stopped."""
    act.order.submitted_at = None
    return {"reason": bounded(HandBack, "reason", reason)}


def approve(act: Act, *, checklist: Sequence[str]) -> Data:
    """The reviewer has looked at everything on the list.

    Raises:
        Invalid: code "checklist": something is not ticked.
    """
    missing = [check for check in Check if check not in checklist]
    if missing:
        raise Invalid(_("审核清单没有全部核对。"), code="checklist", field="checklist", hint="、".join(missing))
    act.order.reviewed_by_id, act.order.finished_at = act.by.user_id, act.now
    return {"checklist": [check.value for check in Check]}
