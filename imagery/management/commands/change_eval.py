"""``manage.py change_eval BEFORE AFTER --changed FILE``: how well a detector finds what somebody labelled.

The same functions as a run of the county, on any rasters; nothing enters the database.
"""

from __future__ import annotations

import json
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imagery.detect.cuts import Cut, Otsu, Top
from imagery.detect.detectors import DEFAULT, detectors
from imagery.detect.features import Alike
from imagery.detect.masks import LEAST_PIXELS
from imagery.detect.sampling import TooFewPixelsError
from imagery.detect.scores import Tally
from imagery.detect.trees import CorruptTrees, Trees, from_bytes
from imagery.detect.windows import WINDOW
from imagery.execution.executors import ExecutorError, executor_of
from imagery.execution.keeping import Kept
from imagery.execution.ranking import reranked
from imagery.execution.runs import Conduct, Order, fitted, masked, sampled
from imagery.rasters.finding import picture
from imagery.rasters.pairs import Labels, Pair, paired
from imagery.rasters.reading import RasterError
from imagery.rasters.writing import mask_file


class Command(BaseCommand):
    """Detect, compare with labels, print the figures."""

    help = "Runs change detection on two rasters and compares it with labels; the database is not touched."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Rasters, labels, how to detect and where results go."""
        scene = "a raster of any format, a folder of single-band files, or several files with commas between"
        parser.add_argument("before", help=scene)
        parser.add_argument("after", help=scene)
        parser.add_argument("--changed", required=True, help="raster of labels: what changed (255 or 1; 2 beside 1)")
        parser.add_argument("--unchanged", help="raster of labels: what did not; without it, all that is not changed")
        parser.add_argument("--detector", default=DEFAULT, choices=[one.key for one in detectors])
        parser.add_argument("--bands", default="", help="what the bands are, in order: blue,green,red,nir (- : none)")
        parser.add_argument(
            "--cut", help="another threshold than the detector's: otsu, or the share that changed (0.03)"
        )
        parser.add_argument("--ranker", type=Path, help="judge the patches by a re-ranker (train_ranker --out FILE)")
        parser.add_argument("--least", type=int, default=LEAST_PIXELS, help="patches of fewer pixels are dropped")
        parser.add_argument("--window", type=int, default=WINDOW, help="side of a window in pixels")
        parser.add_argument("--executor", default=None, help="threads, serial or dask://host:port")
        parser.add_argument("--keep", type=Path, help="folder for what windows gave, to go on after a break")
        parser.add_argument("--mask", type=Path, help="write the mask there, as a GeoTIFF")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Detect and tell.

        Raises:
            CommandError: a raster, a band or an option that cannot be used, in a sentence.
        """
        try:
            told = self._evaluated(options)
        except (RasterError, TooFewPixelsError, ExecutorError, CorruptTrees) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else _lines(told))

    def _evaluated(self, options: dict[str, Any]) -> dict[str, Any]:
        wanted = tuple(name.strip() for name in options["bands"].split(",") if name.strip())
        pair = paired(picture(options["before"], wanted), picture(options["after"], wanted))
        changed = Labels.of(options["changed"], pair.rows, pair.cols)
        unchanged = Labels.of(options["unchanged"], pair.rows, pair.cols) if options["unchanged"] else None
        order = _order(pair, options)
        kept = Kept(options["keep"], repr(order)) if options["keep"] else None
        executor = executor_of(options["executor"] or settings.CHANGE_EXECUTOR)
        conduct = Conduct(executor, self._progress(options), kept=kept)
        trees = _trees(options["ranker"])
        started = time.process_time()
        sample = sampled(order, conduct)
        plan = fitted(order, conduct, sample)
        parts = masked(order, plan, conduct, with_score=True)
        if trees:
            parts = reranked(pair, pair.before.names, plan, Alike.of(sample), parts, trees)
        tally = Tally()
        with mask_file(options["mask"], pair.before) if options["mask"] else nullcontext() as file:
            for part in parts:
                is_changed = changed.read(part.window)
                is_not = unchanged.read(part.window) & ~is_changed if unchanged else changed.rest(part.window)
                tally.add(part.mask, part.score, is_changed, is_not)
                if file:
                    file.put(part.window, part.mask)
        if kept:
            kept.forget()
        figures = tally.quality()
        return {
            "detector": options["detector"], "rows": pair.rows, "cols": pair.cols, "bands": list(pair.before.names),
            **figures.as_dict(),
            "threshold": round(plan.bins.start(plan.cut or 0), 6),
            "share": round(figures.found / (pair.rows * pair.cols), 6),
            "cpu_seconds": round(time.process_time() - started, 3),
        }  # fmt: skip

    def _progress(self, options: dict[str, Any]) -> Any:
        def told(done: int, total: int) -> None:
            if self.stderr.isatty() and options["verbosity"]:
                self.stderr.write(f"\r{done}/{total} windows", ending="" if done < total else "\n")

        return told


def _order(pair: Pair, options: dict[str, Any]) -> Order:
    if options["window"] < 16 or options["least"] < 1:
        raise CommandError("--window is at least 16, --least at least 1.")
    return Order(pair, options["detector"], options["window"], options["least"], _cut(options["cut"]))


def _trees(path: Path | None) -> Trees | None:
    """The re-ranker of a file.

    Raises:
        CommandError: the file cannot be opened.
        CorruptTrees: it is none.
    """
    if path is None:
        return None
    try:
        return from_bytes(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


def _cut(said: str | None) -> Cut | None:
    if said is None:
        return None
    if said == "otsu":
        return Otsu()
    try:
        share = float(said)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise CommandError("--cut is otsu or a share between 0 and 1.")
    return Top(share)


def _lines(told: dict[str, Any]) -> str:
    return "\n".join(
        f"{key:12} {', '.join(value) if isinstance(value, list) else value}" for key, value in told.items()
    )
