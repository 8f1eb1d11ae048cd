"""Django's admin: administrators only, their own county only, every write in the audit."""

import datetime as dt

import pytest
from django.contrib import admin

from accounts.models import Unit, User
from facilities.models import Category
from kernel.viewer import Role
from places.models import County
from records.models import AuditEvent, CalendarDay
from tests.factories import people, places

pytestmark = pytest.mark.django_db
OTHER = "990522"


@pytest.fixture
def as_admin(client):
    client.force_login(people.user("admin"), "accounts.backends.Backend")
    return client


def changelists():
    return [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]


def test_only_master_data():
    assert {model._meta.label for model in admin.site._registry} == {
        "accounts.ApiKey",
        "accounts.Unit",
        "accounts.User",
        "devices.AlarmRule",
        "devices.DeviceType",
        "dispatch.Crew",
        "dispatch.Skill",
        "dispatch.SlaPolicy",
        "facilities.Category",
        "imagery.RejectReason",
        "imagery.Scene",
        "imagery.SuppressionZone",
        "places.County",
        "places.Place",  # looked up only
        "projects.Category",
        "projects.Indicator",
        "records.CalendarDay",
        "records.OutboxMessage",
        "records.QuarantinedRow",  # looked at only
    }


@pytest.mark.parametrize("role", [role for role in people.ROLES if role != Role.ADMIN])
def test_nobody_else_enters(client, role):
    places.county()
    if role:
        client.force_login(people.user(role), "accounts.backends.Backend")
    for page in ["/admin/", *changelists()]:
        response = client.get(page)
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")
    assert client.get("/admin/login/?next=/admin/").url == "/login?next=/admin/"


def test_every_page_opens(as_admin):
    CalendarDay.objects.create(day="2027-01-01", is_workday=False)
    user, unit = people.user("desk"), people.unit()
    Category.objects.create(key="clinic", title="卫生室", title_en="Clinic")
    pages = ["/admin/", *changelists(), f"/admin/accounts/user/{user.pk}/change/", "/admin/accounts/user/add/"]
    pages += [f"/admin/accounts/unit/{unit.pk}/change/", "/admin/facilities/category/clinic/change/"]
    pages += ["/admin/places/county/990521/change/", "/admin/records/calendarday/add/"]
    for page in pages:
        response = as_admin.get(page)
        assert response.status_code == 200, page
        assert b"http://" not in response.content.replace(b"http://testserver", b"").replace(b"http://www.w3.org", b"")


def test_passwords_cannot_be_guessed_through_the_list(as_admin):
    people.user("desk")
    for lookup in ("password", "password__startswith", "password__regex"):
        response = as_admin.get(f"/admin/accounts/user/?{lookup}=argon2")
        assert response.status_code == 400, lookup
    assert as_admin.get("/admin/accounts/user/?role=desk").status_code == 200


def empty_inline():
    return {
        "jurisdictions-TOTAL_FORMS": "0",
        "jurisdictions-INITIAL_FORMS": "0",
    }


def test_adding_a_user_shows_the_first_password_once(as_admin):
    fields = {"username": "desk9", "name": "受理员", "role": "desk", "county": "990521", **empty_inline()}
    response = as_admin.post("/admin/accounts/user/add/", fields, follow=True)
    user = User.objects.get(username="desk9")
    (message,) = [str(m) for m in response.context["messages"] if "初始密码" in str(m)]
    assert user.check_password(message.split("：")[1].split("（")[0])
    assert user.must_change_password
    assert [event.action for event in AuditEvent.objects.all()] == ["user.create"]


def test_changing_a_user_and_the_jurisdiction(as_admin):
    user = people.user("grid_manager", jurisdiction=["990521003"])
    places.village()
    row = user.jurisdictions.get()
    fields = {
        "name": user.name,
        "role": "village_agent",
        "is_active": "on",
        "jurisdictions-TOTAL_FORMS": "2",
        "jurisdictions-INITIAL_FORMS": "1",
        "jurisdictions-0-id": row.pk,
        "jurisdictions-0-user": user.pk,
        "jurisdictions-0-place": "990521003",
        "jurisdictions-0-valid_from": "2020-01-01",
        "jurisdictions-0-valid_to": "2026-06-30",
        "jurisdictions-1-user": user.pk,
        "jurisdictions-1-place": "990521003007",
        "jurisdictions-1-valid_from": "2026-07-01",
    }
    response = as_admin.post(f"/admin/accounts/user/{user.pk}/change/", fields)
    assert response.status_code == 302, response.content.decode()
    user.refresh_from_db()
    assert user.role == "village_agent"
    assert user.jurisdictions.count() == 2
    changes = {event.action: event.changes for event in AuditEvent.objects.all()}
    assert changes["user.update"] == {"role": ["grid_manager", "village_agent"]}
    assert changes["jurisdiction.update"] == {"valid_to": [None, "2026-06-30"]}
    assert changes["jurisdiction.create"]["place"] == [None, "990521003007"]


