"""Rows and files stay together, whatever fails; who may do what."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import threading
import zipfile
from pathlib import Path

import pytest
from django.db import connection, transaction

from accounts.selectors import viewer_of
from kernel import clock
from kernel.errors import DomainError, Forbidden, Invalid, NotFound, NotSignedIn, TooLarge, UnsupportedType
from kernel.periodic import jobs
from kernel.viewer import Role
from media import services, tasks
from media.models import Document, Photo, State
from media.pipeline import limits, store
from media.services import document_add, leftovers_remove, photo_add, photo_moderate, photo_unseal, photo_upload
from records.models import AuditEvent
from tests.factories import media, people, places

pytestmark = pytest.mark.django_db
JPEG = media.jpeg()


def files(folders: Path) -> set[str]:
    """All files below both folders, the journal apart."""
    found = (path.relative_to(folders).as_posix() for path in folders.rglob("*") if path.is_file())
    return {name for name in found if "/.journal/" not in name}


def journal(folders: Path) -> int:
    return len(list((folders / "sealed" / ".journal").glob("*.json")))


def test_a_photo_is_sealed_and_published(folders, django_capture_on_commit_callbacks):
    data = media.jpeg((1700, 1200), exif=media.exif((119.97, 30.53), "2026:05:31 08:30:00"))
    with clock.freeze("2026-06-30"), django_capture_on_commit_callbacks(execute=True):
        photo = media.photo(data=data, name="C:\\相册\\IMG_7.jpg", alt="  新井盖 ")
    sha256 = hashlib.sha256(data).hexdigest()
    assert (photo.sha256, photo.size, photo.width, photo.height) == (sha256, len(data), 1700, 1200)
    assert (photo.original_name, photo.alt, photo.content_type) == ("IMG_7.jpg", "新井盖", "image/jpeg")
    assert photo.taken_at == dt.datetime(2026, 5, 31, 8, 30, tzinfo=clock.ZONE)
    assert (photo.position.x, photo.position.y) == pytest.approx((119.97, 30.53), abs=1e-6)
    shelf = f"media/p/{photo.token[:2]}/{photo.token}"
    assert files(folders) == {
        f"sealed/{sha256[:2]}/{sha256}",
        *(f"{shelf}-{s}.jpg" for s in ("thumb", "medium", "large")),
    }
    sealed = folders / "sealed" / sha256[:2] / sha256
    assert sealed.read_bytes() == data
    assert sealed.stat().st_mode & 0o777 == 0o400
    assert sealed.parent.stat().st_mode & 0o777 == sealed.parent.parent.stat().st_mode & 0o777 == 0o700
    assert journal(folders) == 0
    event = AuditEvent.objects.get(action="photo.add")
    assert (event.object_id, event.changes["sha256"]) == (str(photo.pk), [None, sha256])


def test_equal_bytes_are_sealed_once(folders):
    first, second = media.photo(data=JPEG), media.photo(data=JPEG)
    assert first.token != second.token
    assert len([name for name in files(folders) if name.startswith("sealed/")]) == 1


def broken(*args, **kwargs):
    raise OSError("disk is full")


@pytest.mark.parametrize("step", ["sealing", "second derivative", "row", "audit"])
def test_a_failure_leaves_nothing(folders, monkeypatch, step):
    by = media.uploader()
    if step == "sealing":
        monkeypatch.setattr(store, "seal", broken)
    elif step == "second derivative":
        publish = store.publish
        monkeypatch.setattr(store, "publish", lambda name, data: (broken if "medium" in name else publish)(name, data))
    elif step == "row":
        monkeypatch.setattr(Photo, "save", broken)
    else:
        monkeypatch.setattr(services, "audit_write", broken)
    with pytest.raises(OSError, match="full"):
        media.photo(by)
    assert files(folders) == set()
    assert journal(folders) == 0
    assert not Photo.objects.exists()


def test_a_failure_keeps_the_original_of_another_photo(folders, monkeypatch):
    kept = media.photo(data=JPEG)
    monkeypatch.setattr(services, "audit_write", broken)
    with pytest.raises(OSError, match="full"):
        media.photo(media.uploader(), data=JPEG)
    assert f"sealed/{kept.sha256[:2]}/{kept.sha256}" in files(folders)
    assert len(files(folders)) == 4


@pytest.mark.django_db(transaction=True)
def test_a_callers_failure_is_tidied_later(folders):
    by = media.uploader()
    with clock.freeze("2026-06-30T10:00"), transaction.atomic():
        media.photo(by)
        document_add(by=by, file=io.BytesIO(media.PDF), name="a.pdf")
        transaction.set_rollback(True)
    kept = media.photo(by, data=JPEG)
    assert not Document.objects.exists()
    assert len(files(folders)) == 4 + 4  # equal bytes: one original; three derivatives and a document too many
    with clock.freeze("2026-06-30T10:30"):
        assert leftovers_remove() == 0
    with clock.freeze("2026-06-30T11:01"):
        assert leftovers_remove() == 2
    assert len(files(folders)) == 4
    assert (folders / "sealed" / kept.original_path).read_bytes() == JPEG
    assert journal(folders) == 0


@pytest.mark.django_db(transaction=True)
def test_tidying_waits_for_an_upload_of_the_same_bytes(folders):
    """Between another upload's check of the sealed file and its commit, the file must not go."""
    by = media.uploader()
    with clock.freeze("2026-06-30T10:00"), transaction.atomic():
        media.photo(by, data=JPEG)
        transaction.set_rollback(True)
    results: list[int] = []

    def tidy():
        with clock.freeze("2026-06-30T12:00"):
            results.append(leftovers_remove())
        connection.close()

    with transaction.atomic():
        kept = media.photo(by, data=JPEG)
        thread = threading.Thread(target=tidy)
        thread.start()
        thread.join()
    assert results == [0]
    assert (folders / "sealed" / kept.original_path).exists()
    tidy()
    assert results == [0, 1]
    assert (folders / "sealed" / kept.original_path).exists()
    assert journal(folders) == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_photo_four_times_at_once(folders):
    by, errors = media.uploader(), []

    def add():
        try:
            media.photo(by, data=JPEG)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Photo.objects.count() == 4
    assert len(files(folders)) == 1 + 4 * 3
    assert journal(folders) == 0


