"""What a run holds at once: of one window hardly more than its two scenes, and no library that only learning needs."""

import subprocess
import sys
import tracemalloc
from functools import partial

import numpy as np
import pytest
import rasterio

from imagery.detect.clouds import CloudRule
from imagery.detect.patches import boxes
from imagery.detect.windows import Lattice, Window
from imagery.execution.clearing import Clear
from imagery.execution.runs import Conduct, Order, fitted, hist_of, mask_of, sampled, stats_of
from imagery.rasters.finding import picture
from imagery.rasters.pairs import paired

SIDE, BANDS = 512, 4
WINDOW = Window(0, 0, SIDE, SIDE)
TWO_SCENES = 2 * BANDS * SIDE * SIDE * 4
HEAVY = ("sklearn", "pandas", "geopandas", "dask", "distributed", "torch", "matplotlib", "weasyprint")


def write(path, values):
    count, height, width = values.shape
    with rasterio.open(path, "w", "GTiff", width, height, count, dtype=values.dtype, tiled=True) as out:
        out.write(values)
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    base, draw = tmp_path_factory.mktemp("window"), np.random.default_rng(3)
    before = draw.normal(2000, 300, (BANDS, SIDE, SIDE))
    after = before + draw.normal(0, 40, before.shape)
    after[:, 100:140, 100:140] *= 2
    changed = np.zeros((1, SIDE, SIDE), np.uint8)
    changed[:, 100:140, 100:140] = 255
    write(base / "changed.tif", changed)
    return base, write(base / "before.tif", before.astype("uint16")), write(base / "after.tif", after.astype("uint16"))


@pytest.fixture(scope="module")
def source(files):
    _base, before, after = files
    return paired(picture(before), picture(after))


@pytest.fixture(scope="module")
def passes(source):
    """What a run does with a window."""
    conduct, rule = Conduct(), CloudRule((0, 1, 2), 3, 2500, 2000)
    order = Order(source, "fusion", SIDE)
    plan = fitted(order, conduct, sampled(order, conduct))
    return {
        "read": partial(source.read, WINDOW),
        "moved": partial(Clear(source, (1, 1)).read, WINDOW),
        "without clouds": partial(Clear(source, (0, 0), (rule, rule)).read, WINDOW),
        "sample": partial(stats_of, source, Lattice.of(SIDE, SIDE, 2_000), WINDOW),
        "histogram": partial(hist_of, source, plan, WINDOW),
        "mask": partial(mask_of, source, plan, True, WINDOW),
    }


@pytest.mark.parametrize(
    "name, most",
    [("read", 1.3), ("moved", 1.6), ("without clouds", 1.9), ("sample", 1.3), ("histogram", 1.55), ("mask", 1.55)],
)
def test_a_window_holds_little_more_than_its_scenes(passes, name, most):
    """In multiples of both scenes as float32; one copy of a scene more is 0.5."""
    passes[name]()
    tracemalloc.start()
    try:
        passes[name]()
        highest = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert highest / TWO_SCENES < most


def test_patches_of_a_mask_are_found_in_less_than_the_mask():
    mask = np.zeros((1500, 2000), bool)
    mask[::90, 3::50] = True
    tracemalloc.start()
    try:
        boxes(mask)
        highest = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert highest < mask.nbytes


def test_whoever_only_compares_does_not_load_what_learning_needs(files):
    base, before, after = files
    told = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "change_eval", *sys.argv[1:]])
print(*{name.partition(".")[0] for name in sys.modules})
"""
    command = [sys.executable, "-c", told, str(before), str(after), "--changed", str(base / "changed.tif")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "rasterio" in loaded
    assert not loaded & set(HEAVY)


_PEAKS = """
import numpy as np
from imagery.execution.peak import peak_begun, peak_mb
large = np.ones(200 << 20, np.uint8)
before = peak_mb()
del large
peak_begun()
rest = peak_mb()
large = np.ones(50 << 20, np.uint8)
print(before - rest, peak_mb() - rest)
"""


def test_a_peak_is_of_what_was_done_since_it_began():
    """In a process of its own: one that has freed much before has no need of more."""
    told = subprocess.run([sys.executable, "-c", _PEAKS], capture_output=True, text=True, check=True)
    forgotten, new = map(float, told.stdout.split())
    assert forgotten > 150
    assert 40 < new < 60


_LEFT = """
from pathlib import Path
from imagery.execution.peak import memory_give_back
def mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 / 1024
rest = mb()
parts = [b"x" * 100_000 for _ in range(1000)]
parts[:-1] = []  # the last one lies above all that is free now
left = mb()
memory_give_back()
print(left - rest, mb() - rest)
"""


def test_what_was_freed_is_given_back_though_something_above_it_is_in_use():
    told = subprocess.run([sys.executable, "-c", _LEFT], capture_output=True, text=True, check=True)
    kept, left = map(float, told.stdout.split())
    assert kept > 80
    assert left < 15


_HEAPS = """
import ctypes, threading
from imagery.detect.windows import Window, cover
from imagery.execution.executors import Threads
from pathlib import Path
import sys
together = threading.Barrier(4)  # four threads, each with something allocated
list(Threads(4).run(lambda window: (bytearray(1000), together.wait(9)) and None, list(cover(1, 8, 1))))
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
told = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, told)
libc.fclose(told)
print(Path(sys.argv[1]).read_text().count("<heap nr="))
"""


def test_threads_share_one_heap(tmp_path):
    command = [sys.executable, "-c", _HEAPS, str(tmp_path / "heaps.xml")]
    assert int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) == 1
