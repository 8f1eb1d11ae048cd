"""The page that messages lead to: whoever wants no more of them says so by one button, without an account."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from incidents.models import Follower, Reporter
from incidents.selectors import stop_token
from incidents.services.messages import tell
from kernel import sealed
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
    return Follower.objects.create(report=report, client="a", email=sealed.seal("x@example.org"), language="en")


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


def test_who_has_stopped_is_not_sent_text_messages_instead(person, settings):
    Client().post(f"/follow/stop/{stop_token(person)}")
    settings.WEBHOOK_URL = "http://127.0.0.1:9/"
    tell(person.report, "answer", by=people.viewer(None, county="990522"))
    assert set(OutboxMessage.objects.values_list("channel", flat=True)) <= {"none"}
    if isinstance(person, Reporter):
        person.refresh_from_db()
        assert bytes(person.phone)  # the desk may still call


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: "f9" + t[2:], lambda t: "x"]
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
