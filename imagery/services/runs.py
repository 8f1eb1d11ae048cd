"""Runs of change detection: asked for once, told how far they are, ended or finished; their points with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from imagery.models import ChangeRun, Scene
from imagery.querysets import REVIEWERS
from imagery.selectors.facts import IN_USE
from imagery.selectors.runs import OVER, SILENT, detector_titles, run_is_idle
from imagery.services.found import FoundPatch, FoundPoints, points_found
from imagery.services.telling import Told, unheard
from imagery.sql.beside import heard_beside
from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.viewer import Viewer
from kernel.writing import require
from records.services import audit_write

if TYPE_CHECKING:
    from imagery.detect.registration import Shift

CODE_VERSION = "4"
"""Of what a run does (``imagery.ingest``); raise it when the same two scenes would give other points."""

SHARES = (0.0001, 0.5)
"""Least and most of the ground that is taken for changed, instead of the detector's own rule."""

LEASTS = (1, 10_000)
"""A patch of fewer pixels is dropped: fewest and most that may be asked for."""

PARAMS: Mapping[str, tuple[float, float]] = {"share": SHARES, "least": LEASTS}
"""What a run takes beside its scenes and detector, and between what."""


@transaction.atomic
def run_add(
    *, by: Viewer, before: Scene, after: Scene, detector: str, code_version: str, **params: Any
) -> tuple[ChangeRun, bool]:
    """Ask for a comparison.

    Args:
        by: of the county; the caller decides who may.
        before: the earlier scene.
        after: the later one.
        detector: key of a registered detector; the caller has looked it up.
        code_version: of the detection.
        params: some of ``PARAMS``.

    Returns:
        The run, and whether it is new: the same comparison is the run that is there.

    Raises:
        Invalid: the scenes are one, of two counties, in the wrong order, withdrawn or do not overlap; a parameter is
            unknown or none of its values.
    """
    _check_params(params)
    _check_scenes(before, after)
    told = {"before": before.sha256, "after": after.sha256, "detector": detector, "code": code_version, **params}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    named = {"before": before, "after": after, "detector": detector, "params": params, "code_version": code_version}
    run, is_new = ChangeRun.objects.get_or_create(
        county_id=by.county, params_hash=digest, defaults={**named, "asked_by_id": by.user_id}
    )
    if is_new:
        audit_write(by=by, action="run.add", obj=run, changes={"detector": [None, detector]})
    return run, is_new


def _check_params(params: dict[str, Any]) -> None:
    unknown = next((name for name in params if name not in PARAMS), None)
    if unknown:
        raise Invalid(_("没有参数“%s”。") % unknown[:60], code="unknown_parameter", field=unknown[:60])
    for name, value in params.items():
        low, high = PARAMS[name]
        if not low <= value <= high:  # so that NaN is refused, too
            said = {"name": name, "low": low, "high": high}
            raise Invalid(_("“%(name)s”要是 %(low)s 到 %(high)s 之间的数。") % said, field=name)


def _check_scenes(before: Scene, after: Scene) -> None:
    for name, scene in (("before", before), ("after", after)):
        if scene.status not in IN_USE:
            raise Invalid(_("影像“%s”已停用。") % scene.title, field=name)
    if before.county_id != after.county_id:
        raise Invalid(_("两景影像不在同一个县。"), field="after")
    if before.acquired_at >= after.acquired_at:
        raise Invalid(_("前一景影像要比后一景早。"), field="before")
    if not before.footprint.intersects(after.footprint):
        raise Invalid(_("两景影像没有重叠。"), field="after")


def _asked() -> QuerySet[ChangeRun]:
    """Runs that wait for a worker; those of a command line are done by whoever typed it."""
    return ChangeRun.objects.filter(state=ChangeRun.State.WAITING, asked_by__isnull=False).order_by("pk")


def run_waits() -> bool:
    """Whether somebody has asked for a run that no worker has begun."""
    return _asked().exists()


@transaction.atomic
def run_take() -> ChangeRun | None:
    """Give a worker the run that waits longest; no other worker gets it."""
    run = _asked().select_for_update(skip_locked=True).first()
    if run:
        run_begun(run)
    return run


