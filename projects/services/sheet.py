"""Reads monthly progress that was pasted from a sheet. Pure: text in, cells out; no database, no rights.

What people paste: columns divided by tabs, commas or semicolons (half or full width) or blanks; with a header row or
without; months as 2026-06, 2026年6月, 6月 or Jun-26; percent signs; full-width digits; merged cells, which arrive as
empty ones below the first.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

MAX_CHARACTERS = 200_000
MAX_LINES = 2_000
"""More than any county's sheet of a month has; the bound keeps one request short."""

HEADERS: dict[str, tuple[str, ...]] = {
    "month": ("月份", "年月", "月度", "时间", "日期", "统计月份", "month"),
    "indicator": ("指标", "指标名称", "进度指标", "指标项", "indicator"),
    "township": ("乡镇", "镇街", "乡镇街道", "所在乡镇", "township"),
    "place": ("村", "村名", "村庄", "村社区", "村(社区)", "所在村", "地方", "地点", "place", "village"),
    "planned": ("计划", "计划进度", "计划完成", "计划完成率", "计划值", "目标", "planned", "plan"),
    "actual": ("实际", "实际进度", "实际完成", "实际完成率", "实际值", "完成", "完成率", "进度", "actual"),
    "note": ("说明", "备注", "情况说明", "原因", "note", "remark"),
}
"""Words that name a column in a header row, compared by ``plain_text`` without "(%)"."""

_COLUMN_OF = {word: column for column, words in HEADERS.items() for word in words}
_ORDER = ("month", "indicator", "place", "planned", "actual", "note")
"""The order of columns without a header, as the page suggests it."""

_NOTHING = {"", "-", "--", "—", "——", "/", "\\", "无", "空", "null", "n/a"}
_NAMES_OF_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_YEAR_MONTH = re.compile(r"(20\d\d)\s*[年\-/.]\s*(\d{1,2})\s*(?:月份?)?|(\d\d)\s*年\s*(\d{1,2})\s*月份?", re.ASCII)
_FULL_DATE = re.compile(
    r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?", re.ASCII
)
_COMPACT = re.compile(r"(20\d\d)(\d\d)", re.ASCII)
_BARE = re.compile(r"(\d{1,2})\s*月份?", re.ASCII)
_ENGLISH = re.compile(r"([a-z]{3})[a-z]*[- ](?:20)?(\d\d)|(?:20)?(\d\d)[- ]([a-z]{3})[a-z]*", re.ASCII)
_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:%|个点|个百分点)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cells:
    """One line of the sheet, read as far as it can be without the database.

    Attributes:
        number: line in the pasted text, from 1.
        text: the line as it was pasted.
        indicator, place: as written; "" when the line has none.
        planned, actual: percent; None when empty.
        given: columns that hold something on this line.
        doubts: codes of what was guessed ("year_guessed", "month_above", …).
        faults: (column, code) of what cannot be read.
    """

    number: int
    text: str
    month: dt.date | None = None
    indicator: str = ""
    place: str = ""
    planned: Decimal | None = None
    actual: Decimal | None = None
    note: str = ""
    given: frozenset[str] = frozenset()
    doubts: tuple[str, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Draft:
    """A line while it is read."""

    number: int
    text: str
    cells: dict[str, str] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)


def sheet_read(text: str, today: dt.date) -> list[Cells]:
    """The lines of a pasted sheet, without empty ones and without its header.

    Args:
        text: what was pasted.
        today: decides the year of months that are written without one: the nearest to today.

    Never raises: what cannot be read is a fault of its line.
    """
    lines = list(_lines(text))
    separator = _separator([line for _, line in lines])
    found: list[Cells] = []
    header: list[str] | None = None
    for number, line in lines:
        parts = _split(line, separator)
        columns = _header(parts)
        if columns:
            header = columns
            continue
        draft = _Draft(number, line)
        _by_header(draft, parts, header) if header else _by_content(draft, parts)
        found.append(_filled_down(_cells(draft, today), found[-1] if found else None))
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if line.strip(" \t　,，;；"):
            yield number, line.replace("　", " ").replace("\xa0", " ").replace("\ufeff", "")


def _separator(lines: list[str]) -> str:
    """The separator that most lines hold: tab before semicolon before comma before blanks."""
    for separator in ("\t", ";；", ",，"):
        if sum(any(mark in line for mark in separator) for line in lines) * 2 > len(lines):
            return separator
    return " "


def _split(line: str, separator: str) -> list[str]:
    if separator == "\t":
        parts = line.split("\t")
    elif separator == " ":
        parts = re.split(r" {2,}", line.strip()) if "  " in line.strip() else line.split()
    else:
        for mark in separator[1:]:
            line = line.replace(mark, separator[0])
        parts = _quoted(line, separator[0])
    return [part.strip().strip('"').strip() for part in parts]


