"""The county at a glance: how many projects, which of them somebody has to look at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from kernel import clock
from kernel.viewer import Viewer
from projects.selectors.place import PanelPhoto, newest_photos, public_projects
from projects.selectors.shapes import ProjectLine, project_line, with_names, worst_first
from projects.states import SOON_DAYS, WORST_FIRST, Status

WATCHED = 50
"""Most lines of the watch list; a county where more is wrong looks at the map."""

RECENT = 8


@dataclass(frozen=True, slots=True)
class Counts:
    """Public projects of the county; cancelled ones are not counted, each other one once in one of the parts."""

    projects: int
    normal: int
    late: int
    stopped: int
    backward: int
    done: int
    planned: int
    soon: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The county's front page.

    Attributes:
        as_of: when the newest of the figures was reported.
        watch: late, stopped, backward, then soon due.
        recent: the newest photos.
    """

    as_of: str | None
    counts: Counts
    watch: tuple[ProjectLine, ...]
    recent: tuple[PanelPhoto, ...]


def project_overview(viewer: Viewer) -> Overview:
    """The overview. Cost: three queries: counts, watch list, newest photos."""
    public = public_projects(viewer)
    today = clock.today()
    soon = Q(status=Status.NORMAL, planned_end__range=(today, today + dt.timedelta(days=SOON_DAYS)))
    parts = {status.value: Count("pk", filter=Q(status=status)) for status in Status if status != Status.CANCELLED}
    told = public.exclude(status=Status.CANCELLED).aggregate(
        number=Count("pk"),
        due_soon=Count("pk", filter=soon),
        newest=Max("updated_at"),
        **{f"n_{k}": v for k, v in parts.items()},
    )
    watched = worst_first(with_names(public.filter(Q(status__in=WORST_FIRST) | soon)))[:WATCHED]
    newest = told["newest"]
    return Overview(
        as_of=clock.written(newest),
        counts=Counts(projects=told["number"], soon=told["due_soon"], **{key: told[f"n_{key}"] for key in parts}),
        watch=tuple(project_line(project) for project in watched),
        recent=newest_photos(viewer, RECENT),
    )