def run_begun(run: ChangeRun) -> None:
    """Note that a run is being worked on, by one at a time; one that was broken off begins again.

    ``started_at`` says by whom: whoever began it before stops (``run_is_lost``).

    Raises:
        Conflict: code "run_over"; "run_alive": somebody else works on it.
    """
    now = clock.now()
    begun = ChangeRun.objects.filter(pk=run.pk).exclude(state__in=OVER)
    is_worked_on = Q(state=ChangeRun.State.RUNNING, heard_at__gte=now - SILENT)
    if begun.exclude(is_worked_on).update(state=ChangeRun.State.RUNNING, started_at=now, heard_at=now, error=""):
        run.started_at = now
        return
    if other := begun.first():
        heard = other.heard_at or now
        told = {name: f"{at.astimezone(clock.ZONE):%H:%M:%S}" for name, at in (("at", heard), ("till", heard + SILENT))}
        said = _("有人正在做这次比对，%(at)s 还有消息；如果以后没有了，%(till)s 之后可以接着做。") % told
        raise Conflict(said, code="run_alive")
    raise Conflict(_("这次比对已经结束。"), code="run_over")


def run_progress(run: ChangeRun, share: float) -> None:
    """Note the share that is done, 0…1. Cost: one query."""
    ChangeRun.objects.filter(pk=run.pk).update(progress=min(max(share, 0.0), 1.0), heard_at=clock.now())


@contextmanager
def run_progress_beside(run: ChangeRun) -> Iterator[Told]:
    """``run_progress`` for while a transaction is open, also of a run that the transaction is about."""
    with heard_beside(run.pk) as heard:
        yield lambda share: heard(min(max(share, 0.0), 1.0), clock.now())


def run_is_cancelled(run: ChangeRun) -> bool:
    """Whether somebody has ended it. Cost: one query."""
    return ChangeRun.objects.filter(pk=run.pk, state=ChangeRun.State.CANCELLED).exists()


def run_is_lost(run: ChangeRun) -> bool:
    """Whether who began it is no more to work on it: it was ended, and maybe asked for anew. Cost: one query."""
    return not _begun(run).exists()


def _begun(run: ChangeRun) -> QuerySet[ChangeRun]:
    """The run as long as it is worked on by who holds it."""
    return ChangeRun.objects.filter(pk=run.pk, state=ChangeRun.State.RUNNING, started_at=run.started_at)


def run_start(*, by: Viewer, before_id: int, after_id: int, detector: str, **params: Any) -> tuple[ChangeRun, bool]:
    """Ask for a comparison of two scenes of the county by their keys; as ``run_add``.

    Raises:
        NotSignedIn, Forbidden: ``by`` does not answer for the whole county.
        Invalid: there is no such detector or no such scene, or as ``run_add``.
    """
    _keeper(by)
    if detector not in detector_titles():
        raise Invalid(_("没有这个方法。"), field="detector")
    known = Scene.objects.visible_to(by).in_bulk([before_id, after_id])
    for name, key in (("before", before_id), ("after", after_id)):
        if key not in known:
            raise Invalid(_("没有这景影像。"), field=name)
    scenes = {"before": known[before_id], "after": known[after_id]}
    return run_add(by=by, **scenes, detector=detector, code_version=CODE_VERSION, **params)


def _keeper(by: Viewer) -> None:
    """A run is of all the county.

    Raises:
        NotSignedIn, Forbidden: ``by`` is no official, or of a part of it.
    """
    require(by, *REVIEWERS)
    if not by.covers(None):
        raise Forbidden(_("影像比对是全县的事，只有管全县的领导可以做。"))


def _locked(by: Viewer, run_id: int) -> ChangeRun:
    run = ChangeRun.objects.visible_to(by).select_for_update(no_key=True).filter(pk=run_id).first()
    if run is None:
        raise NotFound(_("没有这次比对。"))
    return run


