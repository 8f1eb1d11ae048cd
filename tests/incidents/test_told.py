"""Who is told by e-mail, what such a message says, and who can read the address back."""

from __future__ import annotations

import json

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from incidents.models import Report, Reporter
from incidents.services import contact_read, reporter_tell
from incidents.services.messages import WORDS, tell
from kernel.errors import Forbidden
from kernel.viewer import Role
from records.models import AuditEvent, HistoryEvent
from records.services import outbox_deliver
from tests.factories import incidents, media, people
from tests.incidents import loop

pytestmark = pytest.mark.django_db
CODE = "K3W8-9QZT-2M7RX"
MAIL = "somebody@example.org"


def leave(email, code=CODE):
    body = json.dumps({"email": email})
    return Client().post(f"/api/incidents/track/{code}:tell", body, content_type="application/json")


@pytest.fixture
def report(village):
    made = incidents.report()
    incidents.reporter(made, CODE, email="")
    return made


def test_an_address_is_left_shown_to_nobody_and_taken_away(report):
    assert Client().get(f"/api/incidents/track/{CODE}").json()["is_reminded"] is False
    answer = leave(MAIL)
    assert (answer.status_code, answer.json()["is_reminded"]) == (200, True)
    assert MAIL not in answer.content.decode()
    assert MAIL.encode() not in bytes(Reporter.objects.get().email)
    tell(report, "answer", by=people.viewer(None))
    outbox_deliver()
    assert [sent.to for sent in mail.outbox] == [[MAIL]]
    assert leave("").json()["is_reminded"] is False
    assert bytes(Reporter.objects.get().email) == b""
    assert AuditEvent.objects.filter(action="report.tell").count() == 2
    assert MAIL not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(
    ("body", "status"),
    [({"email": "x"}, 400), ({}, 400), ({"email": MAIL, "more": 1}, 400), ({"email": "a" * 201}, 400)],
)
def test_what_is_no_address_is_refused(report, body, status):
    path = f"/api/incidents/track/{CODE}:tell"
    assert Client().post(path, json.dumps(body), content_type="application/json").status_code == status
    assert leave(MAIL, "K3W8-9QZT-2M7RY").status_code == 404


@pytest.mark.parametrize("event", WORDS)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("is_public", [True, False])
def test_a_message_holds_nothing_private(report, settings, event, language, is_public):
    """Neither code nor contact nor what was written; of what the public may not see not even the title."""
    settings.SITE_URL = "https://map.example.org"
    Report.objects.filter(pk=report.pk).update(is_public=is_public)
    Reporter.objects.update(language=language)
    leave(MAIL)
    report.refresh_from_db()
    tell(report, event, by=people.viewer(None), more="2026-07-01")
    outbox_deliver()
    (sent,) = mail.outbox
    said = f"{sent.subject}{sent.body}{sent.extra_headers}"
    for private in (CODE, CODE.replace("-", ""), MAIL, incidents.TEXT, incidents.ADDRESS, "canary", "13900001234"):
        assert private not in said
    assert (report.title in said) is is_public


def test_an_anonymous_reporter_stays_so(village):
    """viewer × confidence: who reads a contact back."""
    cast = loop.cast()
    readers = {}
    for confidence in ("named", "confidential", "anonymous"):
        report = loop.answered(cast)
        Report.objects.filter(pk=report.pk).update(confidence=confidence)
        reporter_tell(by=loop.CITIZEN, report_id=report.pk, email=MAIL)
        for who in ("grid", "desk", "handler", "supervisor", "official"):
            try:
                assert contact_read(by=getattr(cast, who), report_id=report.pk).email == MAIL
            except Forbidden:
                continue
            readers.setdefault(confidence, set()).add(who)
    assert readers == {
        "named": {"grid", "desk", "handler", "supervisor", "official"},
        "confidential": {"desk", "supervisor"},
    }


def test_an_anonymous_report_of_somebody_signed_in_names_no_account(village):
    citizen = loop.who(Role.CITIZEN)
    client = Client()
    client.force_login(User.objects.get(pk=citizen.user_id))
    sent = client.post("/api/incidents/photos", {"file": SimpleUploadedFile("a.jpg", media.jpeg())}).json()
    report = loop.submit(by=citizen, confidence="anonymous", photos=(sent["token"],))
    assert (report.filed_by_id, report.attachments.get().photo.uploaded_by_id) == (None, None)
    for model in (HistoryEvent, AuditEvent):
        assert str(citizen.user_id) not in [str(getattr(row, "actor_id", "")) for row in model.objects.all()]
        assert citizen.label not in str(list(model.objects.values()))
    assert loop.submit(by=citizen).filed_by_id == citizen.user_id
    desk = loop.who(Role.DESK, loop.COUNTY)
    assert loop.submit(by=desk, confidence="anonymous").filed_by_id == desk.user_id
