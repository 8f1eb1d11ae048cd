"""What somebody tries who means ill: every field, every number, everything twice at once."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from dispatch.models import WorkOrder
from dispatch.services import evidence_add, order_move
from incidents.models import Attachment, Report
from kernel.errors import DomainError
from kernel.viewer import Role
from tests.factories import dispatch as make
from tests.factories import incidents, media, people, places
from tests.incidents import loop
from tests.incidents.holds import PHONE, SAID
from tests.incidents.loop import client_of

NOBODY = people.viewer(None)
HUGE = 10**30


def send(client: Client, path: str, body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


@pytest.mark.django_db
@pytest.mark.parametrize(("lon", "lat"), [("nan", "30"), ("120", "nan"), ("inf", "30"), ("1e400", "-1e400")])
def test_no_number_is_a_place(village, lon, lat):
    """JSON knows neither; forms do."""
    said = {"lon": lon, "lat": lat, "text": "路口的灯不亮", "category": "lamp"}
    assert Client().post("/api/incidents/", said).status_code == 400
    assert send(Client(), "/api/incidents/", {**said, "lon": float(lon), "lat": float(lat)}).status_code == 400
    assert Client().get("/api/incidents/similar", {"lon": lon, "lat": lat}).status_code == 400
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_numbers_that_no_column_holds(village):
    """Where × what: keys of anything, far beyond what there can be, are wrong and no fault of ours."""
    cast = loop.cast()
    report = loop.accepted(cast)
    order = report.order_id
    order_move(by=cast.desk, order_id=order, move="assign", unit=cast.unit)
    order_move(by=cast.handler, order_id=order, move="sign")
    desk, handler, supervisor = map(client_of, (cast.desk, cast.handler, cast.supervisor))
    reply = {"reply": loop.REPLY, "photos": [HUGE]}
    tries = (
        (desk, "/api/incidents/desk/bulk:accept", {"ids": [HUGE]}),
        (desk, f"/api/incidents/desk/{HUGE}:edit", {"title": "x"}),
        (desk, f"/api/incidents/desk/{report.pk}:comment_publish", {"comment": HUGE, "is_published": True}),
        (desk, f"/api/incidents/desk/{report.pk}/photos/{HUGE}", {"state": "hidden"}),
        (desk, f"/api/incidents/desk/{report.pk}:edit", {"title": "x", "version": HUGE}),
        (desk, "/api/orders/bulk", {"move": "assign", "ids": [HUGE], "fields": {"unit": HUGE}}),
        (handler, f"/api/orders/{order}:submit", reply),
        (handler, f"/api/orders/{order}:submit", {**reply, "photos": [], "documents": [HUGE]}),
        (handler, f"/api/orders/{order}:extend", {"workdays": HUGE, "reason": "x"}),
        (supervisor, f"/api/orders/{order}:supervise", {"workdays": HUGE, "text": "x"}),
        (supervisor, f"/api/orders/{order}:child", {"unit": HUGE, "title": "x"}),
        (supervisor, f"/api/supervisions/{HUGE}:read", {}),
        (supervisor, "/api/dispatch/rules:order", {"ids": [HUGE]}),
        (supervisor, f"/api/dispatch/rules/{HUGE}:dry_run", {}),
    )
    for client, path, body in tries:
        answer = send(client, path, body)
        assert 400 <= answer.status_code < 500 or not answer.json()["items"][0]["ok"], (path, answer.status_code)


@pytest.mark.django_db
def test_what_staff_write_names_nobody_in_public(village):
    """Every text of staff that the public reads is masked, whoever wrote it."""
    cast = loop.cast()
    report = loop.accepted(cast)
    photo = media.photo(NOBODY, state="pending")
    Attachment.objects.create(report=report, photo=photo, part="reporter")
    desk = client_of(cast.desk)
    shown = send(desk, f"/api/incidents/desk/{report.pk}/photos/{photo.pk}", {"state": "published", "alt": SAID})
    assert shown.status_code == 200, shown.content
    order = report.order_id
    order_move(by=cast.desk, order_id=order, move="assign", unit=cast.unit)
    order_move(by=cast.handler, order_id=order, move="sign")
    given = {"agency": f"供电所老王 {PHONE}", "reason": SAID, "agency_due_on": loop.clock_day()}
    order_move(by=cast.handler, order_id=order, move="forward", **given)
    order_move(by=cast.handler, order_id=order, move="take_back")
    document = evidence_add(by=cast.handler, order_id=order, file=io.BytesIO(media.PDF), name=f"{PHONE}.pdf")
    files = {"photos": [media.photo(cast.handler, alt=SAID).pk], "documents": [document.pk]}
    order_move(by=cast.handler, order_id=order, move="submit", reply=SAID + loop.words(1), **files)
    order_move(by=cast.desk, order_id=order, move="approve", checklist=make.CHECKLIST)
    faces = (f"/api/incidents/{report.number}", f"/open311/v2/requests/{report.number}.json?extensions=true")
    for face in faces:
        said = Client().get(face).content.decode()
        assert "供电所" in said or "open311" in face
        assert PHONE not in said, face
    (reply,) = Client().get(faces[0]).json()["replies"]
    assert Client().get(reply["documents"][0]["url"]).status_code == 200


MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{1234*1234}}"


@pytest.mark.django_db
def test_markup_stays_words(village):
    """In pages, feeds and messages; the front end is Preact, which writes texts as texts."""
    cast = loop.cast()
    report = loop.accepted(cast, text=f"路灯{MARKUP}", address=MARKUP[:100])
    incidents.Reporter.objects.filter(report=report).delete()
    incidents.reporter(report, loop.CODE)
    send(Client(), f"/api/incidents/track/{loop.CODE}:comment", {"text": MARKUP})
    loop.work(cast, report)
    for page in (f"/track/{loop.CODE}", "/village/990521003007", "/", f"/open311/v2/requests/{report.number}.xml"):
        said = Client().get(page).content.decode()
        assert "<img src=x" not in said, page
        assert "<script>alert" not in said, page
        assert "1522756" not in said, "nobody works out what was written"


@pytest.mark.django_db
def test_staff_of_another_county_have_no_business_here(village):
    """role × address, from a county next door, looking at this one."""
    cast = loop.cast()
    report = loop.accepted(cast)
    places.county("990522", "邻县")
    for role in (Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR, Role.OFFICIAL, Role.HANDLER, Role.ADMIN):
        unit = people.unit("x", county="990522") if role == Role.HANDLER else None
        client = Client()
        client.force_login(people.user(role, county="990522", jurisdiction=["990522"], unit=unit))
        for path in (
            *(
                f"/api/incidents/desk/{report.pk}:{move}"
                for move in ("edit", "publish", "contact", "comment", "accept")
            ),
            *(f"/api/orders/{report.order_id}:{move}" for move in ("assign", "cancel", "urgent", "supervise")),
        ):
            answer = send(
                client, f"{path}?county=990521", {"reason": "x", "text": "x", "is_public": False, "category": "lamp"}
            )
            assert answer.status_code in (400, 403, 404), (role, path, answer.content)
    report.refresh_from_db()
    assert report.version == 2


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Each in a thread of its own, all at the same moment; "" or the code of what was refused."""
    gate, said = threading.Barrier(len(acts)), [""] * len(acts)

    def go(at: int) -> None:
        try:
            gate.wait()
            acts[at]()
        except DomainError as error:
            said[at] = error.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(at,)) for at in range(len(acts))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return said


