"""The page that messages lead to: whoever wants no more of them says so by one button, without an account."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from incidents.models import Follower, Reporter
from incidents.selectors import stop_token
from incidents.services import follows_lapse
from incidents.services.messages import tell
from kernel import clock, sealed
from records.models import OutboxMessage
from records.services import outbox_deliver
from tests.factories import incidents, people

pytestmark = pytest.mark.django_db
PAGE = {"accept": "text/html"}


@pytest.fixture(params=["follower", "reporter"])
def person(request, settings):
    """Somebody who is told in English of a report of another county than that of the setting."""
    settings.SITE_URL = "https://map.example.org"
    report = incidents.report("990522001001", county="990522")
    if request.param == "reporter":
        return incidents.reporter(report, email="x@example.org", language="en")
    return Follower.objects.create(
        report=report, client="a", email=sealed.seal("x@example.org"), language="en", is_told=True
    )


def told(person):
    """The e-mail of an answer, as it left."""
    tell(person.report, "answer", by=people.viewer(None, county="990522"))
    outbox_deliver()
    return mail.outbox[-1]


def test_a_message_names_the_page_and_the_page_stops_messages(person):
    sent = told(person)
    link = f"https://map.example.org/follow/stop/{stop_token(person)}?lang=en"
    assert sent.body.endswith(link)
    assert sent.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client = Client(enforce_csrf_checks=True)
    path = link.removeprefix("https://map.example.org")
    for ask in (client.get, client.head, client.get):  # programs that fetch in advance
        assert ask(path, headers=PAGE).status_code == 200
    before = client.get(path, headers=PAGE)
    assert "<script" not in before.content.decode()
    assert "No more reminders" in before.content.decode()
    assert person.report.number in before.content.decode()
    assert (before.headers["Cache-Control"], before.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    for _again in range(2):
        after = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert after.status_code == 200
        assert "<form" not in after.content.decode()
    person.refresh_from_db()
    assert bytes(person.email) == b""
    tell(person.report, "close", by=people.viewer(None, county="990522"))
    outbox_deliver()
    assert len(mail.outbox) == 1


def test_an_address_is_told_when_its_reader_has_said_so(settings):
    """Typed by anybody: asked at most three times a day, told of nothing before, forgotten without an answer."""
    cache.clear()
    report = incidents.report()
    path = f"/api/incidents/{report.number}:follow"
    for agent in range(5):
        client = Client(headers={"user-agent": str(agent)})
        assert client.post(path, {"email": "x@example.org"}, content_type="application/json").status_code == 200
    tell(report, "answer", by=people.viewer(None))
    outbox_deliver()
    assert [sent.to for sent in mail.outbox] == [["x@example.org"]] * 3
    asked = mail.outbox[0].body
    assert report.title in asked
    assert incidents.TEXT not in asked
    page = "/follow/confirm/" + asked.partition("/follow/confirm/")[2].partition("\n")[0]
    client = Client(enforce_csrf_checks=True)
    for ask in (client.get, client.head):  # programs that fetch in advance
        assert ask(page, headers=PAGE).status_code == 200
    assert not Follower.objects.filter(is_told=True).exists()
    for wrong in (
        page[:-1] + ("0" if page[-1] != "0" else "1"),
        page.replace("confirm/f", "confirm/r"),
        "/follow/confirm/x",
    ):
        assert client.post(wrong, headers=PAGE).status_code == 404
    for _again in range(2):
        assert report.number in client.post(page, headers=PAGE).content.decode()
    tell(report, "close", by=people.viewer(None))
    outbox_deliver()
    assert len(mail.outbox) == 4, "one of the five said yes"
    confirmed = Follower.objects.get(is_told=True)
    Follower.objects.filter(pk=confirmed.pk).update(email=sealed.seal("y@example.org"))
    assert client.get(page, headers=PAGE).status_code == 404, "a yes is for the address that was asked"
    with clock.freeze(clock.now() + dt.timedelta(days=8)):
        assert follows_lapse() == 4


def test_who_has_stopped_is_not_sent_text_messages_instead(person, settings):
    Client().post(f"/follow/stop/{stop_token(person)}")
    settings.WEBHOOK_URL = "http://127.0.0.1:9/"
    tell(person.report, "answer", by=people.viewer(None, county="990522"))
    assert set(OutboxMessage.objects.values_list("channel", flat=True)) <= {"none"}
    if isinstance(person, Reporter):
        person.refresh_from_db()
        assert bytes(person.phone)  # the desk may still call


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: t.replace("-", "0-"), lambda t: "x"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_token_is_a_page_that_is_not_there(person, change, method):
    path = f"/follow/stop/{change(stop_token(person))}"
    answer = getattr(Client(), method)(path, headers=PAGE)
    assert answer.status_code == 404
    assert answer.content.decode().startswith("<!doctype html>")
    person.refresh_from_db()
    assert bytes(person.email)


def test_a_token_speaks_for_one_person_only(person):
    token = stop_token(person)
    other = ("r" if token[0] == "f" else "f") + token[1:]
    assert Client().post(f"/follow/stop/{other}").status_code == 404
