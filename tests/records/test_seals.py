"""Seals of the audit: whatever is changed behind the product's back is found, and late commits raise no false alarm."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from kernel import clock
from records import sql
from records.models import AuditEvent, AuditSeal
from records.selectors import audit_report
from records.services import audit_seal, audit_write
from tests.factories import people, places

pytestmark = pytest.mark.django_db(transaction=True)


def write(count=1, **changes):
    with transaction.atomic():
        return [
            audit_write(by=people.viewer("desk"), action="thing.update", obj=("a.b", n), changes=changes)
            for n in range(count)
        ]


def behind_the_back(statement, *values):
    """What somebody with the password of the database can do."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("records_auditevent", "records_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        assert cursor.rowcount > 0
        for table in ("records_auditevent", "records_auditseal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_nothing_to_seal():
    assert audit_seal() is None
    assert audit_report().findings == ()


def test_whole_audit_is_whole():
    for size in (3, 1, 5):
        write(size, text=["前", "后"], number=[1.10, None], nested=[{"b": 1, "a": 2}, [True]])
        assert audit_seal().rows == size
    write(2)
    report = audit_report()
    assert (report.seals, report.rows, report.unsealed, report.findings) == (3, 9, 2, ())
    assert report.head == AuditSeal.objects.get(rows=5).mac


COLUMNS = {
    "at": "at + interval '1 microsecond'",
    "era": "era + 1",
    "xid": "xid - 1",
    "id": "id + 1000",
    "actor_id": "7",
    "actor_label": "'x'",
    "role": "'x'",
    "county": "'x'",
    "action": "'x'",
    "object_type": "'x'",
    "object_id": "'x'",
    "changes": """'{"a": [1, 3]}'""",
}


def test_every_column_is_listed():
    assert set(COLUMNS) == {field.column for field in AuditEvent._meta.fields}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("which", [0, 1, 2], ids=["first", "middle", "last"])
def test_altered_row_is_found(column, which):
    rows = [write(a=[1, 2])[0] for _ in range(3)]
    audit_seal()
    value = COLUMNS[column]
    behind_the_back(f"UPDATE records_auditevent SET {column} = {value} WHERE id = %s", rows[which].pk)
    assert audit_report().findings


@pytest.mark.parametrize("which", [0, 1, 2, 3], ids=["first", "middle", "last of first seal", "very last"])
def test_removed_row_is_found(which):
    rows = write(3)
    audit_seal()
    rows += write(1)
    audit_seal()
    behind_the_back("DELETE FROM records_auditevent WHERE id = %s", rows[which].pk)
    (finding,) = audit_report().findings
    assert "少了 1 行" in finding


def test_inserted_row_is_found():
    row = write(2)[0]
    audit_seal()
    columns = "era, xid, at, actor_id, actor_label, role, county, action, object_type, object_id, changes"
    behind_the_back(
        f"INSERT INTO records_auditevent ({columns}) SELECT {columns} FROM records_auditevent WHERE id = %s", row.pk
    )
    (finding,) = audit_report().findings
    assert "多了 1 行" in finding


def test_swapped_seals_and_removed_seals_are_found():
    for _ in range(3):
        write()
        audit_seal()
    first, middle, last = AuditSeal.objects.order_by("id")
    behind_the_back("DELETE FROM records_auditseal WHERE id = %s", middle.pk)
    assert audit_report().findings
    behind_the_back("DELETE FROM records_auditseal WHERE id = %s", last.pk)
    behind_the_back("DELETE FROM records_auditevent WHERE id > (SELECT min(id) FROM records_auditevent)")
    assert not audit_report().findings  # the chain alone cannot know what followed it …
    assert audit_report(last.mac[:16]).findings  # … whoever noted its head can
    assert not audit_report(first.mac).findings


def test_another_key_is_said(settings):
    write()
    audit_seal()
    settings.AUDIT_SEAL_KEY = "another"
    (finding,) = audit_report().findings
    assert "AUDIT_SEAL_KEY" in finding


def test_forged_seal_without_the_key_is_found(settings):
    rows = write(2)
    audit_seal()
    behind_the_back("DELETE FROM records_auditevent WHERE id = %s", rows[0].pk)
    behind_the_back("DELETE FROM records_auditseal WHERE true")
    right = settings.AUDIT_SEAL_KEY
    settings.AUDIT_SEAL_KEY = "guess"
    forged = audit_seal()
    settings.AUDIT_SEAL_KEY = right
    behind_the_back("UPDATE records_auditseal SET key_id = 'x' WHERE id = %s", forged.pk)
    assert audit_report().findings


def in_thread(work):
    """Run ``work`` on a connection of its own; its result."""
    box = []

    def run():
        try:
            box.append(work())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive(), "it waits for somebody"
    return box[0]


def test_late_commit_with_lower_ids_is_neither_missed_nor_reported():
    with transaction.atomic():
        early = audit_write(by=people.viewer(), action="late.commit", obj=("a.b", 1))
        later = in_thread(lambda: write(2))  # higher ids, committed before
        assert early.pk < later[0].pk
        assert in_thread(audit_seal) is None  # all of it is above the oldest running transaction
    assert audit_seal().rows == 3
    assert audit_report().findings == ()


def test_what_was_over_before_the_running_one_is_sealed():
    write(2)
    with transaction.atomic():
        audit_write(by=people.viewer(), action="late.commit", obj=("a.b", 1))
        in_thread(write)
        assert in_thread(audit_seal).rows == 2
        assert in_thread(audit_report).findings == ()
    assert audit_seal().rows == 2
    assert audit_report().findings == ()


def test_transaction_that_has_a_number_but_no_audit_row_yet_holds_the_seal_back():
    with transaction.atomic():
        places.county()  # a change, which gives the transaction its number
        in_thread(write)
        assert in_thread(audit_seal) is None
        audit_write(by=people.viewer(), action="late.row", obj=("a.b", 1))
    assert audit_seal().rows == 2
    assert audit_report().findings == ()


@pytest.mark.parametrize(
    "newest, low, full",
    [
        (1000, 990, 990),
        (1000, 1005, 1005),
        (2**32 + 10, 5, 2**32 + 5),
        (2**32 + 10, 2**32 - 5, 2**32 - 5),
        (3 * 2**32 - 1, 3, 3 * 2**32 + 3),
    ],
)
def test_numbers_of_32_bits_are_completed(newest, low, full):
    assert sql._nearest(newest, low) == full


def test_rolled_back_rows_leave_no_hole():
    write()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _write_and_fail()
    write()
    assert audit_seal().rows == 2
    assert audit_report().findings == ()


def _write_and_fail():
    audit_write(by=people.viewer(), action="x.y", obj=("a.b", 1))
    raise ZeroDivisionError


def test_sealing_while_eight_write():
    stop = threading.Event()

    def writer():
        try:
            while not stop.is_set():
                write(2)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=writer) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(10):
            audit_seal()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    audit_seal()
    report = audit_report()
    assert report.findings == ()
    assert (report.rows, report.unsealed) == (AuditEvent.objects.count(), 0)


