"""Change detection: how quick, in how much memory, and (on a labelled pair of one's own) how good.

A run is measured whole, from two scenes of a county to the points in its queue, and its steps apart.
``./dev bench change`` takes an invented pair of 3,000 × 3,000 pixels and four bands, ``… --long`` one of 10,000 ×
10,000; ``… --pair BEFORE AFTER CHANGED [UNCHANGED]`` adds the detectors' figures on a labelled pair, in a section of
their own (``labelled``) that stays in docs/bench.md when no pair is named.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path

import numpy as np
import rasterio
from django.core.management import call_command
from rasterio.transform import from_origin
from rasterio.windows import Window as Box
from scipy.ndimage import gaussian_filter

from bench.registry import Bench, Row, add
from imagery.detect.edges import standing
from imagery.execution.executors import Serial
from imagery.execution.runs import Conduct, Order, fitted, masked, sampled, whole
from imagery.rasters.finding import picture
from imagery.rasters.pairs import paired

SIDE, LONG_SIDE, BANDS, _TILE = 3_000, 10_000, 4, 1_024
SPEEDS = {"fusion": 1.5, "irmad": 0.0, "cva": 0.0, "mad": 0.0, "pca_kmeans": 0.0}
"""MPix per CPU-second that are wanted; 0: only told. Source: the specification, "Reach"."""

MEMORY_MB = 600
F1_LEAST = 0.956
"""Of IR-MAD on the pair of Taizhou. Source: the specification."""


def _written(base: Path, side: int) -> tuple[Path, Path, Path]:
    """Two scenes of 16 bits in deflated tiles, noisy so that they hardly compress, and labels."""
    draw = np.random.default_rng(5)
    ground = np.stack([gaussian_filter(draw.normal(0, 1, (_TILE, _TILE)), 2) * 1200 + 2000 for _ in range(BANDS)])
    paths = base / "before.tif", base / "after.tif", base / "changed.tif"
    profile = {"driver": "GTiff", "height": side, "width": side, "tiled": True, "blockxsize": 512, "blockysize": 512,
               "compress": "deflate", "crs": "EPSG:32651", "transform": from_origin(3e5, 3.3e6, 2, 2)}  # fmt: skip
    for number, path in enumerate(paths):
        is_labels = number == 2
        kind = {"count": 1 if is_labels else BANDS, "dtype": "uint8" if is_labels else "uint16"}
        with rasterio.open(path, "w", **profile, **kind) as out:
            for row in range(0, side, _TILE):
                for col in range(0, side, _TILE):
                    height, width = min(_TILE, side - row), min(_TILE, side - col)
                    part = np.zeros((1, height, width), np.uint8)
                    if is_labels:
                        part[:, :50, :50] = 255
                    else:
                        noise = draw.normal(0, 40, (BANDS, height, width))
                        part = (ground[:, :height, :width] * (1 + number / 10) + noise).clip(0).astype(np.uint16)
                    out.write(part, window=Box(col, row, width, height))
    return paths


def _cpu_ms(before: Path, after: Path, detector: str) -> float:
    """CPU of a run from files to the mask, one thread, per million pixels."""
    started = time.process_time()
    order, conduct = Order(paired(picture(before), picture(after)), detector), Conduct(Serial())
    plan = fitted(order, conduct, sampled(order, conduct))
    standing(whole(order.source, masked(order, plan, conduct)), plan.least)
    return (time.process_time() - started) * 1000 / (order.source.rows * order.source.cols / 1e6)


_TELLING_ITS_PEAK = """\
import runpy, sys
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
from imagery.execution.peak import peak_mb
print(peak_mb())
"""
"""Runs a program and prints the highest memory in MiB that the process had since it began as such. The rusage of a
child is of no use here: it begins with the highest of whoever started it, and this process has run five detectors."""


def _peak_mb(before: Path, after: Path, changed: Path) -> float:
    """Highest memory of a process that runs ``change_eval``, all of Django in it."""
    command = ["manage.py", "change_eval", str(before), str(after), "--changed", str(changed), "--json"]
    told = subprocess.run([sys.executable, "-c", _TELLING_ITS_PEAK, *command], stdout=subprocess.PIPE, check=True)
    return float(told.stdout.split()[-1])


_SCENES = """\
import sys, django
django.setup()
from django.core.management import call_command
from django.core.serializers import serialize
from django.db import transaction
from imagery.models import Scene
with transaction.atomic():
    call_command("county_of_scenes", *sys.argv[1:], county="999990", name="bench", verbosity=0)
    for year, file in enumerate(sys.argv[1:], start=2025):
        call_command("scene_add", file, f"--acquired={year}-05-01", county="999990", bands="blue,green,red,nir")
    print(serialize("json", Scene.objects.filter(county="999990").order_by("acquired_at")))
    transaction.set_rollback(True)
