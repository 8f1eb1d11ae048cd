"""The columns of a project that follow from its stage and progress: written here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from kernel import clock
from projects.models import Progress, Project
from projects.states import Month, Summary, summarise

COLUMNS = ("status", "actual", "planned", "progress_month", "progress_note", "progress_note_en")


def months_of(rows: Iterable[Progress]) -> list[Month]:
    """Progress rows as the rule of status sees them."""
    return [
        Month((row.indicator_id, row.place_id), row.month, row.planned, row.actual, row.note, row.note_en)
        for row in rows
    ]


def summary_of(project: Project, rows: Iterable[Progress]) -> Summary:
    """The summary of ``project`` today."""
    return summarise(project.stage, project.planned_end, months_of(rows), clock.today())


def project_summarise(project: Project) -> bool:
    """Set the columns on ``project`` (not saved) from its rows in the database; whether one has changed.

    Call it inside the transaction that holds the project's lock. Cost: one query.
    """
    return _apply(project, summary_of(project, project.progress.all()))


def _apply(project: Project, summary: Summary) -> bool:
    new = (summary.status.value, summary.actual, summary.planned, summary.month, summary.note, summary.note_en)
    before = tuple(getattr(project, column) for column in COLUMNS)
    for column, value in zip(COLUMNS, new, strict=True):
        setattr(project, column, value)
    return before != new


def projects_recompute(county: str = "") -> list[int]:
    """Bring all projects (of one county) up to date; the keys of those that had to change.

    Writes keep the columns right by themselves; only the calendar makes a project late over night. So this runs
    daily, and after rows were loaded past the services. It is no act of a person and leaves no audit row: everything
    it writes follows from other columns.
    """
    rows = Project.objects.filter(county_id=county) if county else Project.objects.all()
    stale = [
        project.pk
        for project in rows.order_by("pk").prefetch_related("progress").iterator(chunk_size=500)
        if _apply(project, summary_of(project, project.progress.all()))
    ]
    return [pk for pk in stale if _recompute_one(pk)]


@transaction.atomic
def _recompute_one(pk: int) -> bool:
    project = Project.objects.select_for_update().filter(pk=pk).first()
    if project is None or not project_summarise(project):
        return False
    project.save(update_fields=COLUMNS)
    return True