def _quoted(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def plain_text(text: str) -> str:
    """Half-width, lower-case, without blanks: how headers, names and numbers are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def _header(parts: list[str]) -> list[str]:
    """The columns that a header row names, "" for foreign ones; empty when the line is no header."""
    bare = [re.sub(r"\((?:%|百分比|单位.*)\)|[%:：*]", "", plain_text(part)) for part in parts]
    columns = [_COLUMN_OF.get(word, "") for word in bare]
    return columns if len({column for column in columns if column}) >= 2 else []


def _by_header(draft: _Draft, parts: list[str], header: list[str]) -> None:
    for at, part in enumerate(parts):
        column = header[at] if at < len(header) else ""
        if not part:
            continue
        if column and column not in draft.cells:
            draft.cells[column] = part
        elif at >= len(header):
            draft.extra.append(part)


def _by_content(draft: _Draft, parts: list[str]) -> None:
    """Tell the columns of a line without header: by their suggested order, else by what they hold."""
    if _in_order(parts):
        draft.cells = {column: part for column, part in zip(_ORDER, parts, strict=False) if part}
        draft.extra = parts[len(_ORDER) :]
        return
    numbers = [at for at, part in enumerate(parts) if _is_value(part)]
    for at, part in enumerate(parts):
        column = _guessed(draft, at, part, numbers)
        if column in draft.cells:
            draft.extra.append(part)
        elif part:
            draft.cells[column] = part


def _in_order(parts: list[str]) -> bool:
    """Whether the line has month, indicator, place, plan and actual where the page suggests them."""
    if len(parts) < 5 or month_read(parts[0], _ANY_DAY)[0] is None or _is_value(parts[1]) or _is_value(parts[2]):
        return False
    return all(_is_value(part) or plain_text(part) in _NOTHING for part in parts[3:5])


def _guessed(draft: _Draft, at: int, part: str, numbers: list[int]) -> str:
    """The column of one cell: of two numbers the first is the plan, a single one the actual value."""
    if at in numbers[:2]:
        return "planned" if len(numbers) > 1 and at == numbers[0] else "actual"
    if "month" not in draft.cells and month_read(part, _ANY_DAY)[0]:
        return "month"
    if numbers and at > numbers[0]:
        return "note"
    return "place" if "place" not in draft.cells and _is_place(part) else "indicator"


_ANY_DAY = dt.date(2026, 6, 1)
"""For asking whether a cell is a month at all; the year does not matter."""


def _is_value(part: str) -> bool:
    plain = plain_text(part)
    return bool(_NUMBER.fullmatch(plain)) and not _COMPACT.fullmatch(plain) and not _is_code(plain)


def _is_code(plain: str) -> bool:
    return plain.isascii() and plain.isdecimal() and len(plain) in (9, 12)


def _is_place(part: str) -> bool:
    return _is_code(plain_text(part)) or part.endswith(("村", "社区", "园区", "镇", "乡", "街道"))


def _cells(draft: _Draft, today: dt.date) -> Cells:
    doubts: list[str] = []
    faults: list[tuple[str, str]] = []
    written = draft.cells.get("month", "")
    month, guessed = month_read(f"{written}月" if plain_text(written).isdecimal() else written, today)
    if month is None:
        month, guessed = month_read(written, today)
    if guessed:
        doubts.append("year_guessed")
    if month is None and draft.cells.get("month"):
        faults.append(("month", "not_a_month"))
    values = {column: _percent(draft.cells.get(column, ""), column, doubts, faults) for column in ("planned", "actual")}
    note = " ".join([draft.cells.get("note", ""), *draft.extra]).strip()
    if len(note) > 300:
        faults.append(("note", "note_too_long"))
    return Cells(
        number=draft.number,
        text=draft.text[:300],
        month=month,
        indicator=draft.cells.get("indicator", ""),
        place=" ".join(part for part in (draft.cells.get("township", ""), draft.cells.get("place", "")) if part),
        note=note,
        given=frozenset("place" if column == "township" else column for column in draft.cells),
        doubts=tuple(doubts),
        faults=tuple(faults),
        **values,
    )


def _percent(text: str, column: str, doubts: list[str], faults: list[tuple[str, str]]) -> Decimal | None:
    plain = plain_text(text)
    if plain in _NOTHING:
        return None
    found = _NUMBER.fullmatch(plain)
    if found is None:
        faults.append((column, "not_a_number"))
        return None
    value = Decimal(found[1])
    if not 0 <= value <= 100:
        faults.append((column, "out_of_range"))
        return None
    rounded = value.quantize(Decimal("0.1"))
    if rounded != value:
        doubts.append(f"{column}_rounded")
    if 0 < value < 1 and "%" not in plain:
        doubts.append(f"{column}_fraction")
    return rounded


def month_read(text: str, today: dt.date) -> tuple[dt.date | None, bool]:
    """The first day of the month that ``text`` names, and whether its year was guessed; None when it names none."""
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    for pattern in (_FULL_DATE, _YEAR_MONTH, _COMPACT):
        if found := pattern.fullmatch(plain):
            year, month = (part for part in found.groups()[:2] if part) if found[1] else (found[3], found[4])
            return _first_of(year, month), False
    if found := _ENGLISH.fullmatch(plain):
        name, year = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _first_of(year, str(_NAMES_OF_MONTHS.find(name) // 4 + 1)), False
    if found := _BARE.fullmatch(plain):
        return _nearest(int(found[1]), today)
    return None, False


def _first_of(year: str, month: str) -> dt.date | None:
    full = int(year) if len(year) == 4 else 2000 + int(year)
    return dt.date(full, int(month), 1) if 1 <= int(month) <= 12 else None


def _nearest(month: int, today: dt.date) -> tuple[dt.date | None, bool]:
    if not 1 <= month <= 12:
        return None, False
    ahead = (month - today.month) % 12
    at = today.year * 12 + today.month - 1 + (ahead if ahead <= 5 else ahead - 12)
    return dt.date(at // 12, at % 12 + 1, 1), True


def _filled_down(cells: Cells, above: Cells | None) -> Cells:
    """Take what a merged cell left empty from the line above."""
    if above is None:
        return cells
    taken: dict[str, object] = {}
    for column in ("month", "indicator", "place"):
        if column not in cells.given and column in above.given | {d.removesuffix("_above") for d in above.doubts}:
            taken[column] = getattr(above, column)
    if not taken:
        return cells
    return replace(cells, doubts=(*cells.doubts, *(f"{column}_above" for column in taken)), **taken)  # type: ignore[arg-type]
