"""Figures of a period."""

import datetime as dt

import pytest

from kernel.figures import Figure, FigureGroup, month_period, table_lines


@pytest.mark.parametrize(
    ("month", "period"),
    [
        ("2026-01", {"since": "2026-01-15", "until": "2026-01-31"}),
        ("2026-02", {"since": "2026-02-01", "until": "2026-02-28"}),
        ("2026-12", {"since": "2026-12-01", "until": "2026-12-10"}),
    ],
)
def test_a_month_is_cut_at_the_period(month: str, period: dict[str, str]):
    assert month_period(month, dt.date(2026, 1, 15), dt.date(2026, 12, 10)) == period


def test_a_figure_stays_below_its_title():
    back = Figure("handed_back", "退回", 2, "")
    total = Figure("total", "合计", 5, "")
    groups = [FigureGroup("1", "住建局", (total, back)), FigureGroup("", "合计", (total,))]
    assert table_lines(groups) == [["名称", "合计", "退回"], ["住建局", 5, 2], ["合计", 5, None]]
    assert table_lines([]) == []