@pytest.mark.parametrize("role", people.ROLES)
@pytest.mark.parametrize("at_home", [True, False])
def test_who_may_upload(role, at_home):
    by = people.viewer()
    if role:
        home = places.COUNTY if at_home else "990522"
        by = viewer_of(people.user(role, county=home, jurisdiction=[home]), places.COUNTY)
    outcome: list[object] = []
    for add, data, name in ((photo_upload, JPEG, "a.jpg"), (document_add, media.PDF, "a.pdf")):
        try:
            add(by=by, file=io.BytesIO(data), name=name)
            outcome.append(True)
        except DomainError as error:
            outcome.append(type(error))
    allowed = at_home and role not in (None, Role.CITIZEN, Role.ADMIN)
    assert outcome == [True if allowed else NotSignedIn if role is None else Forbidden] * 2


@pytest.mark.parametrize("role", people.ROLES)
@pytest.mark.parametrize("area", ["990521", "990521003", "990522"])
def test_who_may_moderate_and_unseal(role, area):
    photo = media.photo()
    by = people.viewer()
    if role:
        by = viewer_of(people.user(role, county=area[:6], jurisdiction=[area]), places.COUNTY)
    may = {"moderate": True, "unseal": True}
    for name, act in (
        ("moderate", lambda: photo_moderate(by=by, photo=photo, state=State.HIDDEN)),
        ("unseal", lambda: photo_unseal(by=by, photo_id=photo.pk)),
    ):
        try:
            act()
        except (NotSignedIn, Forbidden, NotFound):
            may[name] = False
    whole_county, at_home = area == "990521", area.startswith("990521")
    assert may["moderate"] == (whole_county and role in (Role.DESK, Role.SUPERVISOR, Role.OFFICIAL))
    assert may["unseal"] == ((whole_county and role is Role.OFFICIAL) or (at_home and role is Role.ADMIN))
    assert AuditEvent.objects.filter(action="photo.unseal").count() == may["unseal"]
    assert AuditEvent.objects.filter(action="photo.moderate").count() == may["moderate"]


