"""Public notices of projects and their documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Invalid, NotFound
from kernel.viewer import Viewer
from media.pipeline.incoming import Readable
from media.services import document_add, document_withdraw
from projects.models import Attachment, Notice
from projects.services.rows import cleaned, demand, plain, project_locked, same_version, target_of
from projects.states import Act
from records.services import audit_write, changes_between

MAX_BODY = 20_000
MAX_ATTACHMENTS = 20
WRITABLE = ("title", "title_en", "body", "body_en", "published_on", "is_published")


@transaction.atomic
def notice_create(
    *,
    by: Viewer,
    project_id: int,
    title: str,
    title_en: str = "",
    body: str = "",
    body_en: str = "",
    published_on: dt.date | None = None,
    is_published: bool = True,
) -> Notice:
    """Publish a notice of a project; without a date, of today.

    Raises:
        NotFound, Forbidden: the project is not visible, or not the writer's.
        Invalid: names the field.
    """
    project = project_locked(by, project_id)
    demand(by, Act.NOTICE, target_of(project))
    notice = Notice(project=project, title=title.strip(), title_en=title_en.strip(), body=body, body_en=body_en)
    notice.is_published = is_published
    notice.published_on = published_on or clock.today()
    _check(notice)
    notice.updated_at = clock.now()
    notice.save()
    audit_write(by=by, action="notice.create", obj=notice, changes={"title": [None, notice.title]})
    return notice


@transaction.atomic
def notice_update(*, by: Viewer, notice_id: int, version: int | None, fields: Mapping[str, object]) -> Notice:
    """Change title, body, date or whether it is public.

    Raises:
        NotFound, Forbidden, Conflict: not visible, not allowed, changed by somebody else meanwhile.
        Invalid: names the field.
    """
    notice = _locked(by, notice_id)
    same_version(notice.version, version)
    before = {name: plain(getattr(notice, name)) for name in WRITABLE}
    for name in WRITABLE:
        if name in fields:
            setattr(notice, name, fields[name])
    _check(notice)
    _saved(notice)
    changes = changes_between(before, {name: plain(getattr(notice, name)) for name in WRITABLE})
    changes |= {name: ["…", "…"] for name in ("body", "body_en") if name in changes}
    audit_write(by=by, action="notice.update", obj=notice, changes=changes)
    return notice


@transaction.atomic
def attachment_add(
    *, by: Viewer, notice_id: int, file: Readable, name: str, kind: str = Attachment.Kind.OTHER, title: str = ""
) -> Attachment:
    """Add a document to a notice.

    Raises:
        NotFound, Forbidden: the notice is not visible, or its project not the writer's.
        Invalid, TooLarge, UnsupportedType: what ``media`` finds wrong with the file, or an unknown kind.
    """
    notice = _locked(by, notice_id)
    if notice.attachments.count() >= MAX_ATTACHMENTS:
        raise Invalid(_("一条公示最多 %d 个附件。") % MAX_ATTACHMENTS, field="file")
    attachment = Attachment(notice=notice, kind=kind, title=title.strip() or "-")
    cleaned(attachment)
    attachment.document = document_add(by=by, file=file, name=name)
    attachment.title = title.strip() or attachment.document.name.rpartition(".")[0][:120]
    attachment.save()
    _saved(notice)
    audit_write(by=by, action="notice.attachment_add", obj=notice, changes={"title": [None, attachment.title]})
    return attachment


@transaction.atomic
def attachment_remove(*, by: Viewer, notice_id: int, attachment_id: int) -> None:
    """Take a document off a notice; nobody can open it any more."""
    notice = _locked(by, notice_id)
    attachment = notice.attachments.select_related("document").filter(pk=attachment_id).first()
    if attachment is None:
        raise NotFound(_("没有这个附件。"))
    document_withdraw(by=by, document=attachment.document)
    audit_write(by=by, action="notice.attachment_remove", obj=notice, changes={"title": [attachment.title, None]})
    attachment.delete()
    _saved(notice)


def _locked(by: Viewer, notice_id: int) -> Notice:
    rows = Notice.objects.visible_to(by).select_for_update(of=("self",)).select_related("project")
    notice = rows.filter(pk=notice_id).first()
    if notice is None:
        raise NotFound(_("没有这条公示，或者您不能看。"))
    demand(by, Act.NOTICE, target_of(notice.project))
    return notice


def _saved(notice: Notice) -> None:
    notice.version += 1
    notice.updated_at = clock.now()
    notice.save()


def _check(notice: Notice) -> None:
    for name in ("body", "body_en"):
        if len(getattr(notice, name)) > MAX_BODY:
            raise Invalid(_("正文最多 %d 个字。") % MAX_BODY, field=name)
    if not notice.title.strip():
        raise Invalid(_("这一项必须填写。"), field="title", code="required")
    cleaned(notice)