@transaction.atomic
def run_cancel(*, by: Viewer, run_id: int) -> ChangeRun:
    """End a run that waits or is being worked on; nothing of it stays.

    Raises:
        NotSignedIn, Forbidden: ``by`` does not answer for the whole county.
        NotFound: there is none that ``by`` may see.
        Conflict: code "run_over".
    """
    _keeper(by)
    run = _locked(by, run_id)
    if run.state in OVER:
        raise Conflict(_("这次比对已经结束。"), code="run_over")
    run.state, run.finished_at = ChangeRun.State.CANCELLED, clock.now()
    run.save(update_fields=["state", "finished_at"])
    audit_write(by=by, action="run.cancel", obj=run)
    return run


@transaction.atomic
def run_resume(*, by: Viewer, run_id: int) -> ChangeRun:
    """Have a run done that failed, was ended, or whose worker is silent; it goes on where it was broken off.

    Raises:
        NotSignedIn, Forbidden: ``by`` does not answer for the whole county.
        NotFound: there is none that ``by`` may see.
        Conflict: code "run_alive": it is done, or somebody works on it.
    """
    _keeper(by)
    return run_reopen(by=by, run=_locked(by, run_id))


@transaction.atomic
def run_reopen(*, by: Viewer, run: ChangeRun) -> ChangeRun:
    """``run_resume`` where the caller decides who may; without a user ``by`` works on it, from now on (``run_begun``).

    Raises:
        Conflict: code "run_alive": it is done, or somebody works on it.
    """
    run = (
        ChangeRun.objects.select_for_update(no_key=True, of=("self",)).select_related("before", "after").get(pk=run.pk)
    )
    if not run_is_idle(run):
        raise Conflict(_("这次比对已经完成，或者正在做。"), code="run_alive")
    run.state, run.error, run.finished_at, run.progress = ChangeRun.State.WAITING, "", None, 0.0
    run.asked_by_id = by.user_id or run.asked_by_id
    run.save(update_fields=["state", "error", "finished_at", "progress", "asked_by"])
    audit_write(by=by, action="run.resume", obj=run)
    if by.user_id is None:  # else a worker would take what a person had asked for
        run_begun(run)
    return run


def run_failed(run: ChangeRun, code: str, **figures: float | str) -> None:
    """Note why a run came to nothing, unless it is lost meanwhile (``run_is_lost``).

    Args:
        run: that was being worked on.
        code: of ``imagery.selectors.failures.WORDS``.
        figures: what its sentence names.
    """
    why = {"error": code, "error_figures": figures}
    told = {"state": ChangeRun.State.FAILED, "finished_at": clock.now(), **why}
    _begun(run).update(**told)


@transaction.atomic
def run_finished(
    *,
    by: Viewer,
    run: ChangeRun,
    patches: Sequence[FoundPatch],
    left: Mapping[int, int],
    shift: Shift | None,
    peak_mb: Callable[[], float],
    vetoed: int = 0,
    told: Told = unheard,
) -> FoundPoints:
    """Take in what a run has found, and what it has left of points that wait, and note that it is done: all or nothing.

    Its row is taken at the very end: whoever ends the run meanwhile does not wait, and has ended it.

    Args:
        by: who asked for it.
        run: that is being worked on.
        patches: all that it found.
        left: as of ``points_found``.
        shift: of the later scene; None: nobody can tell.
        peak_mb: asked when all is written; MiB.
        vetoed: how many patches were edges that moved, and are none of ``patches``.
        told: how much of it is done; what it raises undoes all of it.

    Raises:
        Conflict: code "run_over": somebody has ended it meanwhile.
    """
    run.shift_px, run.vetoed = round(shift.pixels, 2) if shift else None, vetoed
    points = points_found(by=by, run=run, patches=patches, left=left, told=told)
    if ChangeRun.objects.select_for_update(no_key=True).get(pk=run.pk).state in OVER:
        raise Conflict(_("这次比对已经结束。"), code="run_over")
    ended = {"state": ChangeRun.State.DONE, "progress": 1.0, "finished_at": clock.now()}
    measured = {"shift_px": run.shift_px, "peak_mb": round(peak_mb(), 1)}
    counted = {"vetoed": vetoed, "points": len(points.added), "again": len(points.again), "gone": len(points.gone)}
    ChangeRun.objects.filter(pk=run.pk).update(**ended, **measured, **counted)
    return points
