"""Monthly progress: typed row by row, or pasted from a sheet and looked at before it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Conflict, Invalid, TooLarge
from kernel.viewer import Viewer
from kernel.writing import overtaken, storable
from places.models import Level, Place
from projects.models import Indicator, Progress, Project
from projects.services.reading import Reader, Said, SheetLine, Verdict
from projects.services.rows import cleaned, demand, project_locked, target_of
from projects.services.sheet import MAX_CHARACTERS, MAX_LINES, sheet_read
from projects.services.summary import project_summarise
from projects.states import Act
from records.services import audit_write

MAX_ROWS = 500
"""Rows of one typed request; a sheet may have more."""

Key = tuple[str, str, dt.date]
"""Indicator, place and month: what a progress row is about."""

Pending = tuple[Progress, list[str | None] | None]
"""A row that is not saved yet, and its figures before; None for a new one."""


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One month of one indicator at one place.

    Attributes:
        place: code of a township or village of the county.
        month: any day of the month.
        planned, actual: percent 0…100; ``actual`` None for a month still to come.
        note_en: the note in English; None keeps the one of an unchanged note, and drops that of another.
        version: of the row that is replaced, None for a new row.
    """

    indicator: str
    place: str
    month: dt.date
    planned: Decimal
    actual: Decimal | None = None
    note: str = ""
    note_en: str | None = None
    version: int | None = None

    @property
    def key(self) -> Key:
        """What the row is about."""
        return self.indicator, self.place, self.month.replace(day=1)


@dataclass(frozen=True, slots=True)
class ProgressOutcome:
    """What was stored, and what looks odd about it."""

    project: Project
    rows: tuple[Progress, ...]
    warnings: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What a pasted sheet would do, or has done.

    Attributes:
        basis: the state of the project's progress that the report was made on; sent back with the commit.
        is_stored: whether it has been done.
    """

    lines: tuple[SheetLine, ...]
    basis: str
    is_stored: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether every line can be stored."""
        return bool(self.lines) and not any(line.verdict == Verdict.ERROR for line in self.lines)


def progress_set(*, by: Viewer, project_id: int, row: ProgressRow) -> ProgressOutcome:
    """Store one row; see ``progress_put``."""
    return progress_put(by=by, project_id=project_id, rows=[row])


@transaction.atomic
def progress_put(*, by: Viewer, project_id: int, rows: Sequence[ProgressRow]) -> ProgressOutcome:
    """Store rows, all or none, and bring the project's summary up to date.

    Raises:
        NotFound, Forbidden: the project is not visible, or not the writer's.
        Conflict: code "version_conflict": a row has changed, or one that was thought new is there already.
        Invalid: names the row and field as "rows.0.actual".
    """
    project = project_locked(by, project_id)
    demand(by, Act.PROGRESS, target_of(project))
    if not 0 < len(rows) <= MAX_ROWS:
        raise Invalid(_("一次要有 1 到 %d 行。") % MAX_ROWS, field="rows")
    _check_names(project, rows)
    there = _by_key(project)
    written: list[Pending] = []
    for at, row in enumerate(rows):
        old = there.get(row.key)
        _same_row(old, row, f"rows.{at}.version")
        written.append(_row(project, old, row, f"rows.{at}."))
        there[row.key] = written[-1][0]
    stored = _store(by, project, written, "progress.set")
    reader = Reader(project)
    said = [reader.oddities(one.indicator_id, one.place_id, one.month, one.actual, there) for one in stored]
    return ProgressOutcome(project, tuple(stored), tuple(what for some in said for what in some))


@transaction.atomic
def progress_paste(*, by: Viewer, project_id: int, text: str, dry_run: bool, basis: str = "") -> SheetReport:
    """Read pasted progress; without ``dry_run`` store it, all lines or none.

    Args:
        by: who pastes.
        project_id: key of the project.
        text: lines of a sheet; see ``projects.services.sheet``.
        dry_run: only say what would happen, line by line.
        basis: ``SheetReport.basis`` of the preview; "" stores without comparing.

    Raises:
        Invalid: nothing readable; or, on storing, code "sheet_has_errors" with the first line that cannot be stored.
        Conflict: code "version_conflict": progress has changed since the preview.
    """
    project = project_locked(by, project_id)
    demand(by, Act.PROGRESS, target_of(project))
    there = _by_key(project)
    report = SheetReport(_judged(project, text, there), _basis(there.values()))
    report.counts.update({verdict.value: 0 for verdict in Verdict})
    for line in report.lines:
        report.counts[line.verdict.value] += 1
    if dry_run:
        return report
    if basis and basis != report.basis:
        said = _("预览以后别人改过进度，没有保存。")
        raise Conflict(said, code="version_conflict", field="basis", hint=_("请重新预览。"))
    if not report.is_clean:
        bad = next(line for line in report.lines if line.verdict == Verdict.ERROR)
        reason = _("；").join(str(what.text) for what in bad.messages if what.is_error)
        said = _("第 %(n)d 行：%(why)s") % {"n": bad.number, "why": reason}
        raise Invalid(said, code="sheet_has_errors", field="text", hint=_("改好这一行再保存；现在什么都没有保存。"))
    _store(by, project, list(_changed(project, report.lines, there)), "progress.paste")
    return SheetReport(report.lines, _basis(_by_key(project).values()), is_stored=True, counts=report.counts)