def test_resetting_passwords(as_admin):
    user = people.user("desk")
    chosen = {"action": "reset_passwords", "_selected_action": [user.pk]}
    response = as_admin.post("/admin/accounts/user/", chosen, follow=True)
    (message,) = map(str, response.context["messages"])
    before = user.password
    user.refresh_from_db()
    assert user.password != before
    assert user.check_password(message.split("：")[1].split("（")[0])


def test_history_is_the_audit(as_admin):
    user = people.user("desk")
    as_admin.post("/admin/accounts/user/", {"action": "reset_passwords", "_selected_action": [user.pk]})
    page = as_admin.get(f"/admin/accounts/user/{user.pk}/history/").content.decode()
    assert "user.password_reset" in page
    stranger = people.user("desk", county=OTHER)
    assert as_admin.get(f"/admin/accounts/user/{stranger.pk}/history/").status_code == 403


def test_other_counties_are_out_of_sight(as_admin):
    stranger = people.user("desk", county=OTHER)
    unit = people.unit("x", "邻县单位", county=OTHER)
    assert stranger.username not in as_admin.get("/admin/accounts/user/").content.decode()
    for page in (f"/admin/accounts/user/{stranger.pk}/change/", f"/admin/accounts/unit/{unit.pk}/change/"):
        assert as_admin.get(page).status_code == 302, "Django leads back to the list"
    assert as_admin.get(f"/admin/places/county/{OTHER}/change/").status_code == 302
    fields = {"username": "desk9", "name": "受理员", "role": "desk", "county": OTHER, **empty_inline()}
    assert as_admin.post("/admin/accounts/user/add/", fields).status_code == 200, "an error on the form"
    assert not User.objects.filter(username="desk9").exists()
    assert OTHER not in as_admin.get("/admin/accounts/unit/add/").content.decode()


def test_operator_sees_all_counties(client):
    stranger = people.user("desk", county=OTHER)
    client.force_login(people.user("admin", county=None, is_superuser=True), "accounts.backends.Backend")
    assert stranger.username in client.get("/admin/accounts/user/").content.decode()
    fields = {"username": "desk9", "name": "受理员", "role": "desk", "county": OTHER, **empty_inline()}
    client.post("/admin/accounts/user/add/", fields)
    assert User.objects.get(username="desk9").county_id == OTHER


def test_places_are_looked_up_in_the_own_county(as_admin):
    places.village()
    places.village("990522003007", "荷花村")
    lookup = "/admin/autocomplete/?app_label=accounts&model_name=jurisdiction&field_name=place&term=荷"
    found = as_admin.get(lookup).json()["results"]
    assert [row["id"] for row in found] == ["990521003007"]


def test_lists_are_audited(as_admin):
    as_admin.post("/admin/accounts/unit/add/", {"county": "990521", "code": "SL", "name": "水利局", "is_active": "on"})
    unit = Unit.objects.get()
    as_admin.post("/admin/records/calendarday/add/", {"day": "2027-01-01", "name": "元旦"})
    as_admin.post("/admin/places/county/990521/change/", {"name": "云溪县", "approval_number": "示例 1 号"})
    as_admin.post(f"/admin/accounts/unit/{unit.pk}/delete/", {"post": "yes"})
    said = [(event.action, event.object_id) for event in AuditEvent.objects.order_by("id")]
    assert said == [
        ("unit.create", str(unit.pk)),
        ("calendarday.create", "2027-01-01"),
        ("county.update", "990521"),
        ("unit.delete", str(unit.pk)),
    ]
    assert CalendarDay.objects.get().day == dt.date(2027, 1, 1)
    assert County.objects.get().approval_number == "示例 1 号"


def test_category_is_found_by_pinyin(as_admin):
    as_admin.post(
        "/admin/facilities/category/add/",
        {"key": "clinic", "title": "卫生室", "title_en": "Clinic", "icon": "clinic", "order": "1"},
    )
    assert "weishengshi" in Category.objects.get().search_text
