"""Documents and photos that show what a reply says: who sends them, and who opens them before and after approval."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dispatch.models import WorkOrder
from dispatch.services import order_move
from dispatch.states import Check
from incidents.models import Report
from kernel.viewer import Role
from media.models import Document, State
from tests.factories import incidents, media, people, places
from tests.incidents import loop
from tests.incidents.loop import client_of

pytestmark = pytest.mark.django_db
CODE = "K3W8-9QZT-2M7RX"
PDF = ("验收单.pdf", media.PDF)


@pytest.fixture
def cast(village):
    return loop.cast()


@pytest.fixture
def order(cast):
    """The order of an accepted report, signed for."""
    report = loop.accepted(cast)
    incidents.Reporter.objects.filter(report=report).delete()
    incidents.reporter(report, CODE)
    order_move(by=cast.desk, order_id=report.order_id, move="assign", unit=cast.unit)
    order_move(by=cast.handler, order_id=report.order_id, move="sign")
    return WorkOrder.objects.get(pk=report.order_id)


def send(viewer, order, file=PDF):
    return client_of(viewer).post(f"/api/orders/{order.pk}/documents", {"file": SimpleUploadedFile(*file)})


RIGHTS = [
    ("handler", 201),
    ("grid", 403),
    ("desk", 403),
    ("supervisor", 403),
    ("official", 403),
    ("handler of another unit", 404),
    ("grid of another village", 404),
    ("agent", 403),
    ("citizen", 403),
    ("admin", 403),
    ("", 401),
]


def test_who_sends_documents(cast, order):
    """role × answer: those who may hand in the reply, and nobody else."""
    places.village("990521001001", "内村")
    others = {
        "": None,
        "citizen": loop.who(Role.CITIZEN),
        "admin": loop.who(Role.ADMIN),
        "handler of another unit": loop.who(Role.HANDLER, unit=people.unit("csglj")),
        "grid of another village": loop.who(Role.GRID_MANAGER, "990521001001"),
    }
    found = [(who, send(others[who] if who in others else getattr(cast, who), order).status_code) for who, _ in RIGHTS]
    assert found == RIGHTS
    assert Document.objects.count() == 1


NONE = [
    (("验收单.pdf", b"MZ\x90\x00" + b"x" * 200), 415),
    (("验收单.pdf.exe", media.PDF), 415),
    (("验收单.pdf", b""), 400),
    (("长" * 130 + ".pdf", media.PDF), 400),
]


def test_what_is_no_document_is_refused(cast, order):
    for file, status in NONE:
        answer = send(cast.handler, order, file)
        assert (answer.status_code, answer.json()["field"]) == (status, "file"), file[0]
    assert not Document.objects.exists()


def test_only_while_a_reply_can_be_handed_in(cast, order):
    order_move(by=cast.handler, order_id=order.pk, move="submit", reply=loop.REPLY, reason_code=loop.reason())
    assert send(cast.handler, order).status_code == 409


def opened(client, url):
    return client.get(url).status_code == 200


@pytest.mark.parametrize("is_public", [True, False])
def test_citizens_open_it_when_the_reply_is_published(cast, order, is_public):
    Report.objects.update(is_public=is_public)
    sent = send(cast.handler, order).json()
    photo = media.photo(cast.handler, data=media.jpeg(), state=State.PUBLISHED)
    public, by_code = Client(), f"/api/incidents/track/{CODE}"
    assert (opened(client_of(cast.handler), sent["url"]), opened(public, sent["url"])) == (True, False)
    given = {"reply": loop.REPLY, "documents": [sent["id"]], "photos": [photo.pk]}
    order_move(by=cast.handler, order_id=order.pk, move="submit", **given)
    assert opened(client_of(cast.desk), sent["url"]), "the reviewer reads it"
    assert not opened(public, sent["url"])
    token = Document.objects.get().token
    assert not opened(public, f"{by_code}/documents/{token}")
    order_move(by=cast.desk, order_id=order.pk, move="approve", checklist=list(Check))
    (reply,) = public.get(by_code).json()["replies"]
    (document,), (picture,) = reply["documents"], reply["photos"]
    assert document["title"] == "验收单.pdf"
    got = public.get(document["url"])
    assert b"".join(got.streaming_content) == media.PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Cache-Control"] == "private, no-store"
    assert opened(public, picture["large"])
    assert opened(public, sent["url"]) is is_public
    page = public.get(f"/api/incidents/{Report.objects.get().number}")
    assert page.status_code == (200 if is_public else 404)
    if is_public:
        (reply,) = page.json()["replies"]
        assert opened(public, reply["documents"][0]["url"])
        assert opened(public, reply["photos"][0]["medium"])
    report = loop.moved_by_code(Report.objects.get(), "reopen", reason="还是不亮")
    other = loop.who(Role.HANDLER, unit=people.unit("zjj", "住建局"))
    assert opened(client_of(other), sent["url"]) is is_public
    order_move(by=cast.desk, order_id=report.order_id, move="assign", unit=people.unit("zjj"))
    again = client_of(other)
    (before,) = again.get(f"/api/incidents/desk/{report.pk}").json()["replies"]
    assert (before["text"], before["unit"], before["round"]) == (loop.REPLY, cast.unit.name, 1)
    assert opened(again, before["photos"][0]["large"]), "who takes it on again sees what was answered"
    assert opened(again, before["documents"][0]["url"])
    Document.objects.update(state=State.HIDDEN)
    assert not opened(public, document["url"])
    assert not opened(public, sent["url"])


def test_what_an_earlier_reply_showed_stays_inside(cast, order):
    first = send(cast.handler, order).json()
    order_move(by=cast.handler, order_id=order.pk, move="submit", reply=loop.REPLY, documents=[first["id"]])
    order_move(by=cast.desk, order_id=order.pk, move="send_back", reason="没有写清楚")
    text = loop.REPLY + loop.words(7)
    order_move(by=cast.handler, order_id=order.pk, move="submit", reply=text, reason_code=loop.reason())
    order_move(by=cast.desk, order_id=order.pk, move="approve", checklist=list(Check))
    assert not opened(Client(), first["url"])
    assert not opened(Client(), f"/api/incidents/track/{CODE}/documents/{Document.objects.get().token}")
