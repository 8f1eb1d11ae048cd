"""What is one's own: the inbox, in one's own language, and the filters of the console."""

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import InboxItem, User
from kernel.live import live_topics
from kernel.viewer import Role
from records.services import outbox_add, outbox_deliver
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def users():
    """Two people with three and one messages."""
    users = [people.user(Role.HANDLER), people.user(Role.DESK)]
    with transaction.atomic():
        for number, user in enumerate([users[0]] * 3 + [users[1]]):
            outbox_add(
                by=people.viewer(),
                dedupe_key=f"m{number}",
                channel="inbox",
                recipient=str(user.pk),
                subject=f"消息 {number}",
                body="内容",
                data={"subject_en": f"Message {number}", "body_en": "", "link": "/console?order=1"},
            )
    assert outbox_deliver() == (4, 0)
    return users


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_own_messages_only_newest_first(users):
    body = client_of(users[0]).get("/api/inbox/").json()
    assert [item["subject"] for item in body["items"]] == ["消息 2", "消息 1", "消息 0"]
    assert (body["unread"], body["next"]) == (3, None)
    english = client_of(users[1]).get("/api/inbox/?lang=en").json()["items"][0]
    assert (english["subject"], english["link"]) == ("Message 3", "/console?order=1")


def test_reading(users):
    client, key = client_of(users[0]), InboxItem.objects.get(key="m1").pk
    for _ in range(2):
        assert client.post(f"/api/inbox/{key}:read").status_code == 204
    assert client.get("/api/inbox/").json()["unread"] == 2
    assert [one["subject"] for one in client.get("/api/inbox/?unread=1").json()["items"]] == ["消息 2", "消息 0"]
    assert client_of(users[1]).post(f"/api/inbox/{key}:read").status_code == 404
    assert InboxItem.objects.filter(read_at=None).count() == 3


@pytest.mark.parametrize("address", ["/api/inbox/", "/api/saved-filters/"])
def test_nobody_signed_in_has_none(address):
    assert Client().get(address).status_code == 401
    assert Client().put(address).status_code in (401, 405)


ONE = {"name": "等着交办", "queue": "all", "filters": "desk.status:accepted"}


def test_filters_are_kept_for_oneself_and_replace_those_before():
    mine, other = (client_of(people.user(role)) for role in (Role.DESK, Role.HANDLER))

    def put(items):
        return mine.put("/api/saved-filters/", {"items": items}, content_type="application/json")

    assert mine.get("/api/saved-filters/").json() == {"items": []}
    assert put([ONE, ONE | {"name": "b", "filters": ""}]).status_code == 200
    assert put([ONE]).json() == mine.get("/api/saved-filters/").json() == {"items": [ONE]}
    assert other.get("/api/saved-filters/").json() == {"items": []}
    for wrong in ([ONE] * 13, [ONE | {"more": 1}], [{"name": "x"}], [ONE | {"filters": "x" * 601}], {}, "x"):
        assert put(wrong).status_code == 400
    assert mine.get("/api/saved-filters/").json() == {"items": [ONE]}
    assert Client().post("/api/inbox/1:read").status_code == 401


def test_pages(users, django_assert_num_queries):
    InboxItem.objects.bulk_create(InboxItem(recipient=users[0], key=f"x{n}", subject=str(n)) for n in range(40))
    client = client_of(users[0])
    first = client.get("/api/inbox/").json()
    second = client.get(f"/api/inbox/?cursor={first['next']}").json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (30, 13, None)
    assert client.get("/api/inbox/?colour=red").status_code == 400


def test_somebody_who_is_gone_gets_nothing(users):
    User.objects.filter(pk=users[0].pk).delete()
    with transaction.atomic():
        outbox_add(by=people.viewer(), dedupe_key="late", channel="inbox", recipient="999999", subject="x", body="")
    assert outbox_deliver() == (1, 0)
    assert InboxItem.objects.count() == 1


def test_the_live_channel_tells_of_ones_own(users):
    topic = live_topics["inbox"]
    viewer = people.viewer(Role.DESK)
    assert topic.listens(viewer)
    assert not topic.listens(people.viewer(None))
    assert topic.part(viewer) == str(viewer.user_id)
