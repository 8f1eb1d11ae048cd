"""Who is told by e-mail, what such a message says, and who can read the address back."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from incidents.models import Report, Reporter
from incidents.services import Contact, contact_read, follows_lapse, report_edit, reporter_tell
from incidents.services.messages import WORDS, tell
from kernel import clock
from kernel.errors import Forbidden
from kernel.outbox import Channel, channels
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


def confirm(address):
    """Whoever reads ``address`` opens the page that the last message names, and says yes."""
    outbox_deliver()
    sent = mail.outbox[-1]
    assert sent.to == [address]
    page = "/follow/confirm/" + sent.body.partition("/follow/confirm/")[2].partition("\n")[0]
    client = Client(enforce_csrf_checks=True)
    assert client.get(page, headers={"accept": "text/html"}).status_code == 200
    assert not Reporter.objects.get().is_confirmed, "programs fetch in advance"
    assert client.post(page).status_code == 200
    assert Reporter.objects.get().is_confirmed


@pytest.fixture
def report(village):
    made = incidents.report()
    incidents.reporter(made, CODE, email="")
    return made


def test_an_address_is_left_shown_to_nobody_and_taken_away(report):
    assert Client().get(f"/api/incidents/track/{CODE}").json()["is_reminded"] is False
    answer = leave(MAIL)
    assert answer.status_code == 200
    assert MAIL not in answer.content.decode()
    assert MAIL.encode() not in bytes(Reporter.objects.get().email)
    confirm(MAIL)
    assert leave(MAIL).json()["is_reminded"] is True, "the same address again is not asked again"
    tell(report, "answer", by=people.viewer(None))
    outbox_deliver()
    assert [sent.to for sent in mail.outbox] == [[MAIL], [MAIL]]
    assert leave("").json()["is_reminded"] is False
    assert bytes(Reporter.objects.get().email) == b""
    assert AuditEvent.objects.filter(action="report.tell").count() == 3
    assert MAIL not in str(list(AuditEvent.objects.values()))


def test_an_address_is_sent_nothing_before_its_reader_confirms_it(village, settings):
    """Typed with the report, changed later, typed by a stranger of a stranger: asked, and told of nothing else."""
    cache.clear()
    settings.SITE_URL = "https://map.example.org"
    report = loop.submit(contact=Contact("来电人", "", MAIL))
    tell(report, "accept", by=people.viewer(None))
    outbox_deliver()
    (asked,) = mail.outbox
    assert asked.to == [MAIL]
    assert report.number in asked.body
    assert report.title not in asked.body + asked.subject, "a stranger is not sent what somebody wrote"
    assert not Reporter.objects.get().is_confirmed
    confirm(MAIL)
    tell(report, "ask", by=people.viewer(None))
    outbox_deliver()
    assert [sent.to for sent in mail.outbox] == [[MAIL], [MAIL]]
    reporter_tell(by=loop.CITIZEN, report_id=report.pk, email="other@example.org")
    tell(report, "answer", by=people.viewer(None))
    outbox_deliver()
    assert [sent.to for sent in mail.outbox[2:]] == [["other@example.org"]]
    assert "/follow/confirm/r" in mail.outbox[2].body
    Report.objects.update(confidence="anonymous")
    assert follows_lapse() == 0
    with clock.freeze(clock.now() + dt.timedelta(days=8)):
        assert follows_lapse() == 1, "of an anonymous report nobody else reads it"


@pytest.fixture
def texts():
    """What the gateway for text messages was given."""
    got = []
    channels.add(Channel("webhook", got.append))
    yield got
    channels.remove("webhook")


def test_a_telephone_is_asked_by_a_text_as_an_address_is_by_mail(village, settings, texts):
    """A number that anybody typed is asked once; one that the desk wrote down, who had its owner on the line, is told.

    Whoever has stopped the texts stays without them when the desk writes the same number down once more.
    """
    cache.clear()
    settings.SITE_URL = "https://map.example.org"
    desk, report = loop.who(Role.DESK, loop.COUNTY), loop.submit(contact=Contact(phone="13900001234"))

    def tells(event):
        tell(report, event, by=people.viewer(None))
        outbox_deliver()

    tells("accept")
    assert [one.recipient for one in texts] == ["13900001234"]
    asked = texts[0].body
    assert report.title not in asked + texts[0].subject
    page = "/follow/confirm/" + asked.partition("/follow/confirm/")[2].partition("\n")[0]
    assert Client().post(page).status_code == 200
    tells("ask")
    stop = texts[1].data["unsubscribe"]
    assert stop in texts[1].body
    assert Client().post(stop.removeprefix(settings.SITE_URL)).status_code == 200
    assert Client().post(page).status_code == 404, "an old yes does not undo it"
    report_edit(by=desk, report_id=report.pk, contact=Contact("李四", "13900001234"))
    tells("answer")
    assert len(texts) == 2
    loop.submit(by=desk, contact=Contact(phone="13900005678"))
    outbox_deliver()
    assert [one.recipient for one in texts[2:]] == ["13900005678"]
    assert "/follow/confirm/" not in texts[2].body


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
    Reporter.objects.update(is_confirmed=True)
    report.refresh_from_db()
    tell(report, event, by=people.viewer(None), more="2026-07-01")
    outbox_deliver()
    asked, sent = (f"{one.subject}{one.body}{one.extra_headers}" for one in mail.outbox)
    for private in (CODE, CODE.replace("-", ""), MAIL, incidents.TEXT, incidents.ADDRESS, "canary", "13900001234"):
        assert private not in asked + sent
    assert report.title not in asked
    assert (report.title in sent) is is_public


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
