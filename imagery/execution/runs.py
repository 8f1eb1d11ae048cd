"""A whole run: three passes over the windows of a pair, by any executor; it tells its progress, resumes and stops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from imagery.detect.cuts import COUNT, Cut
from imagery.detect.detectors import detector_named
from imagery.detect.edges import window_still
from imagery.detect.masks import LEAST_PIXELS, Plan, planned, window_hist, window_mask, window_score
from imagery.detect.patches import Marks
from imagery.detect.sampling import MOST_PIXELS, Bands, Sample, gathered, window_stats
from imagery.detect.windows import WINDOW, Lattice, Window, cover
from imagery.execution.executors import Executor, Serial, Waiting
from imagery.execution.keeping import Arrays, Kept

STAGES = ("stats", "hist", "mask")


class Source(Protocol):
    """Two scenes of the same ground."""

    @property
    def rows(self) -> int:
        """Of both."""
        ...

    @property
    def cols(self) -> int:
        """Of both."""
        ...

    def read(self, window: Window) -> tuple[Bands, Bands]:
        """Both scenes of a window, (bands, height, width) float32, NaN where there is no data."""
        ...


class Cancelled(Exception):
    """Somebody ended the run; what its windows gave so far is kept."""


@dataclass(frozen=True)
class Order:
    """What is to be run.

    Attributes:
        source: the two scenes.
        detector: key of a registered detector.
        size: side of a window in pixels; the result does not depend on it.
        least: minimum mapping unit in pixels.
        cut: another rule for the threshold than the detector's.
    """

    source: Source
    detector: str
    size: int = WINDOW
    least: int = LEAST_PIXELS
    cut: Cut | None = None

    @property
    def windows(self) -> list[Window]:
        """Those of the image, row by row."""
        return list(cover(self.source.rows, self.source.cols, self.size))

    @property
    def rule(self) -> Cut:
        """The rule for the threshold."""
        return self.cut or detector_named(self.detector).cut


_NO_SCORE = np.empty((0, 0), np.float32)


def _nothing(done: int, total: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True)
class Conduct:
    """How it is run; none of this changes the result.

    Attributes:
        executor: who works.
        progress: told (windows done, windows in all), over the three passes, after each window and every few seconds
            while none comes; what it raises (``Cancelled``) ends them.
        kept: where results of windows are kept, if anywhere.
    """

    executor: Executor = field(default_factory=Serial)
    progress: Callable[[int, int], None] = _nothing
    kept: Kept | None = None


@dataclass(frozen=True, eq=False)
class Part:
    """What pass 3 gives of a window.

    Attributes:
        window: which.
        marks: (height, width) what changed, and what of it survives a shift.
        score: (height, width) smoothed scores; empty unless they were asked for.
    """

    window: Window
    marks: Marks
    score: NDArray[np.float32]


def sampled(order: Order, conduct: Conduct) -> Sample:
    """Pass 1: the pixels of the image's lattice.

    Raises:
        Cancelled: somebody ended the run.
        TooFewPixelsError: hardly a pixel has values in both scenes.
    """
    source = order.source
    lattice = Lattice.of(source.rows, source.cols, MOST_PIXELS, detector_named(order.detector).block)
    samples = _stage("stats", partial(stats_of, source, lattice), order, conduct)
    parts = [Sample(got["before"], got["after"], got["order"], lattice.block) for _window, got in samples]
    return gathered(parts)


def fitted(order: Order, conduct: Conduct, sample: Sample) -> Plan:
    """Pass 2: the detector fitted to the sample, with its cut.

    Raises:
        Cancelled: somebody ended the run.
    """
    source, detector = order.source, replace(detector_named(order.detector), cut=order.rule)
    plan = planned(detector, sample, order.least)
    counts = np.zeros(COUNT, np.int64)
    for _window, got in _stage("hist", partial(hist_of, source, plan), order, conduct):
        counts += got["counts"]
    return replace(plan, cut=order.rule.at(counts))


def masked(order: Order, plan: Plan, conduct: Conduct, with_score: bool = False) -> Iterator[Part]:
    """Pass 3: the mask, window by window, in any order; edges that moved are still in it.

    Raises:
        Cancelled: somebody ended the run.
    """
    work = partial(mask_of, order.source, plan, with_score)
    for window, got in _stage("mask", work, order, conduct):
        mask, still = (np.unpackbits(got[name], count=window.height * window.width) for name in ("mask", "still"))
        marks = (mask + still).reshape(window.height, window.width)
        yield Part(window, marks, got.get("score", _NO_SCORE))


def whole(source: Source, parts: Iterable[Part], told: Callable[[Part], None] | None = None) -> Marks:
    """The marks of the whole image; ``told`` hears of each part first."""
    marks = np.zeros((source.rows, source.cols), np.uint8)
    for part in parts:
        if told:
            told(part)
        marks[part.window.slices] = part.marks
    return marks


def _stage(
    name: str, work: Callable[[Window], Arrays], order: Order, conduct: Conduct
) -> Iterator[tuple[Window, Arrays]]:
    """One pass; windows whose result is kept are not worked on again."""
    windows, kept = order.windows, conduct.kept
    done, total = STAGES.index(name) * len(windows), len(STAGES) * len(windows)
    known = {window: got for window in windows if kept and (got := kept.get(name, window)) is not None}

    def tell() -> None:
        conduct.progress(done, total)

    missing = [window for window in windows if window not in known]
    for window, got in chain(known.items(), _worked(name, work, missing, conduct, tell)):
        done += 1
        tell()
        yield window, got


def _worked(
    name: str, work: Callable[[Window], Arrays], windows: Sequence[Window], conduct: Conduct, waiting: Waiting
) -> Iterator[tuple[Window, Arrays]]:
    for window, got in conduct.executor.run(work, windows, waiting):
        if conduct.kept:
            conduct.kept.put(name, window, got)
        yield window, got


def stats_of(source: Source, lattice: Lattice, window: Window) -> Arrays:
    """Pass 1 of a window."""
    outer = window.grown(lattice.halo, source.rows, source.cols)
    sample = window_stats(*source.read(outer), window, outer, lattice)
    return {"before": sample.before, "after": sample.after, "order": sample.order}


def hist_of(source: Source, plan: Plan, window: Window) -> Arrays:
    """Pass 2 of a window."""
    outer = window.grown(plan.score_halo, source.rows, source.cols)
    return {"counts": window_hist(plan, window_score(plan, *source.read(outer)), window, outer)}


def mask_of(source: Source, plan: Plan, with_score: bool, window: Window) -> Arrays:
    """Pass 3 of a window; the mask, and what of it survives a shift, as packed bits."""
    for reach in plan.reaches:
        known = window.grown(reach, source.rows, source.cols)
        outer = known.grown(plan.rim, source.rows, source.cols)
        before, after = source.read(outer)
        score = window_score(plan, before, after)
        mask = window_mask(plan, score, window, known, outer)
        if mask is not None:
            still = window_still(plan, before, after, mask, window, outer)
            given: dict[str, NDArray] = {"mask": np.packbits(mask), "still": np.packbits(still)}
            if with_score:
                given["score"] = score[window.within(outer)]
            return given
    raise AssertionError("with the last reach every patch has ended or is large")
