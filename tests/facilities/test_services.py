"""Who may write where, what is refused, and that two writers never overwrite each other."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from accounts.selectors import viewer_of
from facilities.models import Facility
from facilities.services import Captioned, facility_create, facility_photos_set, facility_unpublish, facility_update
from kernel import clock
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, NotSignedIn
from kernel.viewer import Role, Viewer
from media.models import State
from records.models import AuditEvent
from tests.factories import facilities, media, people, places

pytestmark = pytest.mark.django_db

VILLAGE, NEXT_DOOR, GRID = "990521003007", "990521003008", "990521003007001"
EDITORS = {Role.VILLAGE_AGENT, Role.GRID_MANAGER, Role.DESK, Role.HANDLER, Role.OFFICIAL}


def official(*areas: str) -> Viewer:
    return people.viewer(Role.OFFICIAL, jurisdiction=areas or (places.COUNTY,))


def fresh(village: str = VILLAGE, **fields) -> dict:
    places.village(village)
    facilities.category()
    return {"name": "村口公厕", "category": "toilet", "lonlat": places.lonlat(village), **fields}


def outcome(act) -> type | None:
    try:
        act()
    except DomainError as error:
        return type(error)
    return None


AREAS = {
    "the county": ("990521", True),
    "the township": ("990521003", True),
    "the village": (VILLAGE, True),
    "a grid of the village": (GRID, True),
    "another village": (NEXT_DOOR, False),
    "a grid of another village": ("990521003008001", False),
    "another township": ("990521004", False),
    "nothing": (None, False),
}


@pytest.mark.parametrize("role", people.ROLES)
@pytest.mark.parametrize("area", AREAS)
def test_who_may_write(role, area):
    code, inside = AREAS[area]
    by = people.viewer(role, jurisdiction=[code] if code else [])
    one = facilities.facility(VILLAGE)
    done = {
        "create": outcome(lambda: facility_create(by=by, fields=fresh())),
        "update": outcome(lambda: facility_update(by=by, pk=one.pk, version=1, fields={"hours": "8:00–18:00"})),
        "photos": outcome(lambda: facility_photos_set(by=by, pk=one.pk, version=2, photos=[])),
        "unpublish": outcome(lambda: facility_unpublish(by=by, pk=one.pk, version=3)),
    }
    expected = NotSignedIn if role is None else None if role in EDITORS and inside else Forbidden
    assert set(done.values()) == {expected}
    assert AuditEvent.objects.count() == (4 if expected is None else 0)
    one.refresh_from_db()
    assert one.version == (4 if expected is None else 1)


def test_other_counties_do_not_exist_here():
    there = facilities.facility("990522001001")
    by = official("990521", "990522")
    with pytest.raises(NotFound):
        facility_update(by=by, pk=there.pk, version=1, fields={"hours": "x"})
    stranger = people.viewer(Role.OFFICIAL, county="990522", jurisdiction=["990521"])
    with pytest.raises(Forbidden):
        facility_update(by=stranger, pk=there.pk, version=1, fields={"hours": "x"})


def test_a_facility_of_no_village_belongs_to_the_county():
    one = facilities.facility(None)
    with pytest.raises(Forbidden):
        facility_update(by=official("990521003"), pk=one.pk, version=1, fields={"hours": "x"})
    assert facility_update(by=official(), pk=one.pk, version=1, fields={"hours": "x"}).hours == "x"


def test_create_finds_village_and_search_text():
    with clock.freeze("2026-06-30"):
        made = facility_create(
            by=official(), fields=fresh(services=[" 洗手液 ", "", "洗手液", "母婴台"], phone="05720123４567")
        )
    made.refresh_from_db()
    assert (made.village_id, made.version, made.crs_source) == (VILLAGE, 1, "EPSG:4326")
    assert made.services == ["洗手液", "母婴台"]
    assert made.phone == "05720123" + "4567"
    assert "cunkougongce ckgc" in made.search_text
    assert made.updated_at.isoformat().startswith("2026-06-30")
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.changes["name"]) == (
        "facility.create",
        str(made.pk),
        [None, "村口公厕"],
    )


def test_private_values_do_not_enter_the_audit():
    one = facilities.facility(manager_mobile="")
    facility_update(by=official(), pk=one.pk, version=1, fields={"manager_mobile": "13900009999", "manager": "canary"})
    text = str(AuditEvent.objects.get().changes)
    assert "manager_mobile" in text
    assert "13900009999" not in text
    assert "canary" not in text


def test_nothing_changed_is_nothing_written():
    one = facilities.facility()
    same = facility_update(by=official(), pk=one.pk, version=1, fields={"hours": one.hours, "name": one.name})
    assert same.version == 1
    assert not AuditEvent.objects.exists()


def test_a_move_takes_the_village_along():
    one = facilities.facility(VILLAGE)
    places.village(NEXT_DOOR)
    moved = facility_update(by=official("990521003"), pk=one.pk, version=1, fields={"lonlat": places.lonlat(NEXT_DOOR)})
    assert moved.village_id == NEXT_DOOR
    with pytest.raises(Forbidden) as raised:
        facility_update(by=official(NEXT_DOOR), pk=one.pk, version=2, fields={"lonlat": places.lonlat(VILLAGE)})
    assert raised.value.code == "outside_jurisdiction"
    one.refresh_from_db()
    assert one.village_id == NEXT_DOOR


def test_a_wrong_village_of_old_is_kept_until_place_or_position_is_touched():
    """A county's list has wrong codes; correcting opening hours must not be refused for that."""
    one = facilities.facility(VILLAGE, lonlat=places.lonlat(NEXT_DOOR))
    places.village(NEXT_DOOR)
    kept = facility_update(by=official(), pk=one.pk, version=1, fields={"hours": "x"})
    assert kept.village_id == VILLAGE
    mended = facility_update(by=official(), pk=one.pk, version=2, fields={"village": None})
    assert mended.village_id == NEXT_DOOR


