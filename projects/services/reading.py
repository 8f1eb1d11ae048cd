"""Judges the lines of a pasted sheet against the project: which row each one means, and what is odd about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kernel import clock
from places.models import Level, Place
from projects.models import Indicator, Progress, Project
from projects.services.sheet import Cells, plain_text

JUMP_POINTS = Decimal(40)
"""A rise by more than this within one month is asked about; in the works we know a month brings 5 to 20 points."""

Key = tuple[str, str, dt.date]


class Verdict(StrEnum):
    """What storing a line does."""

    NEW = "new"
    CHANGE = "change"
    SAME = "same"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is said about a line."""

    code: str
    text: str | Promise
    field: str = ""
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of a pasted sheet with its verdict.

    Attributes:
        number, text: where it stands and how it was written.
        row: indicator, place code and month; None when the line cannot be stored.
        before: (planned, actual) of the row it changes.
    """

    number: int
    text: str
    verdict: Verdict
    month: dt.date | None
    indicator: str
    place: str
    place_name: str
    planned: Decimal | None
    actual: Decimal | None
    note: str
    row: Key | None
    before: tuple[Decimal, Decimal | None] | None
    messages: tuple[Said, ...]


class Reader:
    """Knows the names that count for one project. Cost: three queries at the first judgement."""

    def __init__(self, project: Project) -> None:
        """Read indicators and places of the county."""
        self.indicators = list(Indicator.objects.all())
        self.places = {
            place.pk: place
            for place in Place.objects.filter(
                county_id=project.county_id, level__in=[Level.TOWNSHIP, Level.VILLAGE]
            ).only("code", "name", "name_en", "parent_id")
        }
        villages = set(project.villages.values_list("pk", flat=True)) | {project.village_id or ""}
        self.own = {code for code in villages if code} | {code[:9] for code in villages if code}
        self.village_id = project.village_id

    def judge(self, lines: Iterable[Cells], there: Mapping[Key, Progress]) -> Iterator[SheetLine]:
        """Every line with its verdict.

        Args:
            lines: in the order of the sheet.
            there: the rows that the project has.
        """
        seen: dict[Key, int] = {}
        known: dict[Key, Progress] = dict(there)
        used = {key[0] for key in there}, {key[1] for key in there}
        for cells in lines:
            said = _about_reading(cells)
            indicator = self._indicator(cells.indicator, used[0], said)
            place = self._place(cells.place, used[1], said)
            if cells.month is None and not any(what.field == "month" for what in said):
                said.append(Said("month_missing", _("没有月份。"), "month", True))
            key = (indicator, place, cells.month) if indicator and place and cells.month else None
            if key in seen:
                said.append(Said("repeated_row", _("和第 %d 行重复。") % seen[key], "", True))
            elif key:
                seen[key] = cells.number
            line = self._line(cells, key, there.get(key) if key else None, said, known)
            if line.row and line.verdict != Verdict.ERROR:
                known[line.row] = Progress(planned=line.planned or Decimal(0), actual=line.actual)
            yield line

    def _line(
        self, cells: Cells, key: Key | None, old: Progress | None, said: list[Said], known: Mapping[Key, Progress]
    ) -> SheetLine:
        planned = cells.planned if "planned" in cells.given or old is None else old.planned
        actual = cells.actual if "actual" in cells.given or old is None else old.actual
        note = cells.note or (old.note if old else "")
        if planned is None and not any(what.field == "planned" for what in said):
            said.append(Said("planned_missing", _("没有计划进度。"), "planned", True))
        if key and actual is not None and key[2] > clock.today():
            said.append(Said("future_actual", _("还没到的月份不能填实际进度。"), "actual", True))
        if key:
            said += self.oddities(*key, actual, known)
        is_bad = key is None or any(what.is_error for what in said)
        same = old is not None and (old.planned, old.actual, old.note) == (planned, actual, note)
        verdict = Verdict.ERROR if is_bad else Verdict.SAME if same else Verdict.CHANGE if old else Verdict.NEW
        return SheetLine(
            number=cells.number,
            text=cells.text,
            verdict=verdict,
            month=cells.month,
            indicator=key[0] if key else cells.indicator,
            place=key[1] if key else "",
            place_name=self.places[key[1]].name if key else cells.place,
            planned=planned,
            actual=actual,
            note=note,
            row=key,
            before=(old.planned, old.actual) if old else None,
            messages=tuple(said),
        )

    def oddities(
        self, indicator: str, place: str, month: dt.date, actual: Decimal | None, known: Mapping[Key, Progress]
    ) -> list[Said]:
        """What may be right but should be looked at: going back, a jump, a place the project is not built for."""
        said = []
        if self.own and place not in self.own:
            name = self.places[place].name
            said.append(Said("foreign_place", _("“%s”不在这个项目的受益村里。") % name, "place"))
        before = [
            (key[2], row.actual)
            for key, row in known.items()
            if key[:2] == (indicator, place) and key[2] < month and row.actual is not None
        ]
        last = max(before, default=None)
        if actual is None or last is None:
            return said
        points = actual - last[1]
        if points < 0:
            text = _("比 %(month)s 倒退 %(points)s 个点。")
            said.append(Said("goes_backward", text % _said_of(last[0], -points), "actual"))
        elif points > JUMP_POINTS and (month - last[0]).days <= 31:
            text = _("比 %(month)s 一下子多了 %(points)s 个点，请核对。")
            said.append(Said("jump", text % _said_of(last[0], points), "actual"))
        return said

    def _indicator(self, text: str, used: set[str], said: list[Said]) -> str:
        wanted = plain_text(text)
        if not wanted:
            only = list(used) if len(used) == 1 else [one.pk for one in self.indicators]
            if len(only) == 1:
                return only[0]
            said.append(Said("indicator_missing", _("没有写指标。"), "indicator", True))
            return ""
        for one in self.indicators:
            if wanted in (plain_text(one.pk), plain_text(one.title), plain_text(one.title_en)):
                return one.pk
        names = "、".join(one.title for one in self.indicators)
        text = _("没有指标“%(name)s”，可用的有：%(of)s。") % {"name": text[:30], "of": names[:200]}
        said.append(Said("unknown_indicator", text, "indicator", True))
        return ""

    def _place(self, text: str, used: set[str], said: list[Said]) -> str:
        wanted = "".join(character for character in plain_text(text) if character.isalnum())
        if not wanted:
            if len(used) == 1:
                return next(iter(used))
            if self.village_id:
                return self.village_id
            said.append(Said("place_missing", _("没有写村或乡镇。"), "place", True))
            return ""
        found = self._places_named(wanted)
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(self._long_name(code) for code in found[:4])
            text = _("叫“%(name)s”的不止一个：%(of)s。请连乡镇一起写。") % {"name": text[:30], "of": names}
            said.append(Said("ambiguous_place", text, "place", True))
        else:
            said.append(Said("unknown_place", _("本县没有叫“%s”的村或乡镇。") % text[:30], "place", True))
        return ""

    def _places_named(self, wanted: str) -> list[str]:
        """Codes of the places that ``wanted`` may mean; those of the project before all others."""
        if wanted in self.places:
            return [wanted]
        exact = [
            code for code in self.places if wanted in (plain_text(self._name(code)), plain_text(self._long_name(code)))
        ]
        found = exact or [
            code for code, place in self.places.items() if len(wanted) > 1 and _stem(place.name) == _stem(wanted)
        ]
        own = [code for code in found if code in self.own]
        return own or found

    def _name(self, code: str) -> str:
        return self.places[code].name

    def _long_name(self, code: str) -> str:
        parent = self.places.get(code[:9])
        return (parent.name if parent and len(code) > 9 else "") + self._name(code)


def _stem(name: str) -> str:
    for end in ("村民委员会", "居民委员会", "村委会", "居委会", "社区", "街道", "村", "镇", "乡"):
        if name.endswith(end) and len(name) > len(end) + 1:
            return name.removesuffix(end)
    return name


def _said_of(month: dt.date, points: Decimal) -> dict[str, str]:
    return {"month": f"{month:%Y-%m}", "points": f"{points.normalize():f}"}


def _about_reading(cells: Cells) -> list[Said]:
    """Sentences for the codes that reading the line left."""
    faults = {
        "not_a_month": _("看不懂这个月份。写成 2026-06 或 2026年6月。"),
        "not_a_number": _("这里要填数字，例如 62 或 62%。"),
        "out_of_range": _("进度要在 0 到 100 之间。"),
        "note_too_long": _("说明最多 300 个字。"),
    }
    doubts = {
        "year_guessed": _("没有写年份，按 %d 年理解。") % (cells.month.year if cells.month else 0),
        "month_above": _("月份沿用上一行。"),
        "indicator_above": _("指标沿用上一行。"),
        "place_above": _("地方沿用上一行。"),
        "planned_rounded": _("计划只留一位小数。"),
        "actual_rounded": _("实际只留一位小数。"),
        "planned_fraction": _("计划按不到 1% 理解；如果是小数写法，请改成百分数。"),
        "actual_fraction": _("实际按不到 1% 理解；如果是小数写法，请改成百分数。"),
    }
    said = [Said(code, faults[code], column, True) for column, code in cells.faults]
    return said + [Said(code, doubts[code], code.partition("_")[0]) for code in cells.doubts]