def test_moderation_is_noted_once():
    photo, by = media.photo(state=State.PENDING), media.uploader()
    assert photo_moderate(by=by, photo=photo, state="published").state == "published"
    photo_moderate(by=by, photo=photo, state="published")
    assert [event.changes for event in AuditEvent.objects.filter(action="photo.moderate")] == [
        {"state": ["pending", "published"]}
    ]
    with pytest.raises(Invalid):
        photo_moderate(by=by, photo=photo, state="shown")


def office(part: str, **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"[Content_Types].xml": b"<Types/>", part: b"<x/>", **more}.items():
            archive.writestr(name, data)
    return out.getvalue()


DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")
DOCUMENTS = {
    "pdf": ("环评报告.pdf", media.PDF, "application/pdf"),
    "capital": ("A.PDF", media.PDF, "application/pdf"),
    "docx": ("补偿.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("进度.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "txt": ("a.txt", "公示\r\n".encode(), "text/plain"),
    "gb txt": ("a.txt", "公示，五天".encode("gb18030"), "text/plain"),
    "csv": ("a.csv", b"\xef\xbb\xbfa,b\r\n1,2\r\n", "text/csv"),
    "pdf cut": ("a.pdf", b"%PDF-1.4 ....", Invalid),
    "docx cut": ("a.docx", DOCX[:-30], Invalid),
    "empty": ("a.pdf", b"", Invalid),
    "exe": ("a.exe", b"MZ....", UnsupportedType),
    "exe as pdf": ("a.pdf", b"MZ\x90\0....", UnsupportedType),
    "html as pdf": ("a.pdf", b"<html></html>", UnsupportedType),
    "html": ("a.html", b"<html></html>", UnsupportedType),
    "svg": ("a.svg", b"<svg/>", UnsupportedType),
    "docx as xlsx": ("a.xlsx", DOCX, UnsupportedType),
    "zip as docx": ("a.docx", office("readme"), UnsupportedType),
    "macros": ("a.docx", office("word/document.xml", **{"word/vbaProject.bin": b"x"}), UnsupportedType),
    "bomb": ("a.xlsx", office("xl/workbook.xml", **{"xl/sheet1.xml": bytes(limits.MAX_UNPACKED_BYTES + 1)}), TooLarge),
    "binary txt": ("a.txt", b"abc\x00\x01", UnsupportedType),
    "no suffix": ("report", media.PDF, UnsupportedType),
    "double suffix": ("report.pdf.exe", media.PDF, UnsupportedType),
    "long name": ("长" * 130 + ".pdf", media.PDF, Invalid),
    "20 MB": ("a.pdf", media.PDF + bytes(limits.MAX_DOCUMENT_BYTES), TooLarge),
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_documents_by_their_content(case, folders):
    name, data, expected = DOCUMENTS[case]
    by = media.uploader()
    if isinstance(expected, str):
        document = document_add(by=by, file=io.BytesIO(data), name=name)
        assert (document.name, document.content_type, document.size) == (name, expected, len(data))
        assert (folders / "media" / document.path).read_bytes() == data
    else:
        with pytest.raises(expected):
            document_add(by=by, file=io.BytesIO(data), name=name)
        assert files(folders) == set()


def test_over_large_photos_are_refused(folders):
    with pytest.raises(TooLarge) as raised:
        photo_add(by=media.uploader(), file=io.BytesIO(JPEG + bytes(limits.MAX_PHOTO_BYTES)), name="a.jpg")
    assert raised.value.code == "file_too_large"
    with pytest.raises(Invalid):
        photo_add(by=media.uploader(), file=io.BytesIO(JPEG), name="a.jpg", alt="长" * 201)
    assert files(folders) == set()


def test_leftovers_are_removed_by_a_periodic_job():
    job = jobs["media.leftovers"]
    assert job.every_s == 3600
    assert tasks.leftovers_remove.func() == 0
