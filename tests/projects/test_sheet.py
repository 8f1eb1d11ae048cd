"""What people paste, and how it is read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.services.sheet import month_read, sheet_read

TODAY = dt.date(2026, 6, 30)
JUNE = dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    "text, month, guessed",
    [
        ("2026-06", JUNE, False),
        ("2026-6", JUNE, False),
        ("2026年6月", JUNE, False),
        ("2026 年 6 月份", JUNE, False),
        ("２０２６年６月", JUNE, False),
        ("26年6月", JUNE, False),
        ("2026/06", JUNE, False),
        ("2026.6", JUNE, False),
        ("202606", JUNE, False),
        ("2026-06-30", JUNE, False),
        ("2026年6月15日", JUNE, False),
        ("2026/6/1 0:00:00", JUNE, False),
        ("Jun-26", JUNE, False),
        ("26-Jun", JUNE, False),
        ("June 2026", JUNE, False),
        ("6月", JUNE, True),
        ("6月份", JUNE, True),
        ("11月", dt.date(2026, 11, 1), True),
        ("12月", dt.date(2025, 12, 1), True),
        ("13月", None, False),
        ("2026-13", None, False),
        ("2026-0", None, False),
        ("6", None, False),
        ("合计", None, False),
        ("abc-26", None, False),
        ("٦月", None, False),
        ("", None, False),
    ],
)
def test_months(text: str, month: dt.date | None, guessed: bool) -> None:
    assert month_read(text, TODAY) == (month, guessed)


FULL = ("2026-06", "管道铺设率", "荷塘村", "70.0", "62.0", "下雨停工 9 天")


def read(text: str) -> list[tuple[str, ...]]:
    return [
        (f"{c.month:%Y-%m}" if c.month else "", c.indicator, c.place, str(c.planned), str(c.actual), c.note)
        for c in sheet_read(text, TODAY)
    ]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2026-06\t管道铺设率\t荷塘村\t70\t62\t下雨停工 9 天", [FULL]),
        ("月份\t指标\t村\t计划\t实际\t说明\n2026-06\t管道铺设率\t荷塘村\t70\t62\t下雨停工 9 天", [FULL]),
        ("2026年6月,管道铺设率,荷塘村,70%,62%,下雨停工 9 天", [FULL]),
        ("２０２６年６月，管道铺设率，荷塘村，７０％，６２％，下雨停工 9 天", [FULL]),
        ("2026-06；管道铺设率；荷塘村；70；62；下雨停工 9 天", [FULL]),
        ("2026-06;管道铺设率;荷塘村;70.0%;62.00 %;下雨停工 9 天\r\n\r\n", [FULL]),
        ('2026-06,"管道铺设率","荷塘村",70,62,"下雨停工 9 天"', [FULL]),
        # Other orders and names of columns, a foreign column, the unit in the header.
        (
            "村庄\t序号\t实际进度（%）\t计划（%）\t年月\t指标名称\t备注\n"
            "荷塘村\t1\t62\t70\t2026.06\t管道铺设率\t下雨停工 9 天",
            [FULL],
        ),
        (
            "乡镇\t村\t月份\t计划\t实际\n石桥镇\t荷塘村\t6\t70\t62",
            [("2026-06", "", "石桥镇 荷塘村", "70.0", "62.0", "")],
        ),
        # Without header and out of order; without indicator; with blanks between columns.
        ("荷塘村\t管道铺设率\t2026-06\t70\t62\t下雨停工 9 天", [FULL]),
        ("6月 荷塘村 70 62", [("2026-06", "", "荷塘村", "70.0", "62.0", "")]),
        ("2026-06  管道铺设率  荷塘村  70  62  下雨停工 9 天", [FULL]),
        # Commas in the note of a comma-separated line stay in the note.
        ("2026-06,管道铺设率,荷塘村,70,62,下雨,停工", [(*FULL[:5], "下雨 停工")]),
        # Merged cells arrive empty below the first.
        (
            "月份\t指标\t村\t计划\t实际\n2026-06\t管道铺设率\t荷塘村\t70\t62\n\t\t桑洲村\t70\t65",
            [(*FULL[:5], ""), ("2026-06", "管道铺设率", "桑洲村", "70.0", "65.0", "")],
        ),
        # A month still to come, written in the ways people write "nothing".
        ("2026-07\t管道铺设率\t荷塘村\t80\t-\t", [("2026-07", "管道铺设率", "荷塘村", "80.0", "None", "")]),
        ("2026-07\t管道铺设率\t荷塘村\t80\t—\t", [("2026-07", "管道铺设率", "荷塘村", "80.0", "None", "")]),
        # One number alone is what was done.
        ("2026-06\t荷塘村\t62", [("2026-06", "", "荷塘村", "None", "62.0", "")]),
        ("2026-06\t990521003007\t70\t62", [("2026-06", "", "990521003007", "70.0", "62.0", "")]),
        ("", []),
        (" \t　\n,,,\n；；", []),
    ],
)
def test_sheets(text: str, expected: list[tuple[str, ...]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "cell, fault",
    [
        ("abc", "not_a_number"),
        ("62.3.1", "not_a_number"),
        ("六十二", "not_a_number"),
        ("101", "out_of_range"),
        ("-3", "out_of_range"),
        ("1e3", "not_a_number"),
        ("NaN", "not_a_number"),
        ("٦٢", "not_a_number"),
    ],
)
def test_values_that_cannot_be_read_are_faults_of_their_line(cell: str, fault: str) -> None:
    text = f"月份\t指标\t村\t计划\t实际\n2026-06\t管道铺设率\t荷塘村\t70\t{cell}\n2026-06\t管道铺设率\t桑洲村\t70\t62"
    first, second = sheet_read(text, TODAY)
    assert first.faults == (("actual", fault),)
    assert not second.faults


def test_doubts_are_said() -> None:
    (line,) = sheet_read("月份\t指标\t村\t计划\t实际\n6月\t管道铺设率\t荷塘村\t70.25\t0.62", TODAY)
    assert set(line.doubts) == {"year_guessed", "planned_rounded", "actual_rounded", "actual_fraction"}
    assert line.planned == Decimal("70.2")


def test_an_unreadable_month_is_a_fault() -> None:
    (line,) = sheet_read("月份\t计划\t实际\n合计\t70\t62", TODAY)
    assert line.faults == (("month", "not_a_month"),)


CELLS = st.sampled_from(
    [
        "2026-06",
        "6月",
        "13月",
        "荷塘村",
        "管道铺设率",
        "62%",
        "７０",
        "-",
        "",
        "月份",
        "计划",
        "实际",
        "村",
        "合计",
        '"',
        "0.5",
        "1e9",
        "\x00",
    ]
) | st.text(max_size=12)
SHEETS = st.lists(st.lists(CELLS, max_size=9), max_size=8).flatmap(
    lambda rows: st.sampled_from(["\t", ",", "，", ";", "；", " ", "  "]).map(
        lambda mark: "\n".join(mark.join(row) for row in rows)
    )
)


@given(SHEETS | st.text(max_size=300))
def test_nothing_that_is_pasted_breaks_the_reader(text: str) -> None:
    for line in sheet_read(text, TODAY):
        assert line.month is None or line.month.day == 1
        for value in (line.planned, line.actual):
            assert value is None or 0 <= value <= 100