@pytest.mark.django_db(transaction=True)
def test_twice_at_once():
    """Ratings, withdrawals, merges into each other, rulings: one happens, and the other is told why not."""
    cast = loop.cast()
    office = make.office()
    first = loop.answered(cast)
    said = at_once(
        *(
            lambda name=name, fields=fields: loop.moved_by_code(first, name, **fields)
            for name, fields in (("confirm", {}), ("reopen", {"reason": "没修好"}), ("confirm", {}))
        ),
    )
    assert sorted(said).count("") == 1, said
    a, b = loop.submit("东边的路灯不亮"), loop.submit("西边的路灯不亮")
    said = at_once(
        lambda: loop.move(cast.desk, a, "merge", into=b.number),
        lambda: loop.move(cast.desk, b, "merge", into=a.number),
        lambda: loop.moved_by_code(a, "withdraw"),
        lambda: loop.moved_by_code(b, "withdraw"),
    )
    states = sorted(Report.objects.filter(pk__in=(a.pk, b.pk)).values_list("state", flat=True))
    assert states in (["merged", "submitted"], ["withdrawn", "withdrawn"]), (said, states)
    order = office.in_state("returned", source="incidents", source_id=str(loop.submit("南边的路灯").pk))
    other = make.who(Role.SUPERVISOR)
    said = at_once(
        lambda: make.move(office.supervisor, order, "arbitrate", unit=office.unit.pk, reason="归你"),
        lambda: make.move(other, order, "arbitrate", unit=office.other.pk, reason="归他"),
        lambda: make.move(other, order, "allow_return"),
    )
    assert said.count("") >= 1, said
    assert WorkOrder.objects.get(pk=order.pk).state in ("assigned", "opened")
    assert WorkOrder.objects.get(pk=order.pk).hand_backs.exclude(outcome="pending").count() == 1
