"""A run of change detection: two scenes in, points out. The edge between rasters and the database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from django.conf import settings
from django.contrib.gis.geos import Polygon as GEOSPolygon
from django.utils.translation import gettext as _
from shapely.geometry import Polygon

from imagery import services
from imagery.detect.bands import CLOUDS, COMMON
from imagery.detect.cuts import Top
from imagery.detect.detectors import detector_keys
from imagery.detect.edges import standing
from imagery.detect.faults import Fault
from imagery.detect.features import Alike
from imagery.detect.masks import LEAST_PIXELS, Plan
from imagery.detect.patches import Patch
from imagery.detect.registration import Shift
from imagery.execution.clearing import Clear, cleared, registered
from imagery.execution.executors import ExecutorError, executor_of
from imagery.execution.keeping import Kept, tidy
from imagery.execution.patches import BLOCK, mean_scores, patches_of
from imagery.execution.peak import peak_begun, peak_mb
from imagery.execution.runs import Cancelled, Conduct, Order, fitted, masked, sampled, whole
from imagery.models import ChangeRun, Scene
from imagery.rasters import store
from imagery.rasters.facts import ground_m
from imagery.rasters.finding import picture
from imagery.rasters.outlines import outline_of, pixels_of
from imagery.rasters.pairs import Pair, paired
from imagery.rasters.reading import Picture, opened
from imagery.selectors.facts import IN_USE
from imagery.selectors.failures import WORDS, failure_said
from imagery.selectors.later import points_tested
from imagery.selectors.runs import OVER, SILENT
from imagery.services.telling import Told, part, unheard
from kernel import clock
from kernel.errors import Conflict
from kernel.viewer import Viewer

PLACED, DETECTED, READ, TESTED = 0.1, 0.7, 0.85, 0.9
"""Shares of a run's time after which it is known what is a cloud, then the mask, then its patches, then what is left of
points that wait; the rest is writing. Of a usual pair the last ones take no time, of a noisy one more than so much."""

BEAT = 200
"""After so many patches, half a second or so, a run says how far it is and hears whether somebody has ended it."""

HOLLOW = 1.5
"""An outline of so much more than its patch, as of a wall round a field, is mostly about other ground. Ours: being
made smooth changes an outline by less."""


@dataclass(frozen=True, eq=False)
class _Found:
    patches: list[services.FoundPatch]
    vetoed: int
    shift: Shift | None
    left: dict[int, int]


def run_carry_out(*, by: Viewer, run: ChangeRun, told: Told = unheard, is_taken: bool = False) -> services.FoundPoints:
    """Compare the two scenes of a run and put what changed into the queue.

    What its windows gave is kept until the end: a run that was broken off goes on where it was.

    Args:
        by: who asked for it.
        run: waiting, or broken off.
        told: called with the share that is done, beside the row of the run.
        is_taken: ``run_take`` has given it to the caller.

    Raises:
        Conflict: code "run_over": it is done or cancelled; "run_alive": somebody else works on it; "cancelled":
            somebody ended it meanwhile; "cannot_compare": the scenes cannot be compared, in a sentence;
            "cluster_lost": nobody works on them any more, what they gave is kept; "no_executor", "cluster_unfit":
            nobody can, as what is wanted for it is not installed here, or there. The run says so too, as it does of
            whatever else breaks it off (Ctrl-C).
    """
    if not is_taken:
        services.run_begun(run)
    peak_begun()
    kept = _kept(run)

    try:
        points = _written(by, run, _detected(run, kept, told), told)
    except Cancelled:
        if services.run_is_cancelled(run):  # else it is somebody else's
            kept.forget()
        raise Conflict(_("这次比对已经取消。"), code="cancelled") from None
    except Fault as error:
        code, figures = (error.code, error.figures) if error.code in WORDS else ("other", {"said": str(error)[:300]})
        services.run_failed(run, code, **figures)
        raise Conflict(failure_said(code, figures), code="cannot_compare") from error
    except ExecutorError as error:
        services.run_failed(run, error.code)
        raise Conflict(failure_said(error.code, {}), code=error.code, hint=str(error)) from error
    except Conflict:  # it is over: somebody has ended it, or done it
        kept.forget()
        raise
    except BaseException:
        services.run_failed(run, "broken_off")
        raise
    kept.forget()
    return points


def _kept(run: ChangeRun) -> Kept:
    """What windows of a run give; what is left of runs that died, and were ended later, goes."""
    folder = store.root() / "runs"
    tidy(folder, map(_signature, ChangeRun.objects.exclude(state__in=OVER)), (clock.now() - SILENT).timestamp())
    return Kept(folder, _signature(run))


def _signature(run: ChangeRun) -> str:
    return f"{run.params_hash} {services.CODE_VERSION}"


def _beat(run: ChangeRun, heard: Told, told: Told) -> Told:
    """Say how far a run is, unless somebody has ended it, and maybe asked for it anew."""

    def beat(share: float) -> None:
        if services.run_is_lost(run):
            raise Cancelled
        heard(share)
        told(share)

    return beat


def _written(by: Viewer, run: ChangeRun, found: _Found, told: Told) -> services.FoundPoints:
    """Points of all that was found: in one transaction, that says how far it is and ends when somebody ends the run."""
    with services.run_progress_beside(run) as heard:
        return services.run_finished(
            by=by,
            run=run,
            patches=found.patches,
            vetoed=found.vetoed,
            left=found.left,
            shift=found.shift,
            peak_mb=peak_mb,
            told=part(_beat(run, heard, told), TESTED, 1),
        )


def _detected(run: ChangeRun, kept: Kept, told: Told) -> _Found:
    """The patches of a run, as points take them."""
    beat = _beat(run, partial(services.run_progress, run), told)
    beat(0)
    if run.detector not in detector_keys():  # its package is installed where the run was asked for
        raise Fault(f"No package has the detector {run.detector}.", "no_detector", detector=run.detector)
    pair = _pair(run)
    pixel_m = _pixel_m(run.before)
    shift = registered(pair, pixel_m / run.before.gsd_m)  # the file's pixels lie on the grid of tiles
    executor, names = executor_of(settings.CHANGE_EXECUTOR), pair.before.names
    conduct = Conduct(executor, lambda done, total: beat(PLACED + (DETECTED - PLACED) * done / total), kept)
    # What is a cloud is known from the scenes where they lie; what is usual ground only without clouds.
    first = Conduct(executor, lambda done, total: beat(PLACED * done / total))  # of its three passes it is one
    placed = sampled(_order(Clear(pair, shift.whole if shift else (0, 0)), run), first)
    source = cleared(pair, names, placed, shift, pixel_m, (bool(pair.before.clouds), bool(pair.after.clouds)))
    order = _order(source, run)
    sample = sampled(order, conduct)
    plan = fitted(order, conduct, sample)
    marks = whole(source, masked(order, plan, conduct))
    found, vetoed = standing(marks, plan.least)
    patches = []
    for patch in patches_of(source, names, plan, Alike.of(sample), marks, found):
        patches.append(_as_found(patch, pair.before))
        if len(patches) % BEAT == 0:
            done = patch.window.row // BLOCK * BLOCK / len(marks)  # square by square
            beat(DETECTED + (READ - DETECTED) * done)
    return _Found(patches, vetoed, shift, _left(run, source, plan, pair.before, part(beat, READ, TESTED)))


def _left(run: ChangeRun, source: Clear, plan: Plan, grid: Picture, told: Told = unheard) -> dict[int, int]:
    """Percent of their strength that these scenes show of points that wait, by key; those that lie in both of them.

    Of a hollow patch (``HOLLOW``) they say nothing.
    """
    laid = [(point, pixels_of(Polygon(point.outline.coords[0]), grid)) for point in points_tested(run)]
    inside = [(point, place) for point, place in laid if place and place[1].mean() <= HOLLOW * point.fill]

    def beat(done: int) -> None:
        if done % BEAT == 0:
            told(done / len(inside))

    means = mean_scores(source, plan, [place for _point, place in inside], beat)
    return {
        point.key: max(0, round(100 * mean / point.strength))
        for (point, _place), mean in zip(inside, means, strict=True)
        if mean is not None
    }


def _pair(run: ChangeRun) -> Pair:
    return paired(_picture(run.before), _picture(run.after))


def _picture(scene: Scene) -> Picture:
    if scene.status not in IN_USE:  # since the run was asked for
        raise Fault(f"{scene.title} is withdrawn.", "withdrawn", scene=scene.title)
    try:
        return picture(store.root() / scene.path, [name if name in (*COMMON, CLOUDS) else "-" for name in scene.bands])
    except Fault as error:
        error.figures["scene"] = scene.title  # files of scenes have names that tell people nothing
        raise


def _pixel_m(scene: Scene) -> float:
    """Edge of a pixel of its file, metres on the ground; as it came it was ``gsd_m``."""
    with opened(store.root() / scene.path) as data:
        return ground_m(data)


def _order(source: Clear, run: ChangeRun) -> Order:
    params = run.params
    cut = Top(params["share"]) if "share" in params else None
    return Order(source, run.detector, least=params.get("least", LEAST_PIXELS), cut=cut)


def _as_found(patch: Patch, grid: Picture) -> services.FoundPatch:
    """A patch as the county has it."""
    return services.FoundPatch(
        outline=GEOSPolygon(tuple(outline_of(patch, grid).exterior.coords), srid=4326),
        kind=patch.kind,
        score=round(patch.score, 3),
        features={name: round(value, 4) for name, value in patch.features.items() if np.isfinite(value)},
    )
