"""Contacts and supervision phones: who may write what, versions, audit, and the API around it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from kernel import clock
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, NotSignedIn
from kernel.viewer import Role, Viewer
from places import services
from places.models import Contact
from records.models import AuditEvent
from tests.factories import people, places

HETANG, YUSHAN, TOWN, COUNTY = "990521003007", "990521003008", "990521003", "990521"
FIELDS = {"title": "荷塘村代办员", "number": "0572-0123 4567"}
EDITORS = {Role.VILLAGE_AGENT, Role.GRID_MANAGER, Role.DESK, Role.OFFICIAL}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places() -> None:
    places.village(HETANG, "荷塘村")
    places.village(YUSHAN, "禹山村")


def official(*codes: str) -> Viewer:
    return people.viewer(Role.OFFICIAL, jurisdiction=codes or (COUNTY,))


def signed_in(role: Role, *codes: str, county: str = places.COUNTY) -> Client:
    client = Client()
    client.force_login(people.user(role, jurisdiction=codes, county=county))
    return client


# Services


@pytest.mark.parametrize("role", people.ROLES)
def test_each_role_writes_only_where_it_may(role: Role | None) -> None:
    by = people.viewer(role, jurisdiction=[HETANG])
    expected = None if role in EDITORS else NotSignedIn if role is None else Forbidden
    if expected:
        with pytest.raises(expected):
            services.contact_create(by=by, place=HETANG, fields=FIELDS)
        assert not Contact.objects.exists()
        assert not AuditEvent.objects.exists()
    else:
        assert services.contact_create(by=by, place=HETANG, fields=FIELDS).pk


@pytest.mark.parametrize(
    ("jurisdiction", "place", "error"),
    [
        ((HETANG,), HETANG, None),
        ((TOWN,), HETANG, None),
        ((COUNTY,), COUNTY, None),
        ((HETANG,), YUSHAN, "outside_jurisdiction"),
        ((HETANG,), TOWN, "outside_jurisdiction"),
        ((), HETANG, "outside_jurisdiction"),
        ((COUNTY,), "990521003099", "unknown_place"),
        ((COUNTY, "990522"), "990522001001", "unknown_place"),
        ((COUNTY,), "", "unknown_place"),
        ((COUNTY,), "x" * 100, "unknown_place"),
    ],
)
def test_only_inside_the_jurisdiction(jurisdiction: tuple[str, ...], place: str, error: str | None) -> None:
    places.village("990522001001")
    by = people.viewer(Role.OFFICIAL, jurisdiction=jurisdiction)
    if error is None:
        assert services.contact_create(by=by, place=place, fields=FIELDS).place_id == place
        return
    with pytest.raises(DomainError) as caught:
        services.contact_create(by=by, place=place, fields=FIELDS)
    assert caught.value.code == error
    assert not Contact.objects.exists()


def test_a_contact_is_kept_with_its_audit_row() -> None:
    with clock.freeze("2026-06-30"):
        made = services.contact_create(by=official(), place=HETANG, fields={**FIELDS, "mobile": "１３８ 0000 0000"})
    made.refresh_from_db()
    assert (made.county_id, made.number, made.mobile, made.version) == (COUNTY, "0572-0123 4567", "138 0000 0000", 1)
    assert made.updated_at == clock.dt.datetime(2026, 6, 30, 10, 20, tzinfo=clock.ZONE)
    row = AuditEvent.objects.get()
    assert (row.action, row.object_id, row.changes["title"]) == ("contact.create", str(made.pk), [None, "荷塘村代办员"])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"number": "8012107"}, "number"),
        ({"number": ""}, "number"),
        ({"mobile": "12345"}, "mobile"),
        ({"title": "   "}, "title"),
        ({"title": "长" * 61}, "title"),
        ({"kind": "friend"}, "kind"),
        ({"order": -1}, "order"),
        ({"version": 7}, "version"),
        ({"pk": 7}, "pk"),
        ({"county_id": "990522"}, "county_id"),
    ],
)
def test_wrong_values_change_nothing(fields: dict[str, Any], field: str) -> None:
    contact = places.contact(places.village(HETANG))
    before = Contact.objects.values().get()
    for act in (
        lambda: services.contact_update(by=official(), pk=contact.pk, version=1, fields=fields),
        lambda: services.contact_create(by=official(), place=HETANG, fields={**FIELDS, **fields}),
    ):
        with pytest.raises(Exception) as caught:  # noqa: PT011  DomainError, or Django's ValidationError of a column
            act()
        said = getattr(caught.value, "field", "") or next(iter(caught.value.error_dict))
        assert said == field
    assert Contact.objects.values().get() == before
    assert not AuditEvent.objects.exists()


def test_an_update_counts_versions_and_notes_what_changed() -> None:
    contact = places.contact(places.village(HETANG), "旧称呼")
    done = services.contact_update(
        by=official(), pk=contact.pk, version=1, fields={"title": "新称呼", "number": "12345"}
    )
    assert (done.version, done.title, done.number) == (2, "新称呼", "12345")
    assert AuditEvent.objects.get().changes == {
        "title": ["旧称呼", "新称呼"],
        "number": ["0572-0123 4567", "12345"],
    }


@pytest.mark.parametrize(
    "act",
    [
        lambda pk: services.contact_update(by=official(), pk=pk, version=1, fields={"duty": "二"}),
        lambda pk: services.contact_delete(by=official(), pk=pk, version=1),
    ],
)
def test_an_old_version_is_a_conflict(act: Callable[[int], object]) -> None:
    contact = places.contact(places.village(HETANG))
    services.contact_update(by=official(), pk=contact.pk, version=1, fields={"duty": "一"})
    with pytest.raises(Conflict) as caught:
        act(contact.pk)
    assert caught.value.code == "version_conflict"
    contact.refresh_from_db()
    assert contact.duty == "一"


def test_a_contact_moves_only_between_places_that_one_answers_for() -> None:
    contact = places.contact(places.village(HETANG))
    with pytest.raises(Forbidden):
        services.contact_update(by=official(HETANG), pk=contact.pk, version=1, fields={"place": YUSHAN})
    with pytest.raises(Forbidden):
        services.contact_update(by=official(YUSHAN), pk=contact.pk, version=1, fields={"place": YUSHAN})
    moved = services.contact_update(by=official(TOWN), pk=contact.pk, version=1, fields={"place": YUSHAN})
    assert moved.place_id == YUSHAN


def test_what_others_hide_does_not_exist() -> None:
    hidden = places.contact(places.village(HETANG), is_published=False)
    with pytest.raises(NotFound):
        services.contact_update(by=official(YUSHAN), pk=hidden.pk, version=1, fields={"duty": "x"})
    with pytest.raises(NotFound):
        services.contact_update(by=official(), pk=hidden.pk + 1, version=1, fields={"duty": "x"})


def test_what_is_deleted_is_kept_by_the_audit() -> None:
    contact = places.contact(places.village(HETANG), "要删的")
    services.contact_delete(by=official(), pk=contact.pk, version=1)
    assert not Contact.objects.exists()
    assert AuditEvent.objects.get().changes["title"] == ["要删的", None]


def wait_until_somebody_waits_for_us() -> None:
    """Return when another connection waits for the transaction that this one is in."""
    deadline = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
            )
            if cursor.fetchone()[0]:
                return
    pytest.fail("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_one_is_told() -> None:
    contact = places.contact(places.village(HETANG))

    def second() -> str:
        try:
            services.contact_update(by=official(), pk=contact.pk, version=1, fields={"duty": "乙"})
            return "overwritten"
        except Conflict as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.contact_update(by=official(), pk=contact.pk, version=1, fields={"duty": "甲"})
            said = pool.submit(second)
            wait_until_somebody_waits_for_us()
        assert said.result(timeout=20) == "version_conflict"
    contact.refresh_from_db()
    assert (contact.duty, contact.version) == ("甲", 2)
    assert AuditEvent.objects.filter(action="contact.update").count() == 1


# API


@pytest.mark.parametrize("role", people.ROLES)
def test_the_list_is_for_editors(role: Role | None) -> None:
    places.contact(places.village(HETANG), mobile="13800000000")
    client = signed_in(role, COUNTY) if role else Client()
    answer = client.get("/api/contacts/")
    status = 401 if role is None else 200 if role in EDITORS else 403
    assert answer.status_code == status
    assert ("13800000000" in answer.content.decode()) == (status == 200)


def test_the_list_holds_the_own_jurisdiction_only() -> None:
    places.contact(places.village(HETANG), "甲", mobile="13800000000", is_published=False)
    places.contact(places.village(YUSHAN), "乙")
    places.contact(places.township(TOWN), "丙")
    client = signed_in(Role.VILLAGE_AGENT, HETANG)
    body = client.get("/api/contacts/").json()
    assert (body["total"], [one["title"] for one in body["items"]]) == (1, ["甲"])
    one = body["items"][0]
    assert one["place"] == {"code": HETANG, "name": "荷塘村", "level": "village"}
    assert one["mobile"] == "13800000000"
    assert client.get(f"/api/contacts/{one['id']}/").json() == one
    other = Contact.objects.get(title="乙")
    assert client.get(f"/api/contacts/{other.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["丙", "甲", "乙"]),
        (f"place={HETANG}", ["甲"]),
        (f"place={TOWN}", ["丙", "甲", "乙"]),
        ("kind=supervision", ["乙"]),
        ("q=甲", ["甲"]),
        ("q=4567", ["丙", "甲", "乙"]),
        ("q=%25", []),
        ("limit=1", ["丙"]),
        ("limit=1&offset=1", ["甲"]),
    ],
)
def test_the_list_is_filtered_and_paged(query: str, titles: list[str], django_assert_max_num_queries: Any) -> None:
    places.contact(places.village(HETANG), "甲")
    places.contact(places.village(YUSHAN), "乙", kind=Contact.Kind.SUPERVISION)
    places.contact(places.township(TOWN), "丙")
    client = signed_in(Role.OFFICIAL, COUNTY)
    with django_assert_max_num_queries(7):  # session, user, jurisdiction, rows, count, and room for a session save
        body = client.get(f"/api/contacts/?{query}").json()
    assert [one["title"] for one in body["items"]] == titles


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=501", "limit"), ("limit=x", "limit"), ("offset=-1", "offset"), ("kind=x", "kind"),
     ("limt=1", "limt"), ("place=9&place=8", "place"), ("version=1", "version")],
)  # fmt: skip
def test_bad_parameters(query: str, field: str) -> None:
    answer = signed_in(Role.OFFICIAL, COUNTY).get(f"/api/contacts/?{query}")
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_a_contact_is_added_changed_and_deleted_through_the_api() -> None:
    client = signed_in(Role.OFFICIAL, COUNTY)
    made = client.post("/api/contacts/", {**FIELDS, "place": HETANG}, "application/json")
    assert made.status_code == 201
    url, body = f"/api/contacts/{made.json()['id']}/", made.json()
    assert (body["kind"], body["version"], body["is_published"]) == ("contact", 1, True)
    changed = client.patch(url, {"version": 1, "number": "12345", "kind": "supervision"}, "application/json")
    assert (changed.status_code, changed.json()["number"], changed.json()["version"]) == (200, "12345", 2)
    stale = client.patch(url, {"version": 1, "number": "110"}, "application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "version_conflict")
    assert client.delete(f"{url}?version=1").status_code == 409
    assert client.delete(f"{url}?version=2").status_code == 204
    assert client.get(url).status_code == 404
    actions = [row.action for row in AuditEvent.objects.filter(action__startswith="contact")]
    assert actions == ["contact.create", "contact.update", "contact.delete"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("post", "/api/contacts/", {"title": "x", "number": "12345"}, 400, "invalid"),
        ("post", "/api/contacts/", {"title": "x", "number": "1", "place": HETANG}, 400, "not_a_number"),
        ("post", "/api/contacts/", {"title": "x\0", "number": "12345", "place": HETANG}, 400, "invalid"),
        ("post", "/api/contacts/", {"title": "x", "number": "12345", "place": TOWN}, 403, "outside_jurisdiction"),
        ("post", "/api/contacts/", [], 400, "invalid"),
        ("post", "/api/contacts/", "not json", 400, "malformed_body"),
        ("patch", "/api/contacts/{pk}/", {"duty": "x"}, 400, "invalid"),
        ("patch", "/api/contacts/{pk}/", {"duty": "x", "version": 0}, 400, "invalid"),
        ("patch", "/api/contacts/{other}/", {"duty": "x", "version": 1}, 403, "outside_jurisdiction"),
        ("patch", "/api/contacts/99999999999999999999999/", {"duty": "x", "version": 1}, 404, "not_found"),
        ("patch", "/api/contacts/{pk}/?limit=1", {"duty": "x", "version": 1}, 400, "unknown_parameter"),
        ("delete", "/api/contacts/{pk}/", None, 400, "missing_parameter"),
        ("delete", "/api/contacts/{pk}/?version=x", None, 400, "invalid"),
        ("put", "/api/contacts/{pk}/", {}, 405, "method_not_allowed"),
    ],
)
def test_bad_writes_get_the_one_error_shape(method: str, path: str, body: Any, status: int, code: str) -> None:
    own, other = places.contact(places.village(HETANG)), places.contact(places.village(YUSHAN))
    path = path.format(pk=own.pk, other=other.pk)
    answer = getattr(signed_in(Role.VILLAGE_AGENT, HETANG), method)(path, body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert Contact.objects.count() == 2
    assert not AuditEvent.objects.filter(action__startswith="contact").exists()


def test_anonymous_visitors_cannot_write() -> None:
    contact = places.contact(places.village(HETANG))
    client = Client()
    assert client.post("/api/contacts/", FIELDS, "application/json").status_code == 401
    assert client.delete(f"/api/contacts/{contact.pk}/?version=1").status_code == 401


def test_a_write_needs_the_token_of_the_session() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.user(Role.OFFICIAL, jurisdiction=[COUNTY]))
    answer = client.post("/api/contacts/", {**FIELDS, "place": HETANG}, "application/json")
    assert answer.status_code == 403
    assert not Contact.objects.exists()


def test_staff_of_one_county_are_citizens_in_another() -> None:
    places.village("990522001001")
    places.contact(places.village("990522001001"), mobile="13800000000")
    client = signed_in(Role.OFFICIAL, COUNTY)
    assert client.get("/api/contacts/?county=990522").status_code == 403
    answer = client.post("/api/contacts/?county=990522", {**FIELDS, "place": "990522001001"}, "application/json")
    assert answer.status_code == 403


def test_a_value_nobody_may_set_is_refused_not_ignored() -> None:
    with pytest.raises(Invalid) as caught:
        services.contact_create(by=official(), place=HETANG, fields={**FIELDS, "county": "990522"})
    assert caught.value.code == "unknown_field"
