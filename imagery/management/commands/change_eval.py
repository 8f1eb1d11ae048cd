"""``manage.py change_eval BEFORE AFTER --changed FILE``: how well a detector finds what somebody labelled.

The same functions as a run of the county, on any rasters; nothing enters the database. ``--pairs LIST`` does so with
several pairs; ``--rerank`` with re-rankers that learn of some pairs and judge the others.
"""

from __future__ import annotations

import json
import time
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from statistics import fmean
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imagery.detect.cuts import Cut, Otsu, Top
from imagery.detect.detectors import DEFAULT, detector_keys
from imagery.detect.labelled import held_out, learnt
from imagery.detect.masks import LEAST_PIXELS, Mask
from imagery.detect.rank import TooFewReviewsError
from imagery.detect.sampling import TooFewPixelsError
from imagery.detect.scores import Quality
from imagery.detect.trees import CorruptTrees, Trees, from_bytes
from imagery.detect.windows import WINDOW, Window
from imagery.execution.evaluating import Counting, Detected, Truth, detected, quality_of, studied
from imagery.execution.executors import ExecutorError, executor_of
from imagery.execution.keeping import Kept
from imagery.execution.ranking import Held
from imagery.execution.runs import Conduct, Order
from imagery.rasters.labelled import Named, listed
from imagery.rasters.pairs import Pair, loaded
from imagery.rasters.reading import RasterError
from imagery.rasters.writing import mask_file

_MEANS = ("precision", "recall", "f1", "ap")
_EPILOG = """\
examples:
  two files          change_eval t1.tif t2.tif --changed labels.png --json
  folders of bands   change_eval imgs_1 imgs_2 --changed cm.png        (B01.tif … B12.tif, 10, 20 and 60 m together)
  no names of bands  change_eval t1.img t2.img --changed labels.bmp --bands blue,green,red,nir,-,swir1
  same sensor and season, much change
                     change_eval t1.tif t2.tif --changed changed.bmp --unchanged unchanged.bmp --detector irmad
  several pairs, with their mean
                     change_eval --pairs pairs.json
  … and the re-ranker, each pair judged by one that learned of others
                     change_eval --pairs pairs.json --rerank

pairs.json: [{"name": "…", "before": "a/t1", "after": "a/t2", "changed": "a/labels.png"}, …]
  "unchanged" and "bands" may be given, too; before and after may be lists of files; paths begin at the list's folder

printed for each pair, over the labelled pixels: precision, recall, f1 of the mask; ap, the average precision of the
score without any threshold; with --pairs macro, the means of the pairs
"""


