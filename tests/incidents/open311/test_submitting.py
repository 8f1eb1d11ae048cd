"""Reports that come in over Open311: keys, fields, places, questions, one sending once, and what is kept of whom."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client
from jsonschema import validate

from accounts.models import ApiKey
from incidents.models import Report, Reporter
from incidents.services.naming import code_hash
from kernel import sealed
from places.models import Place
from records.models import AuditEvent, HistoryEvent
from tests.factories import media, places
from tests.incidents.open311 import schemas

pytestmark = pytest.mark.django_db
LON, LAT = places.lonlat("990521003007001")
LAMP = {"service_code": "lamp", "lat": LAT, "long": LON, "description": "路灯坏了三天了", "attribute[pole]": "A-17"}


def post(form, key="", suffix="json", sending="", query=""):
    headers = {"Idempotency-Key": sending} if sending else {}
    body = {**({"api_key": key} if key else {}), **{name: value for name, value in form.items() if value is not None}}
    return Client().post(f"/open311/v2/requests.{suffix}{query}", body, headers=headers)


def refused(answer, status, said=""):
    assert answer.status_code == status, answer.content
    validate(answer.json(), schemas.ERRORS)
    assert answer.json()[0]["code"] == status
    assert said in answer.json()[0]["description"]
    assert not Report.objects.exists()


def test_a_report(village, key):
    person = {"first_name": "人", "last_name": "来电", "phone": "13900001234", "email": "canary@example.org"}
    more = {"device_id": "canary-device", "account_id": "canary-account", "address_string": "canary-address"}
    answer = post(LAMP | person | more, key)
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    validate(answer.json(), schemas.CREATED)
    (told,) = answer.json()
    row = Report.objects.get()
    assert (told["service_request_id"], told["account_id"]) == (row.number, "canary-account")
    code = told["service_notice"].partition("查询码 ")[2].partition("，")[0]
    reporter = Reporter.objects.get()
    assert reporter.code_hash == code_hash(code), "the tracking code is in the notice, which clients show"
    assert "http://testserver/track" in told["service_notice"]
    assert (row.channel, row.state, row.category.code, row.text) == ("open311", "submitted", "lamp", "路灯坏了三天了")
    assert row.attributes == {"pole": "A-17"}
    assert (row.village_id, row.address) == ("990521003007", "canary-address")
    assert sealed.unseal(reporter.name) == "来电人"
    assert sealed.unseal(reporter.phone) == "13900001234"
    assert HistoryEvent.objects.get().actor_label == "open311 · 热线"
    rows = [*AuditEvent.objects.values(), *HistoryEvent.objects.values(), *Report.objects.values("attributes")]
    kept = json.dumps(rows, default=str, ensure_ascii=False)
    for secret in (*person.values(), *more.values(), key):
        if len(secret) > 1:
            assert secret not in kept
    assert Client().get(f"/open311/v2/requests/{row.number}.json").status_code == 404, "public after acceptance"


def test_the_answer_in_xml(village, key):
    answer = post(LAMP, key, "xml")
    assert (answer.status_code, answer["Content-Type"]) == (201, "text/xml; charset=utf-8")
    assert Report.objects.get().number.encode() in answer.content
    assert b"<account_id />" in answer.content


def test_the_key_may_stand_in_the_query_and_the_form_be_multipart(village, key):
    assert post(LAMP, query=f"?api_key={key}&jurisdiction_id={places.COUNTY}").status_code == 201
    body = "&".join(f"{name}={value}" for name, value in (LAMP | {"api_key": key}).items())
    plain = Client().post("/open311/v2/requests.xml", body, content_type="application/x-www-form-urlencoded")
    assert plain.status_code == 201, plain.content


@pytest.mark.parametrize("change", ["none", "wrong", "off", "read only", "other county"])
def test_keys_that_do_not_open(village, key, change):
    places.county("990522", "邻县")
    changes = {"off": {"is_active": False}, "read only": {"may_write": False}, "other county": {"county": "990522"}}
    ApiKey.objects.update(**changes.get(change, {}))
    refused(post(LAMP, {"none": "", "wrong": "0" * 40}.get(change, key)), 403, "api_key")


@pytest.mark.parametrize(
    "change, status, said",
    [
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "ghosts"}, 404, "service_code"),
        ({"service_code": "city"}, 404, "service_code"),
        ({"jurisdiction_id": "123456"}, 404, "jurisdiction_id"),
        ({"lat": None}, 400, "lat"),
        ({"lat": None, "long": None}, 400, "address_string"),
        ({"lat": "nan"}, 400, "lat"),
        ({"lat": "91"}, 400, "lat"),
        ({"lat": "10", "long": "10"}, 400, ""),
        ({"description": "x" * 2001}, 400, "text"),
        ({"phone": "12"}, 400, "phone"),
        ({"email": "no"}, 400, "email"),
        ({"colour": "red"}, 400, "colour"),
        ({"attribute[pole]": None}, 400, "灯杆编号"),
        ({"attribute[pole]": "x" * 21}, 400, "attribute[pole]"),
        ({"attribute[ghost]": "x"}, 400, "ghost"),
        ({"attribute[hint]": "x"}, 400, "hint"),
        ({"attribute[lamps]": "many"}, 400, "attribute[lamps]"),
        ({"attribute[lamps]": "100"}, 400, "attribute[lamps]"),
        ({"attribute[lamps]": "1.5"}, 400, "attribute[lamps]"),
        ({"attribute[kind]": "red"}, 400, "attribute[kind]"),
        ({"attribute[days][]": ["一", "九"]}, 400, "attribute[days]"),
        ({"attribute[since]": "gestern"}, 400, "attribute[since]"),
        ({"service_code": ["lamp", "noise"]}, 400, "service_code"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"media_url": "http://[::1"}, 400, "media_url"),
        ({"media_url": [f"http://example.org/{n}.jpg" for n in range(10)]}, 400, "media_url"),
        ({"address_id": "990521003999", "lat": None, "long": None}, 400, "address_id"),
        ({"address_string": "火星", "lat": None, "long": None}, 400, "address_string"),
    ],
)
def test_what_is_refused(village, key, change, status, said):
    refused(post(LAMP | change, key), status, said)


def test_unknown_parameters_of_a_sending_are_refused(village, key):
    refused(post(LAMP, key, query="?status=open"), 400, "status")
    refused(post(LAMP | {"photo": _file()}, key), 400, "photo")
    refused(post(LAMP | {"media": _file()}, key), 400)


def _file():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("a.jpg", b"x", "image/jpeg")


def test_answers_to_questions_have_types(village, key):
    said = {
        "attribute[pole]": "A-17",
        "attribute[lamps]": "3",
        "attribute[since]": "2026-06-01T08:00:00Z",
        "attribute[kind]": "blinks",
        "attribute[days][]": ["一", "三"],
        "attribute[danger]": "true",
        "attribute[more]": "",
    }
    assert post(LAMP | said, key).status_code == 201
    assert Report.objects.get().attributes == {
        "pole": "A-17",
        "lamps": 3,
        "since": "2026-06-01T08:00:00+00:00",
        "kind": "blinks",
        "days": ["一", "三"],
        "danger": True,
    }


@pytest.mark.parametrize("form", [{"description": None}, {"description": ""}])
def test_without_a_description_the_service_names_it(village, key, form):
    assert post(LAMP | form, key).status_code == 201
    assert "路灯" in Report.objects.get().text


def test_places_without_coordinates(village, key):
    nowhere = {"lat": None, "long": None}
    name = Place.objects.get(pk="990521003007").name
    assert post(LAMP | nowhere | {"address_id": "990521003007"}, key).status_code == 201
    assert post(LAMP | nowhere | {"address_string": f"{name}3号门口"}, key).status_code == 201
    assert set(Report.objects.values_list("village_id", flat=True)) == {"990521003007"}
    twin = places.village("990521004001")
    Place.objects.filter(pk=twin.pk).update(name=name)
    answer = post(LAMP | nowhere | {"address_string": f"{name}3号门口"}, key)
    assert (answer.status_code, Report.objects.count()) == (400, 2), "two villages of that name"
    township = Place.objects.get(pk="990521004").name
    if township != Place.objects.get(pk="990521003").name:
        assert post(LAMP | nowhere | {"address_string": f"{township}{name}3号"}, key).status_code == 201
        assert Report.objects.order_by("-pk")[0].village_id == "990521004001"


def test_foreign_addresses_are_handed_on_and_never_fetched(village, key, monkeypatch):
    import socket

    connect = socket.socket.connect
    asked = []
    monkeypatch.setattr(
        socket.socket, "connect", lambda self, to: asked.append(to) if isinstance(to, tuple) else connect(self, to)
    )
    link = "http://169.254.169.254/latest/a.jpg"
    assert post(LAMP | {"media_url": link}, key).status_code == 201
    row = Report.objects.get()
    assert row.attributes["media_url"] == link
    assert not row.attachments.exists()
    assert not [to for to in asked if to[0] == "169.254.169.254"]


def test_photos_that_were_uploaded_here_hang_on_the_report(village, key):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("IMG.jpg", media.jpeg(), "image/jpeg")
    token = Client().post("/api/incidents/photos", {"file": file}).json()["token"]
    path = f"/media/p/{token[:2]}/{token}-large.jpg"
    assert post(LAMP | {"media_url": f"http://testserver{path}"}, key).status_code == 201
    row = Report.objects.get()
    assert row.attachments.get().photo.token == token
    assert "media_url" not in row.attributes
    assert post(LAMP | {"media_url": f"http://elsewhere.example{path}"}, key).status_code == 201, "a foreign host"


@pytest.mark.parametrize("name", ["media", "media[]"])
def test_photos_come_with_the_form_and_wait_for_moderation(village, key, name):
    from django.core.files.uploadedfile import SimpleUploadedFile

    def files():
        return {name: [SimpleUploadedFile(f"{n}.jpg", media.jpeg((320 + n, 240)), "image/jpeg") for n in range(2)]}

    sending = str(uuid.uuid4())
    first = post(LAMP | files(), key, sending=sending)
    assert first.status_code == 201, first.content
    assert post(LAMP | files(), key, sending=sending).json() == first.json(), "the same photos under other names"
    photos = [one.photo for one in Report.objects.get().attachments.all()]
    assert [(photo.width, photo.state) for photo in photos] == [(320, "pending"), (321, "pending")]
    other = {name: SimpleUploadedFile("3.jpg", media.jpeg((400, 240)), "image/jpeg")}
    assert post(LAMP | other, key, sending=sending).status_code == 400
    many = {name: [SimpleUploadedFile("a.jpg", b"x") for _ in range(10)]}
    assert post(LAMP | many, key).status_code == 400
    assert Report.objects.count() == 1


def test_a_repeated_sending_is_one_report_and_its_key_a_token(village, key):
    sending = str(uuid.uuid4())
    first, second = post(LAMP, key, sending=sending), post(LAMP, key, sending=sending)
    assert first.json() == second.json()
    row = Report.objects.get()
    other = post(LAMP | {"description": "另一件事情的内容"}, key, sending=sending)
    assert (other.status_code, other.json()[0]["code"]) == (400, 400)
    assert post(LAMP, key, sending="short").status_code == 400
    told = Client().get(f"/open311/v2/tokens/{sending}.json").json()
    validate(told, schemas.TOKENS)
    assert told == [{"service_request_id": row.number, "token": sending}]
    assert Client().get(f"/open311/v2/tokens/{uuid.uuid4()}.xml").status_code == 404


def test_confidential_kinds_stay_hidden(village, key):
    form = {"service_code": "abuse", "lat": LAT, "long": LON, "description": "隔壁经常打人"}
    assert post(form, key).status_code == 201
    assert Report.objects.get().is_public is False


def test_forms_ask_in_the_language_of_the_reader(village, client):
    def asked(lang):
        rows = client.get("/api/incidents/categories", {"lang": lang}).json()["categories"]
        return {row["code"]: row["attributes"] for row in rows}

    assert asked("en")["lamp"]["properties"]["kind"]["enumNames"] == ["Out", "Blinks"]
    assert asked("zh")["lamp"]["properties"]["kind"]["title"] == "怎么了"
    assert "title_en" not in asked("zh")["lamp"]["properties"]["kind"]
    assert asked("en")["noise"] == {}
