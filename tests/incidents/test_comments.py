"""Remarks for everybody: written with the code, published by those who answer for the place, masked for the public."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from incidents.models import Comment
from kernel.viewer import Role
from tests.factories import incidents, places
from tests.incidents import loop
from tests.incidents.loop import client_of

pytestmark = pytest.mark.django_db
CODE = "K3W8-9QZT-2M7RX"
OFFICE = "0572-0123 4567"
SAID = "昨晚又吵到两点，可以打 13900001234 问我，值班电话 0572-0123 4567 没人接，身份证 33052119900101001X"


def post(client, path, **body):
    return client.post(path, json.dumps(body), content_type="application/json")


def say(text=SAID, **more):
    return post(Client(), f"/api/incidents/track/{CODE}:comment", text=text, **more)


@pytest.fixture
def cast(village):
    places.contact(village, "监督", OFFICE, kind="supervision")
    return loop.cast()


@pytest.fixture
def report(cast):
    made = incidents.report("990521003007", order_state="in_progress", category=incidents.category("noise"))
    made.order.lead_unit = cast.unit
    made.order.save()
    incidents.reporter(made, CODE)
    return made


RIGHTS = [
    ("desk", 200, 200),
    ("grid", 200, 200),
    *((who, 403, 403) for who in ("handler", "supervisor", "official")),
    *((who, 403, 404) for who in ("agent", "citizen", "admin", "grid of another village")),
    ("", 401, 401),
]


@pytest.mark.parametrize(("who", "public", "hidden"), RIGHTS)
def test_who_publishes(cast, report, who, public, hidden):
    """role × answer: those who moderate photos of the place moderate its remarks; what one does not see is 404."""
    say(is_public=True)
    made = Comment.objects.get()
    places.village("990521001001", "内村")
    others = {
        "": None,
        "citizen": loop.who(Role.CITIZEN),
        "admin": loop.who(Role.ADMIN),
        "grid of another village": loop.who(Role.GRID_MANAGER, "990521001001"),
    }
    client = client_of(others[who] if who in others else getattr(cast, who))
    path = f"/api/incidents/desk/{report.pk}:comment_publish"
    assert post(client, path, comment=made.pk, is_published=True).status_code == public
    made.refresh_from_db()
    assert made.is_published is (public == 200)
    report.is_public = False
    report.save(update_fields=["is_public"])
    assert post(client, path, comment=made.pk, is_published=False).status_code == hidden


def test_from_the_code_to_the_public_page_and_back(cast, report):
    public, desk = f"/api/incidents/{report.number}", client_of(cast.desk)
    path = f"/api/incidents/desk/{report.pk}:comment_publish"
    assert say("只给办事的人看").json()["comments"][-1]["is_public"] is False
    own = say(is_public=True).json()["comments"][-1]
    assert (own["is_public"], own["is_published"], own["text"]) == (True, False, SAID)
    assert Client().get(public).json()["comments"] == []
    private, made = Comment.objects.order_by("pk")
    case = post(desk, path, comment=made.pk, is_published=True).json()
    shown = next(one for one in case["comments"] if one["id"] == made.pk)
    assert (shown["is_published"], shown["text"]) == (True, SAID)
    (seen,) = Client().get(public).json()["comments"]
    assert seen["text"] == shown["public_text"]
    assert "13900001234" not in seen["text"]
    assert "33052119900101001X" not in seen["text"]
    assert OFFICE in seen["text"]
    assert Client().get(f"/api/incidents/track/{CODE}").json()["comments"][-1]["is_published"] is True
    post(desk, path, comment=made.pk, text="又吵到两点，电话 13900001234", is_published=True)
    (seen,) = Client().get(public).json()["comments"]
    assert seen["text"].startswith("又吵到两点")
    assert "13900001234" not in seen["text"]
    post(desk, path, comment=made.pk, is_published=False)
    assert Client().get(public).json()["comments"] == []
    assert post(desk, path, comment=private.pk, is_published=True).status_code == 400
    assert post(desk, path, comment="x", is_published=True).status_code == 400


def test_what_is_not_public_takes_no_public_remarks(cast, report):
    report.is_public = False
    report.save()
    refused = say(is_public=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_public")
    assert say().status_code == 200


def test_a_remark_of_another_report_is_not_published_through_this_one(cast, report):
    say(is_public=True)
    other = incidents.report("990521003007")
    path = f"/api/incidents/desk/{other.pk}:comment_publish"
    answer = post(client_of(cast.desk), path, comment=Comment.objects.get().pk, is_published=True)
    assert answer.status_code == 400
    assert not Comment.objects.get().is_published