BAD = {
    "no name": ({"name": ""}, "required", "name"),
    "no category": ({"category": ""}, "required", "category"),
    "no position": ({"lonlat": None}, "required", "geometry"),
    "unknown category": ({"category": "spa"}, "unknown_category", "category"),
    "wrong village": ({"village": NEXT_DOOR}, "wrong_village", "village"),
    "unknown village": ({"village": "123"}, "wrong_village", "village"),
    "outside": ({"lonlat": (100.0, 20.0)}, "outside_county", "geometry"),
    "off the earth": ({"lonlat": (500.0, 20.0)}, "outside_county", "geometry"),
    "swapped": ({"lonlat": places.lonlat(VILLAGE)[::-1]}, "outside_county", "geometry"),
    "unknown crs": ({"crs": "EPSG:3857"}, "unknown_crs", "crs"),
    "long name": ({"name": "长" * 81}, "invalid", "name"),
    "NUL": ({"name": "a\x00b"}, "invalid", "name"),
    "status": ({"status": "gone"}, "invalid", "status"),
    "phone": ({"phone": "call me"}, "not_a_number", "phone"),
    "mobile": ({"manager_mobile": "12345"}, "not_a_number", "manager_mobile"),
    "too many services": ({"services": [str(n) for n in range(13)]}, "invalid", "services"),
    "long service": ({"services": ["长" * 31]}, "invalid", "services"),
    "unknown field": ({"colour": "red"}, "unknown_field", "colour"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    wrong, code, field = BAD[case]
    with pytest.raises(Invalid) as raised:
        facility_create(by=official(), fields=fresh() | wrong)
    assert (raised.value.code, raised.value.field) == (code, field)
    assert not Facility.objects.exists()
    if case == "swapped":
        assert "写反" in str(raised.value.hint)
    if case == "wrong village":
        assert VILLAGE in str(raised.value.hint)


@pytest.mark.parametrize(
    "crs, off", [("GCJ-02", (0.0047, -0.0024)), ("BD-09", (0.0112, 0.0035)), ("EPSG:4490", (0, 0))]
)
def test_other_coordinate_systems_are_converted_at_the_door(crs, off):
    places.township("990521003")
    for number in range(1, 17):
        places.village(f"990521003{number:03}")
    facilities.category()
    lon, lat = places.lonlat(VILLAGE)
    given = (lon + off[0], lat + off[1])
    made = facility_create(by=official(), fields=fresh(crs=crs, lonlat=given))
    assert made.crs_source == crs
    assert (made.geom.x, made.geom.y) == pytest.approx((lon, lat), abs=0.0015)


def test_a_code_is_used_once_in_a_county():
    facilities.facility(code="A-1")
    with pytest.raises(Conflict) as raised:
        facility_create(by=official(), fields=fresh(code="A-1"))
    assert raised.value.code == "code_taken"
    two = facilities.facility(code="A-2")
    with pytest.raises(Conflict):
        facility_update(by=official(), pk=two.pk, version=1, fields={"code": "A-1"})
    facilities.facility("990522001001", code="A-1")


def test_a_version_that_is_old_or_missing():
    one = facilities.facility(version=3)
    with pytest.raises(Conflict) as raised:
        facility_update(by=official(), pk=one.pk, version=2, fields={"hours": "x"})
    assert raised.value.code == "version_conflict"
    with pytest.raises(Invalid):
        facility_update(by=official(), pk=one.pk, version=None, fields={"hours": "x"})


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_once_one_wins():
    one = facilities.facility()
    by, results, together = official(), [], threading.Barrier(2)

    def write(hours):
        together.wait()
        results.append(outcome(lambda: facility_update(by=by, pk=one.pk, version=1, fields={"hours": hours})))
        connection.close()

    threads = [threading.Thread(target=write, args=(hours,)) for hours in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == sorted([None, Conflict], key=str)
    one.refresh_from_db()
    assert one.version == 2
    assert AuditEvent.objects.count() == 1


def test_withdrawn_facilities_stay_for_those_who_keep_them():
    one = facilities.facility()
    facility_unpublish(by=official(VILLAGE), pk=one.pk, version=1)
    assert not Facility.objects.visible_to(people.viewer()).exists()
    assert Facility.objects.visible_to(official(VILLAGE)).exists()
    assert not Facility.objects.visible_to(official(NEXT_DOOR)).exists()
    again = facility_update(by=official(VILLAGE), pk=one.pk, version=2, fields={"is_published": True})
    assert again.version == 3
    assert Facility.objects.visible_to(people.viewer()).exists()


@pytest.fixture
def folders(settings, tmp_path):
    settings.MEDIA_ROOT, settings.SEALED_ROOT = tmp_path / "media", tmp_path / "sealed"


@pytest.mark.usefixtures("folders")
def test_photos_are_set_in_order():
    one, by = facilities.facility(), media.uploader()
    first, second, third = media.photo(by), media.photo(by), media.photo(by, state=State.HIDDEN)
    facility_photos_set(by=by, pk=one.pk, version=1, photos=[Captioned(second.pk, "门口"), Captioned(first.pk)])
    shown = one.facility_photos.values_list("photo_id", "caption")
    assert list(shown) == [(second.pk, "门口"), (first.pk, "")]
    facility_photos_set(by=by, pk=one.pk, version=2, photos=[Captioned(third.pk)])
    agent = viewer_of(people.user(Role.VILLAGE_AGENT, jurisdiction=[VILLAGE]), places.COUNTY)
    own = media.photo(agent)
    facility_photos_set(
        by=agent, pk=one.pk, version=3, photos=[Captioned(third.pk), Captioned(own.pk)]
    )  # hidden, but was there
    assert [event.changes["photos"] for event in AuditEvent.objects.filter(action="facility.photos")] == [
        [[], [second.pk, first.pk]],
        [[second.pk, first.pk], [third.pk]],
        [[third.pk], [third.pk, own.pk]],
    ]


@pytest.mark.usefixtures("folders")
def test_photos_that_can_not_be_set():
    one, by = facilities.facility(), media.uploader()
    photo, there = media.photo(by), media.photo(media.uploader("990522"))
    hidden = media.photo(by, state=State.HIDDEN)
    agent = people.viewer(Role.VILLAGE_AGENT, jurisdiction=[VILLAGE])
    for viewer, photos in (
        (by, [Captioned(there.pk)]),
        (agent, [Captioned(hidden.pk)]),
        (agent, [Captioned(photo.pk)]),  # published, but of something that the agent may not see
        (by, [Captioned(photo.pk), Captioned(photo.pk)]),
        (by, [Captioned(photo.pk, "长" * 121)]),
        (by, [Captioned(photo.pk, "门口", "x" * 241)]),
        (by, [Captioned(n) for n in range(1, 22)]),
        (by, [Captioned(999_999)]),
    ):
        with pytest.raises(Invalid) as raised:
            facility_photos_set(by=viewer, pk=one.pk, version=1, photos=photos)
        assert raised.value.field == "photos"
    one.refresh_from_db()
    assert (one.version, one.facility_photos.count()) == (1, 0)
