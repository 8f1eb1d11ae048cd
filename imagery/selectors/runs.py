"""The runs of change detection of a county, how far they are, and what a new one may be made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.selectors import people_named
from imagery.detect.plugins import plugins
from imagery.models import DETECTOR_TITLES, ChangeRun, Scene
from imagery.querysets import REVIEWERS
from imagery.selectors.cards import SceneBrief, scene_brief
from imagery.selectors.failures import failure_said
from kernel import clock
from kernel.clock import written
from kernel.viewer import Viewer

OVER = (ChangeRun.State.DONE, ChangeRun.State.CANCELLED)

SILENT = dt.timedelta(minutes=10)
"""A worker says how far it is after every window, some seconds each; after so long it is gone. A rule of ours."""

MOST = 50
"""Runs that are listed: a county has some in a year."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run.

    Attributes:
        progress: share that is done, 0…1.
        points: how many it added; ``again``: known ones that it found; ``gone``: that it hardly finds any more.
        vetoed: patches that were edges which moved, and became no points.
        detector: how it was compared, in words, with what was asked for beside.
        shift_px: by how much the later scene lay beside the earlier one before it was put right; None: not measured.
        error: why it failed, in a sentence.
        may: what the viewer may do with it: "cancel", "resume".
    """

    id: int
    state: str
    state_title: str
    progress: float
    points: int
    again: int
    gone: int
    vetoed: int
    detector: str
    shift_px: float | None
    error: str
    before: SceneBrief
    after: SceneBrief
    who: str
    asked_at: str | None
    finished_at: str | None
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DetectorOption:
    """A way to find change, and what it is called."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class RunList:
    """Runs, the newest first; scenes in use and detectors for another one, empty for who may not start one."""

    items: tuple[RunRow, ...]
    scenes: tuple[SceneBrief, ...]
    detectors: tuple[DetectorOption, ...]


def detector_titles() -> dict[str, str]:
    """What somebody may choose for a run, the default first: ours, and those of installed packages by their names."""
    theirs = {key: one.dist.name if one.dist else one.module for key, one in sorted(plugins().items())}
    named = {key: _("%(key)s（软件包 %(package)s）") % {"key": key, "package": of} for key, of in theirs.items()}
    ours = {key: str(title) for key, title in DETECTOR_TITLES.items()}
    return ours | {key: title for key, title in named.items() if key not in ours}


def run_list(viewer: Viewer) -> RunList:
    """The runs of the county. Cost: three queries."""
    rows = list(ChangeRun.objects.visible_to(viewer).select_related("before", "after")[:MOST])
    people = people_named([row.asked_by_id for row in rows])
    may_start = viewer.has_role(*REVIEWERS) and viewer.covers(None)
    scenes = Scene.objects.visible_to(viewer).filter(status=Scene.Status.READY) if may_start else ()
    titles = detector_titles()
    return RunList(
        items=tuple(_row(row, people, titles, may_act=may_start) for row in rows),
        scenes=tuple(map(scene_brief, scenes)),
        detectors=tuple(DetectorOption(key, title) for key, title in titles.items() if may_start),
    )


def run_is_idle(run: ChangeRun) -> bool:
    """Whether it is not done and nobody works on it: it failed, was ended, or its worker is silent."""
    if run.state == ChangeRun.State.RUNNING:
        return run.heard_at is None or run.heard_at < clock.now() - SILENT
    return run.state in (ChangeRun.State.FAILED, ChangeRun.State.CANCELLED)


def _method(run: ChangeRun, titles: dict[str, str]) -> str:
    words = [titles.get(run.detector, run.detector)]
    if "share" in run.params:
        words.append(_("变化占地 %s%%") % f"{100 * run.params['share']:g}")
    if "least" in run.params:
        words.append(_("图斑至少 %d 个像元") % run.params["least"])
    return _("，").join(words)


def _row(run: ChangeRun, people: dict[int, str], titles: dict[str, str], *, may_act: bool) -> RunRow:
    is_alive = run.state in (ChangeRun.State.WAITING, ChangeRun.State.RUNNING)
    allowed = {"cancel": is_alive, "resume": run_is_idle(run)}
    return RunRow(
        id=run.pk,
        state=run.state,
        state_title=str(ChangeRun.State(run.state).label),
        progress=run.progress,
        points=run.points,
        again=run.again,
        gone=run.gone,
        vetoed=run.vetoed,
        detector=_method(run, titles),
        shift_px=run.shift_px,
        error=failure_said(run.error, run.error_figures),
        before=scene_brief(run.before),
        after=scene_brief(run.after),
        who=people.get(run.asked_by_id or 0, ""),
        asked_at=written(run.asked_at),
        finished_at=written(run.finished_at),
        may=tuple(name for name, is_allowed in allowed.items() if is_allowed and may_act),
    )