def test_restored_into_a_cluster_that_counts_from_a_lower_number():
    write()
    # As after a restore: the last seal ends above all numbers that this cluster gives out
    seal = audit_seal()
    behind_the_back("UPDATE records_auditevent SET xid = xid + 100000000")
    behind_the_back("DELETE FROM records_auditseal WHERE id = %s", seal.pk)
    AuditSeal.objects.create(**_sealed(end_xid=seal.end_xid + 100000000))
    write(2)
    assert audit_report().findings == ()
    assert audit_seal().rows == 2
    write()
    assert audit_seal().rows == 1
    report = audit_report()
    assert (report.findings, report.rows, report.unsealed) == ((), 4, 0)
    assert set(AuditEvent.objects.values_list("era", flat=True)) == {0, 1}


def _sealed(end_xid):
    from records import selectors

    mac, rows = selectors.seal_mac("", (0, 0), (0, end_xid))
    return {"end_era": 0, "end_xid": end_xid, "rows": rows, "mac": mac, "key_id": selectors.seal_key_id()}


def test_commands():
    def run(*args):
        out = StringIO()
        call_command(*args, stdout=out)
        return out.getvalue()

    assert "no seal yet" in run("audit_verify")
    with clock.freeze("2026-06-30T08:00"):
        rows = write(2)
        head = run("audit_seal").split()[-1]
    with clock.freeze("2026-06-30T09:30"):
        assert "last seal 1 h 30 min ago" in run("audit_verify")
        assert "whole" in run("audit_verify", "--head", head)
    behind_the_back("DELETE FROM records_auditevent WHERE id = %s", rows[0].pk)
    with pytest.raises(CommandError) as caught:
        run("audit_verify")
    assert caught.value.returncode == 1
