"""The table of stages, and the status that follows from stage and months."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from kernel.machine import IllegalMove
from kernel.viewer import Role
from projects.states import Month, Stage, Status, is_soon_due, machine, summarise

TODAY = dt.date(2026, 6, 30)
LATER = dt.date(2026, 12, 31)


def month(text: str, actual: float | None, planned: float = 50, series: str = "a", note: str = "") -> Month:
    value = None if actual is None else Decimal(str(actual))
    return Month(series, dt.date.fromisoformat(f"2026-{text}-01"), Decimal(str(planned)), value, note)


def test_the_table_of_stages_has_no_problems() -> None:
    assert machine.problems() == []


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("role", [None, *Role])
def test_every_stage_and_role_opens_what_the_table_says(stage: Stage, role: Role | None) -> None:
    everything = {"reason": "雨", "actual_start": TODAY, "actual_end": TODAY}
    opened = {move.name for move in machine.open_to(stage, role or "")}
    assert opened == {
        name for name in {move.name for move in machine.moves} if _may(stage, name, role or "", everything)
    }
    if role not in (Role.HANDLER, Role.OFFICIAL):
        assert not opened
    if role is Role.HANDLER:
        assert not opened & {"accept", "cancel"}


def _may(stage: Stage, name: str, role: str, fields: dict[str, object]) -> bool:
    try:
        machine.plan(stage, name, role, fields)
    except IllegalMove:
        return False
    return True


@pytest.mark.parametrize(
    "stage, end, rows, status",
    [
        ("construction", LATER, [month("06", 65, 70)], Status.NORMAL),  # five points behind are still normal
        ("construction", LATER, [month("06", 64.9, 70)], Status.LATE),
        ("construction", TODAY, [month("06", 70, 70)], Status.NORMAL),  # the last day is not over
        ("construction", dt.date(2026, 6, 29), [month("06", 99, 99)], Status.LATE),
        ("planned", dt.date(2026, 6, 29), [], Status.LATE),
        ("planned", LATER, [], Status.PLANNED),
        ("tendering", None, [], Status.PLANNED),
        ("construction", None, [], Status.NORMAL),
        ("construction", LATER, [month("05", 52), month("06", 51)], Status.BACKWARD),
        ("construction", LATER, [month("05", 52), month("06", 40)], Status.LATE),  # the worse one is told
        ("construction", LATER, [month("04", 60), month("05", 52), month("06", 52)], Status.NORMAL),
        ("paused", dt.date(2026, 1, 1), [month("06", 10, 70)], Status.STOPPED),
        ("acceptance", dt.date(2026, 1, 1), [month("06", 100, 100)], Status.DONE),
        ("completed", dt.date(2026, 1, 1), [], Status.DONE),
        ("cancelled", dt.date(2026, 1, 1), [month("06", 1, 90)], Status.CANCELLED),
    ],
)
def test_status(stage: str, end: dt.date | None, rows: list[Month], status: Status) -> None:
    assert summarise(stage, end, rows, TODAY).status == status


def numbers(*rows: Month) -> tuple[str, str, str] | None:
    found = summarise("construction", LATER, rows, TODAY)
    return found.month and (f"{found.month:%m}", str(found.actual), str(found.planned))  # type: ignore[return-value]


@pytest.mark.parametrize(
    "rows, expected",
    [
        ([], None),
        ([month("06", None)], None),
        ([month("06", 62, 70)], ("06", "62.0", "70.0")),
        # The mean over two series at the latest month both have.
        ([month("05", 40), month("06", 60), month("05", 20, series="b")], ("05", "30.0", "50.0")),
        # A plan for months to come does not move the month.
        ([month("06", 62, 70), month("07", None, 80)], ("06", "62.0", "70.0")),
        # A finished series keeps its 100 and its last plan.
        ([month("04", 100, 90), month("06", 60, 70, "b")], ("06", "80.0", "80.0")),
        # A series that was never reported does not hold the others up.
        ([month("06", 62, 70), month("06", None, 30, "b")], ("06", "62.0", "70.0")),
        # No common month: the latest that anybody reported.
        ([month("04", 40), month("06", 62, 70, "b")], ("06", "62.0", "70.0")),
        # Rounded half up to one decimal.
        ([month("06", 0.1, 0), month("06", 0.2, 0, "b")], ("06", "0.2", "0.0")),
    ],
)
def test_the_numbers_are_means_at_the_latest_common_month(
    rows: list[Month], expected: tuple[str, str, str] | None
) -> None:
    assert numbers(*rows) == expected


def test_a_new_place_does_not_look_like_going_backward() -> None:
    """The mean falls from 60 to 35 because a second village begins; no series went down."""
    rows = [month("05", 60), month("06", 60), month("06", 10, 10, "b")]
    found = summarise("construction", LATER, rows, TODAY)
    assert (found.status, found.actual) == (Status.NORMAL, Decimal("35.0"))


def test_the_note_is_that_of_the_series_furthest_behind() -> None:
    rows = [month("06", 60, 61, "a", "正常"), month("06", 40, 45, "b", "下雨停工 9 天"), month("05", 1, 99, "a", "旧")]
    assert summarise("construction", LATER, rows, TODAY).note == "下雨停工 9 天"


@pytest.mark.parametrize("days, soon", [(-1, False), (0, True), (30, True), (31, False)])
def test_soon_due(days: int, soon: bool) -> None:
    end = TODAY + dt.timedelta(days=days)
    assert is_soon_due("normal", end, TODAY) is soon
    assert not is_soon_due("late", end, TODAY)
    assert not is_soon_due("normal", None, TODAY)
