"""A report comes in: place, numbers, code, one sending once, and what nobody else reads."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection
from django.test import Client

from incidents.api.pace import ReportPace, TrackPace
from incidents.models import Attachment, Report, Reporter, Submission
from incidents.services.naming import code_hash
from kernel import sealed
from kernel.gate import Gate, gates
from kernel.geo import wgs84_to_bd09, wgs84_to_gcj02
from kernel.viewer import Role
from records.models import AuditEvent, HistoryEvent, OutboxMessage
from records.selectors import history_findings
from tests.factories import incidents, media, people, places

pytestmark = pytest.mark.django_db
LON, LAT = places.lonlat("990521003007001")
BODY = {"lon": LON, "lat": LAT, "text": "路灯坏了三天了，请打13800138000联系", "category": "lamp"}


def post(body, key="", client=None, **headers):
    headers |= {"Idempotency-Key": key} if key else {}
    return (client or Client()).post(
        "/api/incidents/", json.dumps(body), content_type="application/json", headers=headers
    )


def test_a_report_finds_its_place_its_number_and_its_deadline(village):
    answer = post(BODY)
    assert answer.status_code == 201, answer.content
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    row = Report.objects.get(number=told["number"])
    assert told["number"].startswith("2606-")
    assert len(told["number"]) == 10
    assert (row.village_id, row.grid_id) == ("990521003007", "990521003007001")
    assert told["accept_by"] == "2026-07-01T23:59:59+08:00", "one working day"
    assert told["link"] == f"/track/{told['code']}"
    assert len(told["code"].replace("-", "")) * 5 >= 60, "bits"
    assert Reporter.objects.get(report=row).code_hash == code_hash(told["code"].lower().replace("-", " "))
    assert (row.title, row.state, row.channel) == ("路灯坏了三天了", "submitted", "web")
    assert HistoryEvent.objects.get(object_type="incidents.report").move == "submit"
    assert list(history_findings()) == []


@pytest.mark.parametrize(
    "crs, shift, source",
    [("wgs84", None, "EPSG:4326"), ("gcj02", wgs84_to_gcj02, "GCJ-02"), ("bd09", wgs84_to_bd09, "BD-09")],
)
def test_offset_systems_are_converted_at_the_door(village, crs, shift, source):
    lon, lat = shift((LON, LAT)) if shift else (LON, LAT)
    post(BODY | {"lon": lon, "lat": lat, "crs": crs})
    row = Report.objects.get()
    assert (row.geom.x, row.geom.y) == pytest.approx((LON, LAT), abs=1e-6)
    assert row.crs_source == source


def test_outside_every_village_belongs_to_the_county(village):
    post(BODY | dict(zip(("lon", "lat"), places.lonlat("990521"), strict=True)))
    assert Report.objects.get().village_id is None


@pytest.mark.parametrize(
    "change, status, code, field",
    [
        ({"lon": 100.0}, 400, "outside_county", "lon"),
        ({"text": "坏"}, 400, "text_too_short", "text"),
        ({"text": "长" * 2001}, 400, "text_too_long", "text"),
        ({"category": "nothing"}, 400, "unknown_category", "category"),
        ({"crs": "mars"}, 400, "invalid", "crs"),
        ({"photos": ["0" * 32]}, 400, "unknown_upload", "photos"),
        ({"photos": ["0" * 32] * 10}, 400, "count_of_files", "photos"),
        ({"contact": {"phone": "12"}}, 400, "not_a_number", "contact.phone"),
        ({"contact": {"email": "no"}}, 400, "not_an_email", "contact.email"),
        ({"colour": "red"}, 400, "invalid", "colour"),
        ({"lon": None}, 400, "invalid", "lon"),
        ({"asset": {"layer": "ghosts", "id": "1"}}, 400, "invalid", "asset"),
        ({"attributes": {"a": [1]}}, 400, "invalid", "attributes"),
    ],
)
def test_what_is_refused(village, change, status, code, field):
    answer = post(BODY | change)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("category", "given", "kept"),
    [
        ("pole", {"pole": "A-17", "lit": False, "count": 2}, {"pole": "A-17", "lit": False, "count": 2}),
        ("pole", {"pole": "A-17", "days": ["mon", "tue"]}, {"pole": "A-17", "days": ["mon", "tue"]}),
        ("pole", {}, None),
        ("pole", {"pole": "  "}, None),
        ("pole", {"pole": "A-17", "colour": "red"}, None),
        ("pole", {"pole": "A-17", "count": "many"}, None),
        ("pole", {"pole": "A-17", "count": 7}, None),
        ("pole", {"pole": "A-17", "days": ["someday"]}, None),
        ("pole", {"pole": {"a": 1}}, None),
        ("", {}, {}),
        ("", {"pole": "A-17"}, None),
    ],
)
def test_answers_are_checked_as_those_of_open311(village, category, given, kept):
    days = {"type": "array", "items": {"enum": ["mon", "tue"]}}
    asked = {"pole": {"type": "string"}, "lit": {"type": "boolean"}, "days": days}
    asked["count"] = {"type": "integer", "minimum": 1, "maximum": 6}
    incidents.category("pole", attributes={"type": "object", "properties": asked, "required": ["pole"]})
    answer = post(BODY | {"category": category, "attributes": given})
    if kept is None:
        assert (answer.status_code, answer.json()["field"]) == (400, "attributes")
    else:
        assert answer.status_code == 201
        assert Report.objects.get().attributes == kept


def test_unknown_parameters_are_refused(village):
    assert Client().post("/api/incidents/?x=1", {}, content_type="application/json").status_code == 400
    assert Client().get("/api/incidents/?colour=red").status_code == 400
    assert Client().get("/api/incidents/?status=red").status_code == 400


def test_contacts_are_encrypted_and_anonymous_ones_are_not_kept(village):
    contact = {"name": "canary-name", "phone": "13900001234", "email": "canary@example.org"}
    post(BODY | {"contact": contact})
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM incidents_reporter r")
        stored = cursor.fetchone()[0]
    assert not any(value in stored for value in contact.values())
    row = Reporter.objects.get()
    assert sealed.unseal(row.phone) == "13900001234"
    assert row.phone_hash == sealed.digest("13900001234", "phone")
    post(BODY | {"contact": contact, "confidence": "anonymous"})
    last = Reporter.objects.order_by("-pk").first()
    assert (bytes(last.name), bytes(last.phone), bytes(last.email), last.phone_hash) == (b"", b"", b"", "")


def test_nothing_private_is_in_the_audit_the_history_or_the_outbox(village):
    contact = {"name": "canary-name", "phone": "13900001234", "email": "canary@example.org"}
    code = post(BODY | {"contact": contact, "address": "canary-address"}).json()["code"]
    rows = [*AuditEvent.objects.values(), *HistoryEvent.objects.values(), *OutboxMessage.objects.values()]
    assert rows
    for secret in (*contact.values(), "canary-address", "13800138000", code):
        assert secret not in json.dumps(rows, default=str, ensure_ascii=False)
    told, asked = OutboxMessage.objects.order_by("pk")
    assert (told.channel, asked.channel) == ("none", "reporter"), "the address is asked before it is told anything"


def test_the_category_is_proposed_by_the_text(village):
    post({"lon": LON, "lat": LAT, "text": "半夜工地太吵了，噪音受不了"})
    assert Report.objects.get().category.code == "noise"
    post({"lon": LON, "lat": LAT, "text": "随便说说一件事情"})
    assert Report.objects.order_by("-pk").first().category.code == "other"


@pytest.mark.parametrize(
    "category, confidence, public",
    [("lamp", "named", True), ("abuse", "named", False), ("lamp", "confidential", False)],
)
def test_sensitive_and_confidential_ones_are_never_public(village, category, confidence, public):
    post(BODY | {"category": category, "confidence": confidence})
    assert Report.objects.get().is_public is public


# ---------------------------------------------------------------- one sending, one report


def test_a_repeated_sending_gets_the_same_answer(village):
    first, second = post(BODY, "draft-0001").json(), post(BODY, "draft-0001").json()
    assert first == second
    assert Report.objects.count() == 1
    assert first["code"].encode() not in bytes(Submission.objects.get().answer)
    other = post(BODY | {"text": "另一件事情的内容"}, "draft-0001")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert post(BODY, "draft-0002").json()["number"] != first["number"]
    assert post(BODY, "short").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_sendings_make_one_report():
    places.grid()
    from tests.factories import incidents

    incidents.category("lamp")
    answers, start = [], threading.Barrier(20)

    def send():
        start.wait()
        try:
            answer = post(BODY, "draft-parallel")
            answers.append((answer.status_code, json.dumps(answer.json(), sort_keys=True)))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert len(set(answers)) == 1, answers
    assert answers[0][0] == 201
    assert (Report.objects.count(), Reporter.objects.count(), Submission.objects.count()) == (1, 1, 1)


# ---------------------------------------------------------------- photos


def upload(data=None, client=None):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("IMG.jpg", data or media.jpeg(exif=media.exif((LON, LAT))), "image/jpeg")
    return (client or Client()).post("/api/incidents/photos", {"file": file})


def test_photos_wait_for_their_form_unseen(village):
    told = upload().json()
    assert told["thumb"].startswith("data:image/jpeg;base64,")
    assert (told["position"]["lon"], told["position"]["lat"]) == pytest.approx((LON, LAT), abs=1e-5)
    token = told["token"]
    path = f"/media/p/{token[:2]}/{token}-thumb.jpg"
    assert Client().get(path).status_code == 404, "pending"
    assert post(BODY | {"photos": [token]}).status_code == 201
    assert Attachment.objects.get().report == Report.objects.get()
    assert Client().get(path).status_code == 404, "still pending"
    again = post(BODY | {"photos": [token]})
    assert (again.status_code, again.json()["code"]) == (400, "unknown_upload"), "it hangs on another report"
    Attachment.objects.get().photo.__class__.objects.update(state="published")
    assert Client().get(path).status_code == 404, "the report is not public yet"


def test_a_photo_of_something_else_cannot_be_attached(village):
    foreign = media.photo()
    assert post(BODY | {"photos": [foreign.token]}).json()["code"] == "unknown_upload"


def test_uploads_without_a_form_are_removed(village, django_capture_on_commit_callbacks):
    from incidents.services import uploads_prune
    from kernel import clock
    from media.models import Photo
    from media.selectors import original_file, photo_file

    upload()
    photo = Photo.objects.get()
    paths = [photo_file(photo, "thumb"), original_file(photo)]
    assert uploads_prune() == 0
    with clock.freeze("2026-07-03"), django_capture_on_commit_callbacks(execute=True):
        assert uploads_prune() == 1
    assert not Photo.objects.exists()
    assert not any(path.exists() for path in paths)


# ---------------------------------------------------------------- who sends, how often


def test_an_agent_reports_on_behalf_of_somebody(village):
    client = Client()
    agent = people.user(Role.VILLAGE_AGENT, jurisdiction=["990521003007"])
    client.force_login(agent)
    assert post(BODY, client=client).status_code == 201
    row = Report.objects.get()
    assert (row.channel, row.filed_by) == ("agent", agent)


def test_one_address_is_slowed_down(village, monkeypatch):
    monkeypatch.setattr(ReportPace, "rate", "2/hour")
    assert [post(BODY).status_code for _ in range(3)] == [201, 201, 429]
    assert Client().get("/api/incidents/").status_code == 200, "reading is free"


def test_codes_are_tried_at_one_pace_by_page_and_api(village, monkeypatch):
    monkeypatch.setattr(TrackPace, "rate", "2/min")
    faces = ("/track", "/track/0000-0000-00000", "/api/incidents/track/0000-0000-00000", "/track/0000-0000-00001")
    answers = [Client().get(face, headers={"accept": "text/html, */*"}) for face in faces]
    assert [one.status_code for one in answers] == [200, 404, 404, 429]
    assert answers[-1].content.decode().startswith("<!doctype html>")
    assert answers[-1].headers["Retry-After"]


def test_a_captcha_is_off_until_the_county_registers_one(village):
    assert post(BODY).status_code == 201
    gates.add(Gate("test", lambda answer, client: answer == "7"))
    try:
        assert post(BODY).json()["code"] == "captcha"
        assert post(BODY, **{"X-Captcha": "7"}).status_code == 201
    finally:
        gates.remove("test")
