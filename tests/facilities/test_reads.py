"""What is shown to whom: layer, list, single feature, panel, search; and the nearest of a kind."""

from __future__ import annotations

import json

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from hypothesis import given, settings, strategies

from facilities.api.features import FacilityFeatureSerializer, detail_json
from facilities.map_layers import FACILITIES
from facilities.models import Facility
from facilities.panel import _facilities
from facilities.selectors import categories_search, facility_nearest, facility_photos, facility_rows
from kernel.errors import Invalid, NotFound
from kernel.geo import distance_m, ewkt
from kernel.panel import PlaceRef
from kernel.search import SearchQuery
from kernel.viewer import Role, Viewer
from layers import features
from layers.query import Query
from media.models import State
from tests.factories import facilities, media, people, places

pytestmark = pytest.mark.django_db

VILLAGE, NEXT_DOOR = "990521003007", "990521003008"
CANARIES = (facilities.MOBILE, facilities.MANAGER)


def fast_list(viewer: Viewer) -> list[dict]:
    page = features.page(FACILITIES, viewer, Query(limit=1000))
    return json.loads(b"[" + bytes(page.features) + b"]")


def slow_list(viewer: Viewer) -> list[dict]:
    rows = facility_rows(viewer)
    text = json.dumps(FacilityFeatureSerializer(rows, many=True, context={"viewer": viewer}).data, default=str)
    return json.loads(text)["features"]


@pytest.fixture
def four():
    """Inside, next door, unpublished inside, in another county; each with canaries in its private fields."""
    return [
        facilities.facility(VILLAGE),
        facilities.facility(NEXT_DOOR),
        facilities.facility(VILLAGE, is_published=False, name="内部"),
        facilities.facility("990522001001"),
    ]


@pytest.mark.parametrize("role", people.ROLES)
@pytest.mark.parametrize("area", [VILLAGE, "990521003007001", "990521004", None])
def test_rows_and_private_fields(role, area, four):
    """Rows by jurisdiction and fields by row: never more than both allow, in the list as in the single feature."""
    viewer = people.viewer(role, jurisdiction=[area] if area else [])
    is_staff = role not in (None, Role.CITIZEN)
    inside = is_staff and (area or "").startswith(VILLAGE)
    shown = {row["id"]: row["properties"] for row in slow_list(viewer)}
    assert set(shown) == {four[0].pk, four[1].pk} | ({four[2].pk} if inside else set())
    for pk, properties in shown.items():
        assert ("manager_mobile" in properties) == is_staff
        is_own = inside and pk != four[1].pk
        assert properties.get("manager_mobile") == (facilities.MOBILE if is_own else None)
        assert properties.get("manager") == (facilities.MANAGER if is_own else None)
        single = json.loads(json.dumps(detail_json(viewer, pk), default=str))["properties"]
        assert {name: single[name] for name in properties} == properties
        may = is_own and role not in (Role.SUPERVISOR, Role.ADMIN)
        assert single["may_edit"] == may
    for hidden in {one.pk for one in four} - set(shown):
        with pytest.raises(NotFound):
            detail_json(viewer, hidden)


@pytest.mark.parametrize("role", people.ROLES)
def test_the_serializer_equals_the_fast_list(role, four, settings, tmp_path):
    settings.MEDIA_ROOT, settings.SEALED_ROOT = tmp_path / "media", tmp_path / "sealed"
    facilities.facility_photo(four[0], media.photo())
    facilities.facility_photo(four[0], media.photo(state=State.PENDING))
    facilities.facility(None, services=[], code="A")
    Facility.objects.filter(pk=four[1].pk).update(updated_at="2026-06-30T10:20:00.987654+08:00")
    viewer = people.viewer(role, jurisdiction=[VILLAGE])
    fast, slow = fast_list(viewer), slow_list(viewer)
    assert len(fast) >= 3
    assert slow == fast
    assert next(row for row in fast if row["id"] == four[0].pk)["properties"]["photo_count"] == 1


