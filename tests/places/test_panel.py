"""The panel: order, audience, sections that fail, whom to call, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from kernel import panel
from kernel.errors import NotFound
from kernel.panel import PanelSection, Phone, PhoneSource, PlaceRef
from kernel.viewer import Audience, Role, Viewer
from places.models import Contact
from places.selectors import place_panel
from tests.factories import people, places

pytestmark = pytest.mark.django_db
VIEWER = Viewer(county=places.COUNTY)
HETANG, TOWN = "990521003007", "990521003"


@pytest.fixture(autouse=True)
def _village() -> None:
    places.village(HETANG, "荷塘村")


@pytest.fixture
def declare() -> Iterator[Callable[..., None]]:
    """Register sections and phone sources for one test."""
    undo: list[Callable[[], None]] = []

    def add(key: str, build: Any, **more: Any) -> None:
        panel.sections.add(PanelSection(key, key.title(), build, **more))
        undo.append(lambda: panel.sections.remove(key))

    add.undo = undo  # type: ignore[attr-defined]
    yield add
    for step in undo:
        step()


def sections(viewer: Viewer = VIEWER, code: str = HETANG) -> dict[str, dict[str, Any]]:
    return {section["key"]: section for section in place_panel(viewer, code)["sections"]}


def body(key: str, code: str = HETANG, viewer: Viewer = VIEWER) -> Any:
    return sections(viewer, code)[key]["body"]


def test_sections_come_in_their_order(declare: Callable[..., None]) -> None:
    declare("last", lambda viewer, place: {}, order=9999)
    declare("first", lambda viewer, place: {}, order=-1)
    keys = list(sections())
    assert keys[0] == "first"
    assert keys[-1] == "last"
    assert keys.index("phones") < keys.index("issues")


def test_a_section_gets_the_viewer_and_the_place(declare: Callable[..., None]) -> None:
    seen: list[tuple[Viewer, PlaceRef]] = []
    declare("probe", lambda viewer, place: seen.append((viewer, place)) or {"ok": True})
    assert body("probe") == {"ok": True}
    assert seen == [(VIEWER, PlaceRef(HETANG, "荷塘村", "village", "990521", places.lonlat(HETANG)))]


def test_none_leaves_a_section_out(declare: Callable[..., None]) -> None:
    declare("nothing", lambda viewer, place: None)
    assert "nothing" not in sections()


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("role", people.ROLES)
def test_a_section_exists_for_its_audience_only(
    declare: Callable[..., None], audience: Audience, role: Role | None
) -> None:
    declare("secret", lambda viewer, place: {}, audience=audience)
    viewer = people.viewer(role)
    assert ("secret" in sections(viewer)) == viewer.may(audience)


def _raises(viewer: Viewer, place: PlaceRef) -> dict[str, Any]:
    raise RuntimeError("boom")


def _breaks_the_transaction(viewer: Viewer, place: PlaceRef) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return {}


def _missing_table(viewer: Viewer, place: PlaceRef) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    return {}


@pytest.mark.parametrize("build", [_raises, _breaks_the_transaction, _missing_table])
def test_a_section_that_fails_says_so_and_the_rest_lives(
    declare: Callable[..., None], build: Any, caplog: pytest.LogCaptureFixture
) -> None:
    places.contact(places.village(HETANG), "荷塘村代办员")
    declare("broken", build, order=-1)
    found = sections()
    assert found["broken"] == {"key": "broken", "title": "Broken", "unavailable": True}
    assert found["phones"]["body"]["contacts"][0]["title"] == "荷塘村代办员"
    assert "panel section broken of place 990521003007 failed" in caplog.text


def test_the_failure_is_no_secret_to_the_log_but_to_the_reader(declare: Callable[..., None]) -> None:
    declare("broken", _raises)
    assert "boom" not in str(place_panel(VIEWER, HETANG))


def test_the_nearest_contact_comes_first() -> None:
    village, town, county = (places.village(HETANG), places.township(TOWN), places.village(HETANG).parent.parent)
    places.contact(county, "县级专员", "0572-0111 0036")
    places.contact(town, "石桥镇专员", "0572-0111 4418")
    places.contact(village, "荷塘村副代办员", "0572-0111 6231", order=200)
    places.contact(village, "荷塘村代办员", "0572-0111 6230", order=100, duty="可以上门代办", hours="工作日")
    places.contact(places.village("990521003008", "禹山村"), "禹山村代办员", "0572-0111 9999")
    contacts = body("phones")["contacts"]
    assert [one["title"] for one in contacts] == ["荷塘村代办员", "荷塘村副代办员", "石桥镇专员", "县级专员"]
    assert contacts[0] == {
        "level": "village",
        "title": "荷塘村代办员",
        "name": "荷塘村",
        "number": "0572-0111 6230",
        "duty": "可以上门代办",
        "hours": "工作日",
    }
    assert [one["level"] for one in contacts] == ["village", "village", "township", "county"]


@pytest.mark.parametrize(("kind", "list_"), [("contact", "contacts"), ("supervision", "supervision")])
def test_english_readers_read_what_was_entered_in_english_and_else_the_chinese(kind: str, list_: str) -> None:
    village, english = places.village(HETANG), {"title_en": "Service agent", "duty_en": "Comes to your home"}
    places.contact(village, "荷塘村代办员", duty="可以上门代办", hours="工作日", kind=kind, **english)
    said = ("title", "duty", "hours")
    with translation.override("en"):
        (shown,) = body("phones")[list_]
    assert [shown[name] for name in said] == ["Service agent", "Comes to your home", "工作日"]
    (shown,) = body("phones")[list_]
    assert [shown[name] for name in said] == ["荷塘村代办员", "可以上门代办", "工作日"]


def test_a_township_shows_its_own_contacts_before_those_of_its_villages() -> None:
    places.contact(places.village(HETANG), "荷塘村代办员")
    places.contact(places.township(TOWN), "石桥镇专员")
    places.contact(places.township("990521004", "南浔镇"), "南浔镇专员")
    assert [one["title"] for one in body("phones", TOWN)["contacts"]] == ["石桥镇专员", "荷塘村代办员"]


def test_phones_of_works_come_before_the_places_own(declare: Callable[..., None]) -> None:
    supervision = Contact.Kind.SUPERVISION
    places.contact(places.township(TOWN), "石桥镇监督电话", "0572-0100 0002", kind=supervision)
    places.contact(places.village(HETANG), "荷塘村监督电话", "0572-0100 0001", kind=supervision)
    works = [
        Phone("供水工程监督电话", "12345", "供水管网改造", "工作日"),
        Phone("供水工程监督电话", "12345", "供水管网改造", "工作日"),
    ]
    panel.phone_sources.add(PhoneSource("works", lambda viewer, place: works))
    declare.undo.append(lambda: panel.phone_sources.remove("works"))  # type: ignore[attr-defined]
    phones = body("phones")["supervision"]
    assert [phone["title"] for phone in phones] == ["供水工程监督电话", "荷塘村监督电话", "石桥镇监督电话"]
    assert phones[0] == {"title": "供水工程监督电话", "number": "12345", "duty": "供水管网改造", "hours": "工作日"}


def test_what_is_not_published_is_not_on_the_panel_even_for_its_keeper() -> None:
    places.contact(places.village(HETANG), "内部电话", is_published=False)
    for viewer in people.viewers([HETANG]):
        assert body("phones", viewer=viewer)["contacts"] == []


def test_a_township_lists_its_villages_and_a_village_does_not() -> None:
    places.village("990521003008", "禹山村")
    places.village("990521004001", "别处村")
    assert body("villages", TOWN) == {
        "items": [{"code": HETANG, "name": "荷塘村"}, {"code": "990521003008", "name": "禹山村"}]
    }
    assert "villages" not in sections()


def test_the_head_of_the_panel() -> None:
    places.village(HETANG).county.__class__.objects.update(cells_illustrative=True)
    assert place_panel(VIEWER, HETANG)["place"] == {
        "code": HETANG,
        "name": "荷塘村",
        "level": "village",
        "kind": "village",
        "kind_title": "村",
        "lon": places.lonlat(HETANG)[0],
        "lat": places.lonlat(HETANG)[1],
        "bbox": list(places.bbox(HETANG)),
        "households": None,
        "population": None,
        "ancestors": [
            {"code": "990521", "name": "云溪县", "level": "county"},
            {"code": TOWN, "name": "石桥镇", "level": "township"},
        ],
        "illustrative": True,
    }


def test_another_county_has_no_panel_here() -> None:
    places.village("990522001001")
    with pytest.raises(NotFound):
        place_panel(VIEWER, "990522001001")


def _ref(code: str, level: str) -> PlaceRef:
    return PlaceRef(code, "x", level, places.COUNTY, places.lonlat(code))


@pytest.mark.parametrize("section", panel.all_sections(), ids=lambda section: section.key)
@pytest.mark.parametrize(("code", "level"), [(HETANG, "village"), (TOWN, "township"), (places.COUNTY, "county")])
def test_every_section_keeps_its_budget_of_queries(
    section: PanelSection, code: str, level: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        village = places.village(f"990521003{number + 1:03}", f"第{number}村")
        places.contact(village)
        places.contact(village, kind=Contact.Kind.SUPERVISION)
    for viewer in (VIEWER, people.viewer(Role.OFFICIAL, jurisdiction=[places.COUNTY])):
        with django_assert_max_num_queries(section.max_queries):
            section.build(viewer, _ref(code, level))


@pytest.mark.parametrize("source", list(panel.phone_sources), ids=lambda source: source.key)
def test_every_phone_source_keeps_its_budget(source: PhoneSource, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(source.max_queries):
        source.find(VIEWER, _ref(HETANG, "village"))


def test_the_section_of_phones_has_room_for_all_sources() -> None:
    phones = panel.sections["phones"]
    assert phones.max_queries >= 1 + sum(source.max_queries for source in panel.phone_sources)
