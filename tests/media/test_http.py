"""Files and uploads over HTTP: headers, who sees what, and errors in the one shape."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.selectors import viewer_of
from kernel.viewer import Role
from media.models import Document, Photo, State
from media.pipeline import limits
from media.selectors import document_link, original_file, photo_urls
from media.services import photo_moderate
from records.models import AuditEvent
from tests.factories import media, people, places

pytestmark = pytest.mark.django_db


def client_of(role: Role | None, county: str = places.COUNTY, area: str = "") -> Client:
    client = Client()
    if role:
        client.force_login(people.user(role, county=county, jurisdiction=[area or county]))
    return client


@pytest.mark.parametrize("size", ["thumb", "medium", "large"])
def test_a_published_photo_is_served(size):
    photo = media.photo()
    url = photo_urls(photo)[size]
    response = Client().get(url, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert "Content-Encoding" not in response.headers
    body = response.getvalue()
    assert body.startswith(b"\xff\xd8")
    assert int(response.headers["Content-Length"]) == len(body)
    again = Client().get(url, headers={"if-none-match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().post(url).status_code == 405


def test_what_is_shown_of_a_photo():
    photo = media.photo(data=media.jpeg((3200, 2400), exif=media.exif(taken="2026:05:31 23:30:00", offset="+00:00")))
    shown = photo_urls(photo)
    assert shown == {
        "thumb": f"/media/p/{photo.token[:2]}/{photo.token}-thumb.jpg",
        "medium": f"/media/p/{photo.token[:2]}/{photo.token}-medium.jpg",
        "large": f"/media/p/{photo.token[:2]}/{photo.token}-large.jpg",
        "alt": "沟槽里的蓝色供水管",
        "taken_on": "2026-06-01",
        "width": 1600,
        "height": 1200,
    }


@pytest.mark.parametrize("state", [State.PENDING, State.HIDDEN])
def test_unpublished_photos_exist_for_staff_of_the_county_only(state):
    photo = media.photo(state=state)
    url = photo_urls(photo)["thumb"]
    seen = {role: client_of(role).get(url).status_code for role in people.ROLES}
    staff = set(Role) - {Role.CITIZEN, Role.ADMIN}  # they answer for no place
    assert {role for role, status in seen.items() if status == 200} == staff
    assert set(seen.values()) == {200, 404}
    assert client_of(Role.OFFICIAL, "990522").get(url).status_code == 404
    assert client_of(Role.GRID_MANAGER, area="990521003007").get(url).status_code == 404
    assert client_of(Role.OFFICIAL).get(url).headers["Cache-Control"] == "private, no-store"


def test_a_hidden_photo_is_gone_even_for_caches_that_ask():
    photo = media.photo()
    url = photo_urls(photo)["thumb"]
    etag = Client().get(url).headers["ETag"]
    photo_moderate(by=media.uploader(), photo=photo, state=State.HIDDEN)
    assert Client().get(url, headers={"if-none-match": etag}).status_code == 404


def test_odd_addresses_of_photos_are_404():
    photo = media.photo()
    url = photo_urls(photo)["thumb"]
    for odd in (
        url.replace(photo.token[:2] + "/", "zz/"),
        url.replace(f"/{photo.token[:2]}/", "/00/" if photo.token[:2] != "00" else "/01/"),
        url.replace("thumb", "huge"),
        url.replace(photo.token, "0" * 32),
        "/media/p/../../sealed/x",
        "/media/" + photo.original_path,
        "/media/p/" + photo.token,
    ):
        assert Client().get(odd).status_code == 404, odd
    original_file(photo).parent.parent.parent.joinpath(
        "media", "p", photo.token[:2], f"{photo.token}-thumb.jpg"
    ).unlink()
    assert Client().get(url).status_code == 404


def test_a_document_is_a_sandboxed_download():
    document = media.document(name="环评 报告.pdf")
    response = Client().get(document_link(document)["url"])
    assert response.status_code == 200
    assert response.getvalue() == media.PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%8E%AF")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert Client().get(f"/media/d/{document.token}/other.pdf").status_code == 404
    Document.objects.update(state=State.HIDDEN)
    assert Client().get(document_link(document)["url"]).status_code == 404


def test_an_original_is_opened_with_an_audit_row():
    data = media.jpeg(exif=media.exif((119.97, 30.53), text="canary-private"))
    photo = media.photo(data=data, name="私人.jpg")
    url = f"/media/original/{photo.pk}"
    seen = {role: client_of(role).get(url).status_code for role in people.ROLES}
    assert {role for role, status in seen.items() if status == 200} == {Role.OFFICIAL, Role.ADMIN}
    assert set(seen.values()) == {200, 401, 403, 404}
    assert AuditEvent.objects.filter(action="photo.unseal", object_id=str(photo.pk)).count() == 2
    assert client_of(Role.OFFICIAL, "990522").get(url).status_code == 404
    response = client_of(Role.OFFICIAL).get(url)
    assert response.getvalue() == data
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert client_of(Role.OFFICIAL).get("/media/original/999999").status_code == 404


def upload(data: bytes, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def test_staff_upload_a_photo():
    response = client_of(Role.GRID_MANAGER).post("/api/photos/", {"file": upload(media.jpeg()), "alt": "井盖"})
    assert response.status_code == 201
    body, photo = response.json(), Photo.objects.get()
    assert body == {"id": photo.pk, **photo_urls(photo), "alt_en": "", "state": "published", "has_position": False}
    assert body["alt"] == "井盖"
    assert Client().get(body["large"]).status_code == 200
    document = client_of(Role.DESK).post("/api/documents/", {"file": upload(media.PDF, "公示.pdf")})
    assert document.status_code == 201
    assert document.json()["title"] == "公示.pdf"
    assert Client().get(document.json()["url"]).status_code == 200


def test_a_photo_is_described_and_hidden():
    photo = media.photo()
    url = f"/api/photos/{photo.pk}/"
    official = client_of(Role.OFFICIAL)
    changed = official.patch(url, {"alt": "新的说明", "state": "hidden"}, "application/json")
    assert (changed.status_code, changed.json()["alt"], changed.json()["state"]) == (200, "新的说明", "hidden")
    assert Client().get(url).status_code == 404
    assert official.get(url).json()["alt"] == "新的说明"
    assert official.patch(url, {"state": "gone"}, "application/json").status_code == 400
    assert client_of(Role.DESK).patch(url, {"alt": "长" * 300}, "application/json").status_code == 400
    assert Client().patch(url, {"alt": "x"}, "application/json").status_code == 401
    agent = client_of(Role.VILLAGE_AGENT, area="990521003007")
    assert agent.patch(url, {"alt": "x"}, "application/json").status_code == 404


def test_photos_cannot_be_counted_through():
    """A published photo may belong to a project that is not; its number must not lead to it."""
    url = f"/api/photos/{media.photo(alt='canary').pk}/"
    seen = {role: client_of(role).get(url).status_code for role in people.ROLES}
    assert {role for role, status in seen.items() if status == 200} == set(Role) - {Role.CITIZEN, Role.ADMIN}
    assert client_of(Role.GRID_MANAGER, area="990521003007").get(url).status_code == 404
    assert client_of(Role.OFFICIAL, "990522").get(url).status_code == 404


def test_a_change_that_is_refused_in_part_is_refused_as_a_whole():
    user = people.user(Role.VILLAGE_AGENT, jurisdiction=["990521003007"])
    client = Client()
    client.force_login(user)
    photo = media.photo(viewer_of(user, places.COUNTY))
    url = f"/api/photos/{photo.pk}/"
    assert client.patch(url, {"alt": "新", "state": "hidden"}, "application/json").status_code == 403
    photo.refresh_from_db()
    assert (photo.alt, photo.state) == ("沟槽里的蓝色供水管", State.PUBLISHED)
    assert client.patch(url, {"alt": "新"}, "application/json").json()["alt"] == "新"


BAD = {
    "no file": ({}, 400, "one_file"),
    "text for a file": ({"file": "text"}, 400, "one_file"),
    "two files": ({"file": [upload(b"1"), upload(b"2")]}, 400, "one_file"),
    "other name": ({"photo": upload(b"1")}, 400, "one_file"),
    "damaged": ({"file": upload(media.jpeg()[:-900])}, 400, "damaged_picture"),
    "disguised": ({"file": upload(b"%PDF-1.4 %%EOF")}, 415, "unsupported_type"),
    "empty": ({"file": upload(b"")}, 400, "empty_file"),
    "long name": ({"file": upload(media.jpeg(), "长" * 130 + ".jpg")}, 400, "name_too_long"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_uploads(case, language):
    form, status, code = BAD[case]
    for value in form.values():
        for file in value if isinstance(value, list) else [value]:
            if hasattr(file, "seek"):
                file.seek(0)
    response = client_of(Role.OFFICIAL).post(f"/api/photos/?lang={language}", form)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["message"]
    assert not Photo.objects.exists()


def test_uploads_that_are_no_form_or_too_long():
    official = client_of(Role.OFFICIAL)
    assert official.post("/api/photos/", {"file": "x"}, "application/json").status_code == 415
    cut = official.generic("POST", "/api/photos/", b"--b\r\nContent-Dis", "multipart/form-data; boundary=b")
    assert (cut.status_code, set(cut.json()) >= {"code", "message"}) == (400, True)
    nameless = official.generic("POST", "/api/photos/", b"xxxx", "multipart/form-data")
    assert nameless.status_code == 400
    length = str(limits.MAX_PHOTO_BYTES + 2 * 2**20)
    long = official.generic("POST", "/api/photos/", b"", "multipart/form-data; boundary=b", CONTENT_LENGTH=length)
    assert (long.status_code, long.json()["code"]) == (413, "file_too_large")
    assert official.post("/api/photos/?limt=3").json()["code"] == "unknown_parameter"
    assert Client().post("/api/photos/", {"file": upload(media.jpeg())}).status_code == 401
    assert client_of(Role.CITIZEN).post("/api/photos/", {"file": upload(media.jpeg())}).status_code == 403


def test_a_write_needs_the_token_of_this_site():
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.user(Role.OFFICIAL))
    response = client.post("/api/photos/", {"file": upload(media.jpeg())})
    assert response.status_code == 403
    assert not Photo.objects.exists()