def faces(client: Client, pk: int) -> list[str]:
    """Every address of the app and of the engine that shows facilities."""
    box = "119,30,121,32"
    return [
        "/api/facilities/",
        f"/api/facilities/?bbox={box}&category=toilet",
        f"/api/facilities/{pk}/",
        "/api/facilities/nearest?lon=120.1&lat=30.6&category=toilet",
        "/api/facilities/categories/",
        "/api/layers/",
        f"/api/layers/facilities/features?bbox={box}",
        "/api/layers/facilities/tiles/8/213/104.mvt",
        f"/api/layers/facilities/clusters?bbox={box}&zoom=8",
        "/api/layers/facilities/counts?level=village",
        f"/api/places/{VILLAGE}/panel",
        "/api/search?q=gongce",
        "/api/search?q=canary",
        f"/api/search?q={facilities.MOBILE}",
        f"/api/facilities/?q={facilities.MOBILE}",
    ]


@pytest.mark.parametrize("role", [None, Role.CITIZEN, Role.ADMIN, Role.GRID_MANAGER])
def test_no_face_leaks_a_private_value(role, four):
    client = Client()
    if role:
        area = [] if role in (Role.CITIZEN, Role.ADMIN) else ["990521004"]
        client.force_login(people.user(role, jurisdiction=area))
    for address in faces(client, four[0].pk):
        response = client.get(address)
        assert response.status_code == 200, (address, response.content[:300])
        body = response.getvalue()
        for canary in CANARIES:
            assert canary.encode() not in body, address
    own = Client()
    own.force_login(people.user(Role.OFFICIAL, jurisdiction=[VILLAGE]))
    assert facilities.MOBILE in own.get(f"/api/facilities/{four[0].pk}/").content.decode()


def test_queries_do_not_grow_with_rows(four, django_assert_num_queries):
    viewer = people.viewer(Role.OFFICIAL, jurisdiction=[VILLAGE])
    for number in range(30):
        facilities.facility(VILLAGE, name=f"公厕{number}")
    place = PlaceRef(VILLAGE, "荷塘村", "village", "990521", places.lonlat(VILLAGE))
    with django_assert_num_queries(1):
        slow_list(viewer)
    with django_assert_num_queries(2):
        detail_json(viewer, four[0].pk)
    with django_assert_num_queries(2):
        facility_nearest(viewer, (120.1, 30.6), "toilet")
    with django_assert_num_queries(2):
        _facilities(viewer, place)
    with django_assert_num_queries(1):
        categories_search(viewer, SearchQuery("gongce"))


def test_the_panel_of_a_village():
    middle = places.lonlat(VILLAGE)
    clinic, shelter = facilities.category("clinic", "卫生室"), facilities.category("shelter", "避难场所")
    far = facilities.facility(VILLAGE, "远", lonlat=(middle[0] + 0.003, middle[1]))
    near = facilities.facility(VILLAGE, "近", lonlat=(middle[0] + 0.001, middle[1]))
    facilities.facility(VILLAGE, "内部", is_published=False)
    beside = facilities.facility(NEXT_DOOR, "邻村卫生室", category=clinic)
    facilities.facility(NEXT_DOOR, "关着的卫生室", category=clinic, status="closed", lonlat=middle)
    facilities.facility("990521004001", "远处卫生室", category=clinic)
    here = facilities.facility(VILLAGE, "避难场所", category=shelter)
    place = PlaceRef(VILLAGE, "荷塘村", "village", "990521", middle)
    body = _facilities(people.viewer(), place)
    assert body["total"] == 3
    assert [item["id"] for item in body["items"]] == [here.pk, near.pk, far.pk]
    assert [(item["id"], item["village_name"]) for item in body["nearest"]] == [(beside.pk, "荷塘村")]
    assert body["items"][1]["distance_m"] == pytest.approx(95.8, abs=0.5)
    township = PlaceRef("990521003", "石桥镇", "township", "990521", middle)
    assert _facilities(people.viewer(), township)["total"] == 5
    empty = PlaceRef("990521009001", "空村", "village", "990521", middle)
    assert [item["category"] for item in _facilities(people.viewer(), empty)["nearest"]] == ["clinic", "shelter"]