"""
"""Makes scenes of a county that is never kept, and prints their rows: their files stay."""

_A_RUN = """\
import sys, time, django
django.setup()
from django.core.management import call_command
from django.core.serializers import deserialize
from django.db import transaction
from imagery.models import ChangeRun
with transaction.atomic():
    call_command("county_of_scenes", *sys.argv[1:], county="999990", name="bench", verbosity=0)
    scenes = list(deserialize("json", sys.stdin.read()))
    for scene in scenes:
        scene.save()
    began = time.process_time()
    call_command("change_detect", *(scene.object.key for scene in scenes), county="999990", share=0.0002, least=300)
    took, run = time.process_time() - began, ChangeRun.objects.get(before__county="999990")
    print(took, run.peak_mb, run.points)
    transaction.set_rollback(True)
"""
"""Compares them and prints CPU seconds, MiB and points of the run. It is another process, for what making scenes left
in memory is not the run's; and the ground is noise, of which a usual share would be a hundred thousand points."""


def _whole_run(base: Path, before: Path, after: Path) -> tuple[float, float, int]:
    """CPU seconds, highest memory (MiB) and points of a run by the default executor, without PostgreSQL's."""
    env = {**os.environ, "RASTERS_ROOT": str(base / "rasters")}

    def said(code: str, given: str = "") -> list[str]:
        command = [sys.executable, "-c", code, str(before), str(after)]
        told = subprocess.run(command, env=env, input=given, stdout=subprocess.PIPE, text=True, check=True)
        return told.stdout.splitlines()

    cpu_s, peak_mb, points = said(_A_RUN, said(_SCENES)[-1])[-1].split()
    return float(cpu_s), float(peak_mb), int(points)


def _of_whole_run(base: Path, before: Path, after: Path, side: int) -> list[Row]:
    """Of a small pair the speed is only told: what does not grow with it (tiles for the shift, 200,000 pixels)."""
    cpu_s, peak_mb, points = _whole_run(base, before, after)
    took, whole = cpu_s * 1e9 / side**2, f"a run of change_detect, {side}² × {BANDS}"
    limit = 1000 / SPEEDS["fusion"] if side == LONG_SIDE else took
    note = f"{1000 / took:.2f} MPix per CPU-second, {points} points" + ("" if side == LONG_SIDE else "; told only")
    return [
        Row(f"{whole}, scenes to queue, a million pixels", took, limit, 1, note=note),
        Row(f"memory of {whole}, window 1,024 (MB)", peak_mb, MEMORY_MB, 1),
    ]


def labelled() -> list[Row]:
    """Errors (1 − F1) per thousand on a labelled pair: IR-MAD against what is wanted and against all others.

    Nothing where no pair is named (``--pair``, as above).
    """
    if "--pair" not in sys.argv:
        return []
    before, after, changed, *unchanged = sys.argv[sys.argv.index("--pair") + 1 :]
    f1: dict[str, float] = {}
    for detector in ("irmad", "isfa", "cva", "pca_kmeans", "mad"):
        said = StringIO()
        call_command("change_eval", before, after, changed=changed, unchanged=unchanged[0] if unchanged else None,
                     detector=detector, json=True, stdout=said)  # fmt: skip
        f1[detector] = json.loads(said.getvalue())["f1"]
    best = f1.pop("irmad")
    name, note = Path(before).parent.name, f"F1 {best:.3f}"
    return [
        Row(f"{name}: errors (1 − F1) per 1,000, IR-MAD", 1000 * (1 - best), 1000 * (1 - F1_LEAST), 1, note=note)
    ] + [
        Row(f"… against {key}", 1000 * (1 - best), 1000 * (1 - other), 1, note=f"F1 {other:.3f}")
        for key, other in f1.items()
    ]


def run() -> list[Row]:
    """Scenes in a temporary folder; ``--long`` as above."""
    side = LONG_SIDE if "--long" in sys.argv else SIDE
    with tempfile.TemporaryDirectory() as folder:
        before, after, changed = _written(Path(folder), side)
        rows = []
        for detector, wanted in SPEEDS.items():
            took = _cpu_ms(before, after, detector)
            note = f"{1000 / took:.2f} MPix per CPU-second" + ("" if wanted else "; told only")
            rows.append(Row(f"{detector}, {side}² × {BANDS}, a million pixels", took, 1000 / wanted if wanted else took,
                            1, note=note))  # fmt: skip
        rows += _of_whole_run(Path(folder), before, after, side)
        peak = _peak_mb(before, after, changed)
        rows.append(Row(f"memory of change_eval, {side}² × {BANDS}, window 1,024 (MB)", peak, MEMORY_MB, 1))
    return rows


add(Bench("change", "Change detection", "the stated reach (1.5 MPix per CPU-second, 600 MB)", run))
add(Bench("labelled", "Change detection on a labelled pair", "the F1 that is wanted and other detectors", labelled))
