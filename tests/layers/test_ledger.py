"""The change ledger: what changes a version, what does not, and that no order of commits shows old data as new."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from facilities.models import Category, Facility
from kernel import clock
from layers import ledger
from layers.models import Change
from places.models import Place
from tests.contracts.samples.shops import SHOPS, shop
from tests.factories import places

HOME, OTHER = "990521", "990522"
VILLAGE = "990521001001"
PATH = "/api/layers/shops/features"


def version(county: str = HOME) -> str:
    return ledger.version(ledger.models_of(SHOPS), county)


@pytest.fixture
def row(db: None) -> Facility:
    return shop("一", VILLAGE)


def _save(row: Facility) -> None:
    row.name = "店二"
    row.save()


def _update_many(row: Facility) -> None:
    Facility.objects.filter(pk=row.pk).update(name="店三")


def _raw(row: Facility) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE facilities_facility SET name = 'x' WHERE id = %s", [row.pk])


def _truncate(row: Facility) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the row was made in this transaction
        cursor.execute("TRUNCATE facilities_facility CASCADE")


CHANGES: list[Callable[[Facility], Any]] = [
    _save,
    _update_many,
    _raw,
    _truncate,
    lambda row: row.delete(),
    lambda row: shop("二", VILLAGE),
    lambda row: Facility.objects.bulk_create([Facility(county_id=HOME, category_id="toilet", name="x", geom=row.geom)]),
    lambda row: Category.objects.update(title="改"),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: getattr(change, "__name__", "?"))
def test_every_way_of_writing_changes_the_version(row: Facility, change: Callable[[Facility], Any]) -> None:
    before = version()
    change(row)
    assert version() != before


def test_nothing_else_does(row: Facility) -> None:
    before = version()
    Facility.objects.filter(pk=-1).update(name="x")
    Facility.objects.filter(pk=-1).delete()
    Place.objects.filter(pk=VILLAGE).update(name="x")
    assert version() == before


def test_versions_are_those_of_a_county(row: Facility) -> None:
    places.county(OTHER)
    home, other = version(HOME), version(OTHER)
    Facility.objects.filter(pk=row.pk).update(name="x")
    assert (version(HOME) != home, version(OTHER) != other) == (True, False)


def test_a_row_that_moves_to_another_county_changes_both(row: Facility) -> None:
    places.county(OTHER)
    home, other = version(HOME), version(OTHER)
    Facility.objects.filter(pk=row.pk).update(county_id=OTHER)
    assert (version(HOME) != home, version(OTHER) != other) == (True, True)


def test_one_statement_is_one_row_of_the_ledger(row: Facility) -> None:
    count = Change.objects.count()
    Facility.objects.bulk_create(
        Facility(county_id=HOME, category_id="toilet", name=f"x{number}", geom=row.geom) for number in range(100)
    )
    assert Change.objects.count() == count + 1


def test_pruning_keeps_versions_and_few_rows(row: Facility) -> None:
    for number in range(5):
        Facility.objects.filter(pk=row.pk).update(name=f"店{number}")
    before, rows = version(), Change.objects.count()
    assert ledger.prune(clock.now() + dt.timedelta(hours=1)) > 0
    assert version() == before
    assert Change.objects.count() < rows
    assert ledger.prune(clock.now() + dt.timedelta(hours=1)) == 0
    Facility.objects.filter(pk=row.pk).update(name="x")
    assert version() != before


def test_young_rows_are_not_pruned(row: Facility) -> None:
    assert ledger.prune(clock.now() - dt.timedelta(days=3650)) == 0


def test_an_answer_is_kept_until_something_changes(
    row: Facility, client: Client, django_assert_num_queries: Any
) -> None:
    kept = client.get(PATH)["ETag"]
    with django_assert_num_queries(1):
        assert client.get(PATH, headers={"If-None-Match": kept}).status_code == 304
    _save(row)
    fresh = client.get(PATH, headers={"If-None-Match": kept})
    assert fresh.status_code == 200
    assert "店二" in fresh.content.decode()


def test_another_question_or_language_is_another_answer(row: Facility, client: Client) -> None:
    kept = client.get(PATH)["ETag"]
    for query in ({"limit": 5}, {"lang": "en"}, {"status": "open"}):
        assert client.get(PATH, query, headers={"If-None-Match": kept}).status_code == 200


def test_a_new_day_is_another_answer(row: Facility, client: Client) -> None:
    """Jurisdictions begin and end with a day."""
    with clock.freeze("2026-06-30"):
        kept = client.get(PATH)["ETag"]
        assert client.get(PATH, headers={"If-None-Match": kept}).status_code == 304
    with clock.freeze("2026-07-01"):
        assert client.get(PATH, headers={"If-None-Match": kept}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_lower_id_that_commits_later_is_not_missed(client: Client) -> None:
    """Two writers: the first takes the lower id of the ledger and commits last. Between the two a reader asks.

    With the highest id as version the reader would be told 304 for ever after.
    """
    slow = shop("慢", VILLAGE)
    fast = shop("快", VILLAGE)
    has_written, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                Facility.objects.filter(pk=slow.pk).update(name="慢的新名")
                has_written.set()
                may_commit.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert has_written.wait(20)
    Facility.objects.filter(pk=fast.pk).update(name="快的新名")  # a higher id, and committed first
    between = client.get(PATH)
    assert "快的新名" in between.content.decode()
    assert "慢的新名" not in between.content.decode()
    highest = Change.objects.order_by("-pk").values_list("pk", flat=True)[0]
    may_commit.set()
    writer.join()
    assert Change.objects.order_by("-pk").values_list("pk", flat=True)[0] == highest, "the slow writer's id is lower"
    after = client.get(PATH, headers={"If-None-Match": between["ETag"]})
    assert after.status_code == 200
    assert "慢的新名" in after.content.decode()


@pytest.mark.django_db(transaction=True)
def test_pruning_beside_a_writer_loses_nothing() -> None:
    """Rows are joined while a transaction with a lower id is still open; its change counts when it commits."""
    one = shop("一", VILLAGE)
    has_written, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                Facility.objects.filter(pk=one.pk).update(name="x")
                has_written.set()
                may_commit.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert has_written.wait(20)
    shop("二", VILLAGE)
    before = version()
    ledger.prune(clock.now() + dt.timedelta(hours=1))
    assert version() == before
    may_commit.set()
    writer.join()
    assert version() != before


def test_every_table_of_every_layer_has_its_triggers(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE tgname ~ '^layers_change_' GROUP BY 1"
        )
        found = dict(cursor.fetchall())
    assert {table: found.get(table) for table in ledger.watched()} == dict.fromkeys(ledger.watched(), 4)
