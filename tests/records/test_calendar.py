"""The working calendar: holidays, make-up days, and years that are not published yet."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from records.models import AuditEvent, CalendarDay
from records.selectors import calendar_held, is_provisional, is_workday, workdays_add, workdays_between

pytestmark = pytest.mark.django_db
D = dt.date.fromisoformat


# 国务院办公厅关于2026年部分节假日安排的通知 (国办发明电〔2025〕7号)
@pytest.mark.parametrize(
    "day, works",
    [
        ("2026-06-30", True),  # Tuesday
        ("2026-06-27", False),  # Saturday
        ("2026-01-04", True),  # Sunday, made up for the New Year
        ("2026-02-14", True),  # Saturday, made up for the Spring Festival
        ("2026-02-17", False),  # Tuesday, Spring Festival
        ("2026-02-28", True),  # Saturday, made up
        ("2026-06-19", False),  # Friday, Dragon Boat Festival
        ("2026-10-01", False),  # Thursday, National Day
        ("2026-10-10", True),  # Saturday, made up
        ("2027-03-05", True),  # Friday of a year not published
        ("2027-03-06", False),  # Saturday of it
    ],
)
def test_workdays(day, works):
    assert is_workday(D(day)) is works


@pytest.mark.parametrize(
    "start, count, due",
    [
        ("2026-06-30", 0, "2026-06-30"),
        ("2026-06-27", 0, "2026-06-29"),  # from a Saturday
        ("2026-06-30", 5, "2026-07-07"),
        ("2026-06-18", 1, "2026-06-22"),  # over the Dragon Boat Festival
        ("2026-02-13", 6, "2026-02-28"),  # the 14th and 24th to 28th, a Saturday that is made up
        ("2026-09-30", 2, "2026-10-09"),
        ("2026-09-30", 3, "2026-10-10"),
    ],
)
def test_adding(start, count, due):
    found = workdays_add(D(start), count)
    assert (found.date, found.is_provisional) == (D(due), False)


def test_a_held_calendar_is_read_once(django_assert_num_queries):
    CalendarDay.objects.create(day=D("2026-07-01"), is_workday=False)
    with django_assert_num_queries(1), calendar_held():
        assert workdays_add(D("2026-06-30"), 1).date == D("2026-07-02")
        assert workdays_add(D("2026-06-18"), 1).date == D("2026-06-22")
    CalendarDay.objects.all().delete()
    assert workdays_add(D("2026-06-30"), 1).date == D("2026-07-01")


def test_between_is_the_inverse_of_adding():
    for start in ("2026-02-13", "2026-06-27", "2026-09-29", "2026-12-28"):
        for count in (1, 3, 10, 30):
            due = workdays_add(D(start), count)
            assert workdays_between(D(start), due.date).days == count
            if is_workday(D(start)):
                assert workdays_between(due.date, D(start)).days == -count


def test_year_not_published_is_provisional_and_no_exception():
    due = workdays_add(D("2026-12-28"), 10)
    assert due.is_provisional
    assert due.date == D("2027-01-11")
    assert workdays_between(D("2026-12-28"), D("2027-02-01")).is_provisional
    assert not workdays_between(D("2026-06-01"), D("2026-12-31")).is_provisional
    assert is_provisional(D("2027-01-01"))
    assert not is_provisional(D("2026-12-31"))
    assert is_workday(dt.date(1999, 12, 31))


@pytest.mark.parametrize("count", [-1, 1801])
def test_absurd_counts_are_refused(count):
    with pytest.raises(ValueError, match="working days"):
        workdays_add(D("2026-06-30"), count)


def test_count_of_queries(django_assert_num_queries):
    with django_assert_num_queries(1):
        workdays_add(D("2026-06-30"), 200)


def csv(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "2027.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


NOTICE = "day,is_workday,name\n2027-01-01,休,元旦\n2027-10-01,rest,国庆节\n2027-10-09,1,国庆节调休\n"


def test_import_publishes_the_year(tmp_path):
    out = StringIO()
    call_command("import_calendar", csv(tmp_path, NOTICE, "utf-8-sig"), stdout=out)
    assert "3 days" in out.getvalue()
    assert not is_provisional(D("2027-06-01"))
    assert not is_workday(D("2027-10-01"))
    assert is_workday(D("2027-10-09"))  # a Saturday
    assert workdays_add(D("2026-12-31"), 1).date == D("2027-01-04")
    assert AuditEvent.objects.get().action == "calendar.import"
    call_command("import_calendar", csv(tmp_path, NOTICE.replace("2027-10-09,1", "2027-10-09,0")), stdout=out)
    assert not is_workday(D("2027-10-09"))
    assert CalendarDay.objects.count() == 3


def test_own_day_wins_over_the_package():
    CalendarDay.objects.create(day="2026-06-30", is_workday=False, name="county festival")
    assert not is_workday(D("2026-06-30"))
    assert workdays_add(D("2026-06-29"), 1).date == D("2026-07-01")


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "没有一天"),
        ("day,is_workday\n", "没有一天"),
        ("tag,frei\n2027-01-01,1\n", "第 2 行"),
        ("day,is_workday,name\n2027-01-01,0,x\n2027-02-30,0,x\n", "第 3 行"),
        ("day,is_workday,name\n2027-01-01,maybe,x\n", "第 2 行"),
        ("day,is_workday,name\n2027-01-01,0,x\n2027-01-01,1,x\n", "两次"),
    ],
)
def test_bad_files_change_nothing(tmp_path, text, said):
    with pytest.raises(CommandError, match=said):
        call_command("import_calendar", csv(tmp_path, text))
    assert not CalendarDay.objects.exists()
    assert not AuditEvent.objects.exists()


def test_not_utf8_and_missing_files_are_said(tmp_path):
    with pytest.raises(CommandError, match="读不了"):
        call_command("import_calendar", csv(tmp_path, NOTICE, "gbk"))
    with pytest.raises(CommandError, match="读不了"):
        call_command("import_calendar", str(tmp_path / "none.csv"))
