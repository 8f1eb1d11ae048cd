"""Audit rows: what they hold, and that they are only ever added."""

import pytest
from django.db import DatabaseError, connection, transaction

from kernel import clock
from records.models import AuditEvent
from records.services import audit_write, changes_between, history_append
from tests.factories import people, places

pytestmark = pytest.mark.django_db


def test_row_says_who_did_what():
    place = places.township()
    by = people.viewer("official", unit_id=3)
    with clock.freeze("2026-06-30"):
        row = audit_write(by=by, action="place.update", obj=place, changes={"name": ["甲", "乙"]})
    row.refresh_from_db()
    assert (row.actor_id, row.role, row.county, row.action) == (by.user_id, "official", "990521", "place.update")
    assert (row.object_type, row.object_id, row.changes) == ("places.place", place.code, {"name": ["甲", "乙"]})
    assert row.at.isoformat().startswith("2026-06-30T02:20")
    assert row.xid > 0


def test_anonymous_and_gone_objects():
    row = audit_write(by=people.viewer(), action="x.delete", obj=("app.thing", 7))
    assert (row.actor_id, row.role, row.object_type, row.object_id) == (None, "", "app.thing", "7")


@pytest.mark.django_db(transaction=True)
def test_refused_outside_a_transaction():
    with pytest.raises(RuntimeError):
        audit_write(by=people.viewer(), action="x.y", obj=("a.b", 1))


@pytest.mark.parametrize("table", ["records_auditevent", "records_auditseal", "records_historyevent"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"], ids=["update", "delete", "truncate"]
)
def test_rows_are_only_added(table, statement):
    history_append(by=people.viewer(), obj=places.village(), move="x")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_auditseal (at, end_era, end_xid, rows, key_id, mac) VALUES (now(), 0, 1, 0, '', '')"
        )
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            cursor.execute(statement.format(table))


def test_rollback_takes_the_row_along():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _write_and_fail()
    assert not AuditEvent.objects.exists()


def _write_and_fail():
    audit_write(by=people.viewer(), action="x.y", obj=("a.b", 1))
    raise ZeroDivisionError


def test_changes_between():
    village = places.village()
    before = {"name": "a", "place": village, "geom": village.center, "n": 1, "same": 2}
    after = {"name": "b", "place": None, "geom": village.geom.centroid, "n": 2, "same": 2}
    changes = changes_between(before, after)
    assert changes["name"] == ["a", "b"]
    assert changes["place"] == [village.code, None]
    assert changes["geom"][0].startswith("POINT")
    assert set(changes) == {"name", "place", "geom", "n"}
