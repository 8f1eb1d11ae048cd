"""Statements that are kept: the rows of the queryset, other values, other viewers, the day, and signs in a pattern."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import override

from kernel import clock, kept
from kernel.kept import given
from kernel.language import named
from kernel.viewer import Role, Viewer
from places.models import Contact, Place
from tests.factories import people, places

pytestmark = pytest.mark.django_db
VIEWER = Viewer(county=places.COUNTY)
HETANG, YUSHAN = "990521003007", "990521003008"


@pytest.fixture(autouse=True)
def _villages() -> None:
    kept._write.cache_clear()
    places.village(HETANG, "荷塘村")
    places.village(YUSHAN, "禹山村")


def _places(viewer: Viewer) -> QuerySet[Place]:
    rows = Place.objects.visible_to(viewer).filter(code__startswith=given("code")).select_related("parent")
    return rows.annotate(told=Concat(F("name"), Value("!")))


def _tuples(viewer: Viewer) -> QuerySet[Place, tuple[str, str]]:
    return Place.objects.visible_to(viewer).filter(name=given("name")).values_list("code", "name")


def _named(viewer: Viewer) -> QuerySet[Place, str]:
    return Place.objects.visible_to(viewer).filter(name__contains=given("part")).values_list("name", flat=True)


def _contacts(viewer: Viewer) -> QuerySet[Contact, str]:
    return Contact.objects.visible_to(viewer).values_list("title", flat=True)


def _today(viewer: Viewer) -> QuerySet[Place, Any]:
    return Place.objects.filter(code=given("code")).values_list(Value(clock.today()), flat=True)


def _in_language(viewer: Viewer) -> QuerySet[Place, Any]:
    return Place.objects.filter(code=given("code")).values_list(Value(named("村", "village")), flat=True)


def _nobody(viewer: Viewer) -> QuerySet[Place]:
    return Place.objects.none()


def test_rows_are_models_with_all_that_the_queryset_selects(django_assert_num_queries: Any) -> None:
    for code, name in ((HETANG, "荷塘村"), (YUSHAN, "禹山村")):
        with django_assert_num_queries(1):
            (row,) = kept.rows(_places, VIEWER, code=code)
            assert (row.pk, row.name, row.told, row.parent.name) == (code, name, f"{name}!", "石桥镇")
            assert row.center.coords == places.lonlat(code)
    assert kept._write.cache_info().misses == 1


def test_rows_are_tuples_where_the_queryset_gives_tuples() -> None:
    assert kept.rows(_tuples, VIEWER, name="禹山村") == [(YUSHAN, "禹山村")]
    assert kept.rows(_named, VIEWER, part="塘") == ["荷塘村"]


@pytest.mark.parametrize("part", ["%", "_", "\\", "荷%村", "'", "%s", "%(x)s"])
def test_signs_mean_themselves_in_a_pattern_and_outside(part: str) -> None:
    assert kept.rows(_named, VIEWER, part=part) == []
    assert kept.rows(_tuples, VIEWER, name=part) == []
    Place.objects.filter(code=HETANG).update(name=f"荷{part}村")
    assert kept.rows(_named, VIEWER, part=part) == [f"荷{part}村"]
    assert kept.rows(_tuples, VIEWER, name=f"荷{part}村") == [(HETANG, f"荷{part}村")]


def test_each_viewer_has_a_statement_of_their_own() -> None:
    places.contact(places.village(HETANG), "公开")
    places.contact(places.village(HETANG), "内部", is_published=False)
    for _ in range(2):
        assert kept.rows(_contacts, VIEWER) == ["公开"]
        assert set(kept.rows(_contacts, people.viewer(Role.DESK, jurisdiction=[HETANG]))) == {"公开", "内部"}
        assert kept.rows(_contacts, people.viewer(Role.DESK, jurisdiction=[YUSHAN])) == ["公开"]
        assert kept.rows(_contacts, Viewer(county="990522")) == []


def test_a_statement_lives_for_a_day_and_a_language() -> None:
    for day in (dt.date(2026, 6, 30), dt.date(2026, 7, 1)):
        with clock.freeze(day):
            assert kept.rows(_today, VIEWER, code=HETANG) == [day]
    assert kept.rows(_in_language, VIEWER, code=HETANG) == ["村"]
    with override("en"):
        assert kept.rows(_in_language, VIEWER, code=HETANG) == ["village"]


def test_no_query_where_there_can_be_no_row(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert kept.rows(_nobody, VIEWER) == []


def test_a_value_that_was_not_given_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        kept.rows(_named, VIEWER)