def test_categories_are_found_as_people_type():
    facilities.category("bus", "公交站")
    facilities.category("empty", "公园")
    facilities.facility(category=facilities.category())
    facilities.facility(category=facilities.category())
    facilities.facility("990522001001", category=facilities.category("bus"))

    def typed(text):
        return [(hit.id, hit.score) for hit in categories_search(people.viewer(), SearchQuery(text))]

    for text in ("公厕", "gongce", "gc", "toilet"):
        assert typed(text) == [("toilet", 1.0)]
    assert typed("公") == [("toilet", 0.7)]
    assert typed("gong ce") == [("toilet", 1.0)]
    assert typed("火车") == []
    assert typed(" ") == []
    hit = categories_search(people.viewer(), SearchQuery("公厕"))[0]
    assert (hit.kind, hit.title, hit.subtitle, hit.lonlat) == ("category", "公厕", "2 处设施", None)


SPOT = strategies.tuples(strategies.floats(119.9, 120.3), strategies.floats(30.4, 30.8))


@settings(max_examples=25)
@given(spots=strategies.lists(SPOT, min_size=1, max_size=25), here=SPOT, limit=strategies.integers(1, 8))
def test_nearest_equals_brute_force(spots, here, limit):
    root, kind, other = places.county(), facilities.category(), facilities.category("bus", "公交站")
    Facility.objects.all().delete()
    rows = Facility.objects.bulk_create(
        Facility(county=root, category=other if n % 4 == 3 else kind, name=str(n), geom=Point(*spot, srid=4326))
        for n, spot in enumerate(spots)
    )
    found = facility_nearest(people.viewer(), here, "toilet", limit)
    wanted = sorted(distance_m(here, (r.geom.x, r.geom.y)) for r in rows if r.category_id == "toilet")[:limit]
    assert [line.distance_m for line in found] == pytest.approx(wanted, abs=0.11)
    assert {line.category for line in found} <= {"toilet"}


def test_nearest_is_answered_by_the_index():
    root, kind = places.county(), facilities.category()
    Facility.objects.bulk_create(
        Facility(
            county=root, category=kind, name=str(n), geom=Point(120 + n % 70 / 500, 30.5 + n // 70 / 500, srid=4326)
        )
        for n in range(5000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE facilities_facility")
    rows = Facility.objects.visible_to(people.viewer()).filter(category_id="toilet").near(ewkt((120.07, 30.57)))[:5]
    plan = rows.explain(analyze=True)
    assert "facility_near" in plan, plan


def test_nearest_refuses():
    with pytest.raises(Invalid) as raised:
        facility_nearest(people.viewer(), (120, 30), "spa")
    assert raised.value.code == "unknown_category"
    for limit in (0, 51):
        with pytest.raises(Invalid):
            facility_nearest(people.viewer(), (120, 30), limit=limit)
    assert facility_nearest(people.viewer(), (120, 30)) == []


def test_hidden_photos_are_shown_to_those_who_keep_the_facility(settings, tmp_path):
    settings.MEDIA_ROOT, settings.SEALED_ROOT = tmp_path / "media", tmp_path / "sealed"
    one = facilities.facility()
    facilities.facility_photo(one, media.photo(), "门口", order=2)
    facilities.facility_photo(one, media.photo(state=State.HIDDEN), "里面", order=1)
    keeper = people.viewer(Role.VILLAGE_AGENT, jurisdiction=[VILLAGE])
    assert [photo.caption for photo in facility_photos(people.viewer(), one)] == ["门口"]
    assert [photo.caption for photo in facility_photos(keeper, one)] == ["里面", "门口"]
