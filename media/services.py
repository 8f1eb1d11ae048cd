"""Writes of photos and documents: each leaves rows, files and audit consistent, whatever fails."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Forbidden, Invalid, NotFound, NotSignedIn
from kernel.viewer import Audience, Role, Viewer
from media import sql
from media.models import WIDTHS, Document, Photo, State, new_token
from media.pipeline import store
from media.pipeline.documents import document_type
from media.pipeline.incoming import Readable, clean_name, read_limited
from media.pipeline.limits import MAX_DOCUMENT_BYTES, MAX_PHOTO_BYTES
from media.pipeline.pictures import Box, Picture, picture_read
from records.services import audit_write, changes_between

MODERATORS = (Role.DESK, Role.SUPERVISOR, Role.OFFICIAL)
UNSEALERS = (Role.OFFICIAL, Role.ADMIN)
ALTS = {"alt": 200, "alt_en": 400}
"""Longest text of each field; English takes twice the letters."""

LEFTOVER_AGE = dt.timedelta(hours=1)
"""No transaction that adds a file lasts that long."""


def photo_upload(*, by: Viewer, file: Readable, name: str, alt: str = "") -> Photo:
    """A photo that staff publish: they answer for it. See ``photo_add``.

    Raises:
        NotSignedIn, Forbidden: not staff of the county.
    """
    _check_staff(by)
    return photo_add(by=by, file=file, name=name, alt=alt, state=State.PUBLISHED)


def photo_add(*, by: Viewer, file: Readable, name: str, alt: str = "", state: str = State.PENDING) -> Photo:
    """Seal an original and make its public derivatives. The caller decides who may.

    Args:
        by: who uploads; the photo belongs to the county that is looked at.
        file: read from its present position.
        name: of the file on the uploader's machine; private.
        alt: what is seen, for those who do not see it; public.
        state: of moderation. Photos of citizens wait (``State.PENDING``).

    Raises:
        Invalid: empty, damaged, an over-long name or text.
        TooLarge: more than 25 MB or 50 megapixels.
        UnsupportedType: no JPEG, PNG, WebP or HEIC, or animated.
    """
    original_name = clean_name(name, otherwise="photo")
    text = _alts({"alt": alt})["alt"]
    data = read_limited(file, MAX_PHOTO_BYTES)
    picture = picture_read(data, WIDTHS)
    sha256, token = hashlib.sha256(data).hexdigest(), new_token()
    files = {store.photo_path(token, size): content for size, content in picture.derivatives.items()}
    with _written(token, sha256, files), transaction.atomic():
        sql.hold_content(sha256)
        path = store.seal(sha256, data)
        photo = _photo(by, picture, token=token, sha256=sha256, original_name=original_name, original_path=path)
        photo.size, photo.alt, photo.state = len(data), text, state
        photo.save(force_insert=True)
        audit_write(by=by, action="photo.add", obj=photo, changes={"sha256": [None, sha256], "state": [None, state]})
        transaction.on_commit(partial(store.journal_close, token), robust=True)
    return photo


def _photo(by: Viewer, picture: Picture, **fields: str) -> Photo:
    return Photo(
        county_id=by.county,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        taken_at=picture.taken_at,
        position=Point(*picture.lonlat, srid=4326) if picture.lonlat else None,
        uploaded_by_id=by.user_id,
        **fields,
    )


def document_add(*, by: Viewer, file: Readable, name: str, state: str = State.PUBLISHED) -> Document:
    """Keep a document (PDF, DOCX, XLSX, TXT, CSV); it is handed out as a download only, as it is.

    Raises:
        NotSignedIn, Forbidden: not staff of the county.
        Invalid: empty, damaged, an over-long name.
        TooLarge: more than 20 MB.
        UnsupportedType: another kind, or content that is not what the name says.
    """
    _check_staff(by)
    shown = clean_name(name, otherwise="")
    data = read_limited(file, MAX_DOCUMENT_BYTES)
    kind = document_type(data, shown)
    token, sha256 = new_token(), hashlib.sha256(data).hexdigest()
    path = store.document_path(token)
    with _written(token, "", {path: data}), transaction.atomic():
        document = Document.objects.create(
            county_id=by.county,
            token=token,
            sha256=sha256,
            name=shown,
            path=path,
            content_type=kind.value,
            size=len(data),
            state=state,
            uploaded_by_id=by.user_id,
        )
        audit_write(by=by, action="document.add", obj=document, changes={"sha256": [None, sha256]})
        transaction.on_commit(partial(store.journal_close, token), robust=True)
    return document


def document_rename(*, by: Viewer, document: Document, name: str) -> None:
    """Hand a document out under another name, for another app, which has decided so; its address changes with it."""
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(name=name)
        audit_write(by=by, action="document.rename", obj=document, changes={"name": ["", name]})


def photo_describe(*, by: Viewer, photo: Photo, **texts: str) -> Photo:
    """Change the text for those who do not see the picture, ``alt``, and the English one, ``alt_en``.

    Raises:
        NotSignedIn, Forbidden: neither the uploader nor a moderator.
        Invalid: an over-long text.
    """
    if not (by.user_id and by.user_id == photo.uploaded_by_id):
        _check_moderator(by, photo)
    return _change(by, photo, "photo.describe", _alts(texts))


def photo_moderate(*, by: Viewer, photo: Photo, state: str) -> Photo:
    """Publish or hide a photo.

    Raises:
        NotSignedIn, Forbidden: no moderator of the photo's county.
        Invalid: an unknown state.
    """
    if state not in State.values:
        raise Invalid(_("没有这个审核状态。"), field="state")
    _check_moderator(by, photo)
    return _change(by, photo, "photo.moderate", {"state": state})


@transaction.atomic
def photo_change(*, by: Viewer, photo: Photo, state: str | None = None, **texts: str) -> Photo:
    """``photo_describe`` and ``photo_moderate`` together: both, or neither.

    Raises:
        NotSignedIn, Forbidden, Invalid: as they do.
    """
    if texts:
        photo = photo_describe(by=by, photo=photo, **texts)
    if state is not None:
        photo = photo_moderate(by=by, photo=photo, state=state)
    return photo


def photo_amend(*, by: Viewer, photo: Photo, state: str | None = None, **texts: str) -> Photo:
    """Change ``alt``, ``alt_en`` or state for another app, whose own table of rights has decided who may.

    Raises:
        Invalid: an over-long text or an unknown state.
    """
    fields = _alts(texts)
    if state is not None:
        if state not in State.values:
            raise Invalid(_("没有这个审核状态。"), field="state")
        fields["state"] = state
    return _change(by, photo, "photo.amend", fields)


MOST_BOXES = 50


def photo_redact(*, by: Viewer, photo: Photo, boxes: Sequence[Box]) -> Photo:
    """Blur parts of a photo: its derivatives are made anew from the sealed original, under a new name.

    The boxes are added to those of before: what was blurred once stays so. The addresses of the old derivatives stop
    answering, and their files are removed. The original stays sealed. The caller decides who may.

    Raises:
        Invalid: no box, too many, or one that is not inside the picture.

    Cost: as ``photo_add``.
    """
    _check_boxes(boxes)
    with transaction.atomic():
        row = Photo.objects.select_for_update().get(pk=photo.pk)
        all_boxes = [Box(*one) for one in row.redactions] + list(boxes)
        if len(all_boxes) > MOST_BOXES:
            raise Invalid(_("最多遮挡 %d 处。") % MOST_BOXES, field="boxes")
        data = (Path(settings.SEALED_ROOT) / row.original_path).read_bytes()
        picture = picture_read(data, WIDTHS, all_boxes)
        old, new = row.token, new_token()
        files = {store.photo_path(new, size): content for size, content in picture.derivatives.items()}
        with _written(new, row.sha256, files):
            row.token, row.redactions = new, [list(astuple(box)) for box in all_boxes]
            row.save(update_fields=["token", "redactions"])
            changes = {"token": [old, new], "redactions": [len(all_boxes) - len(boxes), len(all_boxes)]}
            audit_write(by=by, action="photo.redact", obj=row, changes=changes)
            gone = tuple(store.photo_path(old, size) for size in WIDTHS)
            transaction.on_commit(partial(store.withdraw, gone), robust=True)
            transaction.on_commit(partial(store.journal_close, new), robust=True)
    return row


def _check_boxes(boxes: Sequence[Box]) -> None:
    for box in boxes:
        numbers = astuple(box)
        is_inside = all(math.isfinite(one) and 0 <= one <= 1 for one in numbers)
        if not (is_inside and box.width > 0 and box.height > 0 and box.x < 1 and box.y < 1):
            raise Invalid(_("遮挡框要在照片里面。"), field="boxes")
    if not boxes:
        raise Invalid(_("请画出要遮挡的地方。"), field="boxes")


def photo_discard(photo: Photo) -> None:
    """Remove a photo that nothing shows, files and all; the caller decides which. The audit keeps that it was there.

    Raises:
        ProtectedError: something shows it.
    """
    with transaction.atomic():
        files = tuple(store.photo_path(photo.token, size) for size in WIDTHS)
        Photo.objects.filter(pk=photo.pk).delete()
        _unseal_unused(photo.sha256)
        transaction.on_commit(partial(store.withdraw, files), robust=True)


def document_withdraw(*, by: Viewer, document: Document) -> None:
    """Stop handing a document out; the caller decides who may."""
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(state=State.HIDDEN)
        audit_write(by=by, action="document.withdraw", obj=document, changes={"state": [document.state, State.HIDDEN]})


def photo_unseal(*, by: Viewer, photo_id: int) -> Photo:
    """Note that ``by`` opens the sealed original, before it is opened.

    Raises:
        NotSignedIn, Forbidden: neither an official nor an administrator of the photo's county.
        NotFound: no such photo in the county that is looked at.
    """
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    photo = Photo.objects.filter(county_id=by.county, pk=photo_id).first() if by.may(Audience.GRID) else None
    if photo is None:
        raise NotFound(_("没有这张照片。"))
    if not by.has_role(*UNSEALERS) or not (by.has_role(Role.ADMIN) or by.covers(None)):
        raise Forbidden(_("只有本县领导和系统管理员可以查看原始照片。"))
    with transaction.atomic():
        audit_write(by=by, action="photo.unseal", obj=photo)
    return photo


def leftovers_remove() -> int:
    """Remove files whose row never came to be (a crash, a caller's transaction that failed); how many rows' worth."""
    limit = clock.now() - LEFTOVER_AGE
    return sum(_leftover_remove(entry) for entry in store.journal_entries() if entry.began < limit)


@contextmanager
def _written(token: str, sha256: str, files: Mapping[str, bytes]) -> Iterator[None]:
    """Write public files, then run the block that makes the row; when that fails, nothing stays.

    When the caller's own transaction fails later, the journal line stays, and ``leftovers_remove`` does the rest.
    """
    entry = store.Entry(token, sha256, tuple(files), clock.now().isoformat())
    store.journal_open(entry)
    try:
        for name, content in files.items():
            store.publish(name, content)
        yield
    except BaseException:
        with suppress(DatabaseError, OSError):
            _leftover_remove(entry)
        raise


def _leftover_remove(entry: store.Entry) -> bool:
    """Remove the files of ``entry`` unless its row exists."""
    with transaction.atomic():
        model: type[Photo | Document] = Photo if entry.sha256 else Document
        is_kept = model._default_manager.filter(token=entry.token).exists()
        if not is_kept:
            store.withdraw(entry.files)
            if entry.sha256 and not _unseal_unused(entry.sha256):
                return False  # somebody adds the same bytes right now; later
        store.journal_close(entry.token)
    return not is_kept


def _unseal_unused(sha256: str) -> bool:
    """Remove the original if no row names it; False when that can't be known now."""
    if not sql.claim_content(sha256):
        return False
    if not Photo.objects.filter(sha256=sha256).exists():
        store.unseal(sha256)
    return True


def _change(by: Viewer, photo: Photo, action: str, fields: Mapping[str, str]) -> Photo:
    with transaction.atomic():
        row = Photo.objects.select_for_update().get(pk=photo.pk)
        changes = changes_between({name: getattr(row, name) for name in fields}, fields)
        if changes:
            for name, value in fields.items():
                setattr(row, name, value)
            row.save(update_fields=list(fields))
            audit_write(by=by, action=action, obj=row, changes=changes)
    return row


def _alts(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by field as they are stored."""
    clean = {name: " ".join(text.replace("\x00", "").split()) for name, text in texts.items()}
    for name, text in clean.items():
        most = ALTS[name]
        if len(text) > most:
            raise Invalid(_("文字说明最多 %d 个字。") % most, field=name)
    return clean


def _check_staff(by: Viewer) -> None:
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    if not by.may(Audience.GRID) or by.has_role(Role.ADMIN):
        raise Forbidden(_("只有本县工作人员可以上传。"))


def _check_moderator(by: Viewer, photo: Photo) -> None:
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    is_inside = photo.county_id == by.county and by.covers(None)
    if not (by.has_role(*MODERATORS) and is_inside):
        raise Forbidden(_("只有本县受理员、督查员和领导可以审核照片。"))
