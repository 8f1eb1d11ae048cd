"""The Viewer of a request: role, unit, today's jurisdiction, and the county that is looked at."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from accounts import selectors
from accounts.middleware import viewer as middleware
from accounts.models import Jurisdiction
from kernel import clock
from kernel.viewer import Audience, Role
from tests.factories import people, places

pytestmark = pytest.mark.django_db
OTHER = "990522"


def look(path="/", user=None):
    """The viewer that the middleware puts on a request, or its refusal."""
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    seen = []
    response = middleware(lambda r: (seen.append(r.viewer), HttpResponse())[1])(request)
    return seen[0] if seen else response


def test_anonymous():
    viewer = look()
    assert (viewer.county, viewer.role, viewer.user_id, viewer.jurisdiction) == ("990521", None, None, ())
    assert viewer.audience == Audience.PUBLIC


@pytest.mark.parametrize("role", list(Role))
def test_each_role(role):
    unit = people.unit()
    user = people.user(role, unit=unit, jurisdiction=["990521003"])
    viewer = look("/", user)
    assert (viewer.role, viewer.user_id, viewer.unit_id, viewer.jurisdiction) == (
        role,
        user.pk,
        unit.pk,
        () if role in (Role.CITIZEN, Role.ADMIN) else ("990521003",),  # they answer for no place
    )
    assert viewer.label == f"{role} · {user.username}"


@pytest.mark.parametrize(
    "valid_from, valid_to, counts",
    [
        ("2026-06-30", None, True),
        ("2026-07-01", None, False),
        ("2026-01-01", "2026-06-30", True),
        ("2026-01-01", "2026-06-29", False),
    ],
)
def test_jurisdiction_of_today(valid_from, valid_to, counts):
    user = people.user("grid_manager")
    Jurisdiction.objects.create(user=user, place=places.village(), valid_from=valid_from, valid_to=valid_to)
    with clock.freeze("2026-06-30T23:30"):
        assert bool(look("/", user).jurisdiction) is counts


def test_another_county_by_parameter():
    places.county(OTHER, "邻县")
    assert look(f"/?county={OTHER}").county == OTHER


@pytest.mark.parametrize("code", ["123456", "abc", "99052", "9905211", "٩٩٠٥٢١", "990521' OR 1=1", "%00"])
def test_unknown_county_is_a_404_in_the_one_shape(code):
    refused = look(f"/api/layers/?county={code}")
    assert refused.status_code == 404
    assert b"unknown_county" in refused.content


def test_staff_of_another_county_are_citizens_there():
    places.county(OTHER, "邻县")
    user = people.user("official", unit=people.unit(), jurisdiction=["990521"])
    viewer = look(f"/?county={OTHER}", user)
    assert (viewer.role, viewer.unit_id, viewer.jurisdiction) == (Role.CITIZEN, None, ())
    assert viewer.is_signed_in


def test_operator_has_a_role_in_every_county():
    places.county(OTHER, "邻县")
    assert look(f"/?county={OTHER}", people.user("admin", county=None)).role == Role.ADMIN


def test_admin_pages_look_at_the_own_county():
    places.county(OTHER, "邻县")
    viewer = look("/admin/?county=1", people.user("admin", county=OTHER))
    assert (viewer.county, viewer.role) == (OTHER, Role.ADMIN)


def test_queries(django_assert_num_queries):
    user = people.user("desk", jurisdiction=["990521003"])
    with django_assert_num_queries(0):
        look()
    with django_assert_num_queries(1):
        assert look("/", user).role


def test_me():
    user = people.user("official", unit=people.unit(name_en="Transport"), jurisdiction=["990521003"], name="分管领导")
    me = selectors.me(selectors.viewer_of(user, "990521"))
    assert (me.name, me.role, me.role_title, me.unit) == ("分管领导", "official", "领导", "交通运输局")
    assert [(place.code, place.name) for place in me.jurisdiction] == [("990521003", "石桥镇")]
    assert me.county.code == "990521"
    assert me.may == ("console", "devices", "review", "manage")
    assert selectors.me(people.viewer()) is None