class Command(BaseCommand):
    """Detect, compare with labels, print the figures."""

    help = (
        "Runs change detection on two rasters (or on several labelled pairs) and compares it with labels. Any format "
        "of GDAL, georeferenced or not; the database is not touched."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """With the examples as they are written."""
        parser = super().create_parser(prog_name, subcommand, epilog=_EPILOG, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Rasters, labels, how to detect and where results go."""
        scene = "a raster of any format, a folder of single-band files, or several files with commas between"
        parser.add_argument("before", nargs="?", help=scene)
        parser.add_argument("after", nargs="?", help=scene)
        parser.add_argument("--changed", metavar="FILE", help="raster of labels: what changed (255 or 1; 2 beside 1)")
        parser.add_argument(
            "--unchanged", metavar="FILE", help="raster of labels: what did not; without it, all that is not changed"
        )
        parser.add_argument(
            "--pairs", type=Path, metavar="LIST", help="instead of these: a list of labelled pairs (JSON, see below)"
        )
        parser.add_argument("--detector", default=DEFAULT, choices=detector_keys())
        parser.add_argument(
            "--bands",
            default="",
            help="what the bands are, in order: blue,green,red,nir (-: none; clouds: not 0 hides the ground)",
        )
        parser.add_argument(
            "--cut", help="another threshold than the detector's: otsu, or the share that changed (0.03)"
        )
        ranking = parser.add_mutually_exclusive_group()
        ranking.add_argument(
            "--ranker", type=Path, metavar="FILE", help="judge the patches by a re-ranker (train_ranker --out FILE)"
        )
        ranking.add_argument(
            "--rerank", action="store_true", help="with --pairs: also by re-rankers of the others, in five folds"
        )
        parser.add_argument(
            "--save-ranker", type=Path, metavar="FILE", help="with --rerank: write one that learned of all pairs there"
        )
        parser.add_argument("--least", type=int, default=LEAST_PIXELS, help="patches of fewer pixels are dropped")
        parser.add_argument("--window", type=int, default=WINDOW, help="side of a window in pixels")
        parser.add_argument("--executor", default=None, help="threads, serial or dask://host:port")
        parser.add_argument(
            "--keep", type=Path, metavar="FOLDER", help="folder for what windows gave, to go on after a break"
        )
        parser.add_argument("--mask", type=Path, metavar="FILE", help="write the mask of a pair there, as a GeoTIFF")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Detect and tell.

        Raises:
            CommandError: a raster, a band or an option that cannot be used, in a sentence.
        """
        try:
            told = self._several(options) if options["pairs"] else self._one(options)
        except (RasterError, TooFewPixelsError, TooFewReviewsError, ExecutorError, CorruptTrees) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else _lines(told))

    def _one(self, options: dict[str, Any]) -> dict[str, Any]:
        if not (options["after"] and options["changed"]):
            raise CommandError("two scenes and --changed FILE are wanted, or --pairs LIST; see --help.")
        if options["rerank"] or options["save_ranker"]:
            raise CommandError("--rerank learns of several pairs: --pairs LIST.")
        names = ("before", "after", "changed", "unchanged")
        before, after, changed, unchanged = (options[name] for name in names)
        named = Named("", before, after, changed, unchanged, _bands(options))
        return self._evaluated(named, options, _trees(options["ranker"]))[0]

    def _several(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["before"] or options["changed"] or options["mask"]:
            raise CommandError("--pairs names scenes and labels itself; --mask is for one pair.")
        trees, told, kept = _trees(options["ranker"]), [], []
        for named in listed(options["pairs"], _bands(options)):
            try:
                figures, held, truth = self._evaluated(named, options, trees)
            except (RasterError, TooFewPixelsError) as error:
                raise CommandError(f"{named.name}: {error}") from error
            told.append({"name": named.name, **figures})
            if held:
                kept.append((named.name, held, truth))
        found = {"detector": options["detector"], "pairs": told, "macro": _macro(told)}
        return {**found, "reranked": _reranked(kept, options["save_ranker"])} if options["rerank"] else found

    def _evaluated(
        self, named: Named, options: dict[str, Any], trees: Trees | None
    ) -> tuple[dict[str, Any], Held | None, Truth]:
        """Figures of a pair; all of its run where it is to be learned of."""
        pair, changed, unchanged = named.opened()
        truth = Truth(changed, unchanged)
        signature = repr(_order(pair, options))
        kept = Kept(options["keep"], signature) if options["keep"] else None
        conduct = Conduct(
            executor_of(options["executor"] or settings.CHANGE_EXECUTOR), self._progress(options), kept=kept
        )
        started = time.process_time()
        found = detected(_order(loaded(pair), options), pair.before.names, conduct)
        counting = Counting(truth)
        held = found.held(counting.scores) if options["rerank"] else None
        with mask_file(options["mask"], pair.before) if options["mask"] else nullcontext() as file:
            for window, mask in _masks(found, held, trees, counting):
                counting.mask(window, mask)
                if file:
                    file.put(window, mask)
        if kept:
            kept.forget()
        return _figures(pair, found, counting.quality(), options["detector"], started), held, truth

    def _progress(self, options: dict[str, Any]) -> Any:
        def told(done: int, total: int) -> None:
            if self.stderr.isatty() and options["verbosity"]:
                self.stderr.write(f"\r{done}/{total} windows", ending="" if done < total else "\n")

        return told


def _masks(
    found: Detected, held: Held | None, trees: Trees | None, counting: Counting
) -> Iterator[tuple[Window, Mask]]:
    """The mask of each window; its scores are counted before."""
    if held:
        yield from ((window, held.mask[window.slices]) for window in held.windows)
    elif trees:
        for part in found.held().judged(trees):
            counting.scores(part)
            yield part.window, part.mask
    else:
        yield from found.masks(counting.scores)


def _figures(pair: Pair, found: Detected, quality: Quality, detector: str, started: float) -> dict[str, Any]:
    return {
        "detector": detector, "rows": pair.rows, "cols": pair.cols, "bands": list(pair.before.names),
        **quality.as_dict(),
        "threshold": round(found.threshold, 6),
        "share": round(quality.found / (pair.rows * pair.cols), 6),
        "cpu_seconds": round(time.process_time() - started, 3),
    }  # fmt: skip


def _reranked(kept: list[tuple[str, Held, Truth]], saved: Path | None) -> dict[str, Any]:
    """Each pair by a re-ranker that learned of others; ``saved`` gets the one of all."""
    scenes = [studied(held, truth) for _name, held, truth in kept]
    judges = held_out(scenes)
    told = [
        {"name": name, **quality_of(held.judged(trees), truth).as_dict(), "cut": trees.cut}
        for trees, (name, held, truth) in zip(judges, kept, strict=True)
    ]
    if saved:
        saved.write_bytes(learnt(scenes).to_bytes())
    return {"pairs": told, "macro": _macro(told)}


def _macro(told: list[dict[str, Any]]) -> dict[str, Any]:
    return {key: round(fmean(one[key] for one in told), 6) for key in _MEANS}


def _bands(options: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name.strip() for name in options["bands"].split(",") if name.strip())


def _order(source: Any, options: dict[str, Any]) -> Order:
    if options["window"] < 16 or options["least"] < 1:
        raise CommandError("--window is at least 16, --least at least 1.")
    return Order(source, options["detector"], options["window"], options["least"], _cut(options["cut"]))


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
    if "pairs" not in told:
        return "\n".join(
            f"{key:12} {', '.join(value) if isinstance(value, list) else value}" for key, value in told.items()
        )
    text = _table(told["detector"], told)
    return f"{text}\n\n{_table('re-ranker, held out', told['reranked'])}" if "reranked" in told else text


def _table(title: str, told: dict[str, Any]) -> str:
    rows = [*told["pairs"], {"name": "macro", **told["macro"]}]
    width = max(len(title), *(len(one["name"]) for one in rows))
    head = f"{title:{width}} {' '.join(f'{key:>9}' for key in _MEANS)}"
    return "\n".join(
        [head, *(f"{one['name']:{width}} {' '.join(f'{one[key]:9.3f}' for key in _MEANS)}" for one in rows)]
    )