def _judged(project: Project, text: str, there: dict[Key, Progress]) -> tuple[SheetLine, ...]:
    if len(text) > MAX_CHARACTERS or text.count("\n") >= MAX_LINES * 2:
        raise TooLarge(_("粘贴的内容太长，最多 %d 行。") % MAX_LINES, field="text")
    cells = sheet_read(storable(text, "text"), clock.today())
    if not cells:
        raise Invalid(
            _("没有读到进度。请粘贴“月份、指标、村、计划、实际、说明”这几列。"), field="text", code="empty_sheet"
        )
    if len(cells) > MAX_LINES:
        raise TooLarge(_("粘贴的内容太长，最多 %d 行。") % MAX_LINES, field="text")
    return tuple(Reader(project).judge(cells, there))


def _changed(project: Project, lines: Iterable[SheetLine], there: dict[Key, Progress]) -> Iterable[Pending]:
    for line in lines:
        row = line.row
        if line.verdict == Verdict.SAME or row is None:
            continue
        old = there.get(row)
        values = ProgressRow(*row, planned=line.planned or Decimal(0), actual=line.actual, note=line.note)
        yield _row(project, old, values, "")


def _by_key(project: Project) -> dict[Key, Progress]:
    return {(row.indicator_id, row.place_id, row.month): row for row in project.progress.all()}


def _basis(rows: Iterable[Progress]) -> str:
    """Rows are never removed and versions only grow: count and sum are equal only for equal states."""
    versions = [row.version for row in rows]
    return f"{len(versions)}.{sum(versions)}"


def _check_names(project: Project, rows: Sequence[ProgressRow]) -> None:
    """Refuse indicators and places that do not exist, and rows that are there twice."""
    indicators = set(Indicator.objects.values_list("pk", flat=True))
    wanted = {row.place for row in rows}
    levels = [Level.TOWNSHIP, Level.VILLAGE]
    places = set(
        Place.objects.filter(county_id=project.county_id, level__in=levels, pk__in=wanted).values_list("pk", flat=True)
    )
    seen: set[Key] = set()
    for at, row in enumerate(rows):
        if row.indicator not in indicators:
            raise Invalid(_("没有指标“%s”。") % row.indicator[:30], field=f"rows.{at}.indicator")
        if row.place not in places:
            raise Invalid(_("本县没有代码为“%s”的乡镇或村。") % row.place[:20], field=f"rows.{at}.place")
        if row.key in seen:
            raise Invalid(_("同一指标、地方、月份给了两次。"), field=f"rows.{at}.month", code="repeated_row")
        seen.add(row.key)


def _same_row(old: Progress | None, row: ProgressRow, field: str) -> None:
    """A new row must not be there, and a known one must be as it was read."""
    if (old.version if old else None) != row.version:
        raise overtaken(_("%s 的进度别人刚刚改过，您的修改没有保存。") % f"{row.month:%Y-%m}", field)


def _row(project: Project, old: Progress | None, row: ProgressRow, where: str) -> Pending:
    """The checked row, changed in place when it is there already, and what it said before; not saved."""
    for name, value in (("planned", row.planned), ("actual", row.actual)):
        if value is not None and not (value.is_finite() and 0 <= value <= 100):
            raise Invalid(_("进度要在 0 到 100 之间。"), field=f"{where}{name}", code="out_of_range")
    if not 2000 <= row.month.year <= 2100:
        raise Invalid(_("月份不对。"), field=f"{where}month")
    if row.actual is not None and row.month.replace(day=1) > clock.today():
        raise Invalid(_("还没到的月份不能填实际进度。"), field=f"{where}actual", code="future_actual")
    before = _figures(old) if old else None
    one = old or Progress(project=project, indicator_id=row.indicator, place_id=row.place, month=row.key[2])
    # An English note beside another Chinese one would tell two readers two things.
    kept = one.note_en if one.note == row.note else ""
    one.planned, one.actual, one.note = row.planned, row.actual, row.note
    one.note_en = kept if row.note_en is None else row.note_en
    cleaned(one, {name: f"{where}{name}" for name in ("planned", "actual", "note", "note_en", "month")})
    return one, before


def _figures(row: Progress) -> list[str | None]:
    """What the audit keeps of a row: planned, actual, note, and that in English."""
    return [str(row.planned), None if row.actual is None else str(row.actual), row.note, row.note_en]


def _store(by: Viewer, project: Project, rows: list[Pending], action: str) -> list[Progress]:
    now = clock.now()
    changes = {}
    for row, before in rows:
        row.updated_at = now
        row.version = row.version + 1 if before else 1
        changes[f"{row.indicator_id} {row.place_id} {row.month:%Y-%m}"] = [before, _figures(row)]
    Progress.objects.bulk_create([row for row, before in rows if before is None])
    changed = [row for row, before in rows if before]
    Progress.objects.bulk_update(changed, ["planned", "actual", "note", "note_en", "version", "updated_at"])
    project_summarise(project)
    project.updated_at = now
    project.save()
    audit_write(by=by, action=action, obj=project, changes=changes)
    return [row for row, _before in rows]
