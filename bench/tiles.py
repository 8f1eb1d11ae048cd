"""Tiles of a scene: what a tile costs when it is drawn, against the stated figure and a TiTiler on the same file."""

import itertools
import math
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
import rasterio
from rasterio.transform import from_origin
from rio_tiler.io import Reader

from bench.cpu import tree_s
from bench.registry import Bench, Row, add
from imagery.rasters import cog, sources
from imagery.tiles import drawing
from imagery.tiles.looks import STRETCHES
from imagery.tiles.readers import ranges

BANDS = ("blue", "green", "red", "nir")
SIDE, GSD_M = 4096, 10
LIMIT_MS = 12.0
ROUNDS, TILES = 5, 60
_PATIENCE_S = 60.0

_TITILER = """
import sys, uvicorn
from fastapi import FastAPI
from titiler.core.factory import TilerFactory
app = FastAPI()
app.include_router(TilerFactory(router_prefix="/cog").router, prefix="/cog")
uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
"""


def _scene(folder: Path) -> tuple[Path, list[tuple[int, int, int]]]:
    """A scene of four bands of 16 bits like ground (smooth, with noise), aligned; and tiles that lie inside of it."""
    rng = np.random.default_rng(6)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / 97
    ground = 1200 + 500 * np.sin(columns) * np.cos(rows) + rng.normal(0, 60, (SIDE, SIDE)).astype(np.float32)
    place = {"crs": "EPSG:32651", "transform": from_origin(220_000, 3_400_000, GSD_M, GSD_M)}
    size = {"width": SIDE, "height": SIDE, "count": len(BANDS), "dtype": "uint16"}
    with rasterio.open(folder / "brought.tif", "w", driver="GTiff", **size, **place) as out:
        for at in range(len(BANDS)):
            out.write((ground * (1 + 0.2 * at)).astype(np.uint16), at + 1)
    with sources.opened([folder / "brought.tif"], bands=BANDS, pixels_most=10**9) as found:
        grid = cog.cog_write(found, folder / "scene.tif", pixels_most=10**9)
    inner = math.ceil(grid.columns / 4)
    spots = itertools.product(range(inner, grid.columns - inner), range(inner, grid.rows - inner))
    return folder / "scene.tif", [(grid.zoom, grid.column + x, grid.row + y) for x, y in spots][:TILES]


@contextmanager
def _titiler() -> Iterator[tuple[int, str]]:
    """A TiTiler in a process of its own: its number and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "MALLOC_ARENA_MAX": "2", "GDAL_CACHEMAX": "64", "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"}
    process = subprocess.Popen([sys.executable, "-c", _TITILER, str(port)], env=env)
    try:
        until = time.monotonic() + _PATIENCE_S
        while process.poll() is None and time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield process.pid, f"http://127.0.0.1:{port}/cog/tiles/WebMercatorQuad"
    finally:
        process.terminate()
        process.wait(20)


def run() -> list[Row]:
    """Draw the same tiles by both in turn, each round all of them."""
    with tempfile.TemporaryDirectory() as folder, _titiler() as (pid, address):
        path, places = _scene(Path(folder))
        shown = [ranges(path, STRETCHES["normal"])[at] for at in (2, 1, 0)]
        query = [("url", str(path)), *(("bidx", str(at)) for at in (3, 2, 1))]
        asked = urlencode([*query, *(("rescale", f"{low},{high}") for low, high in shown)])

        def ours() -> float:
            before = time.process_time()
            for place in places:
                drawing.tile(path, BANDS, place)
            return (time.process_time() - before) / len(places) * 1e3

        def theirs() -> float:
            before = tree_s(pid)
            for z, x, y in places:
                with urlopen(f"{address}/{z}/{x}/{y}.jpg?{asked}", timeout=_PATIENCE_S) as answer:  # noqa: S310
                    answer.read()
            return (tree_s(pid) - before) / len(places) * 1e3

        def theirs_bare() -> float:
            """What TiTiler does for a tile, without its server: open, read, rescale, encode."""
            before = time.process_time()
            for z, x, y in places:
                with Reader(str(path)) as source:
                    image = source.tile(x, y, z, indexes=(3, 2, 1))
                image.rescale(shown)
                image.render(img_format="JPEG", add_mask=False)
            return (time.process_time() - before) / len(places) * 1e3

        ours(), theirs(), theirs_bare()
        rounds = [(ours(), theirs(), theirs_bare()) for _round in range(ROUNDS)]
    mine, other, bare = (median(one[at] for one in rounds) for at in (0, 1, 2))
    return [
        Row("a tile from an aligned file, drawn and encoded; the stated figure", mine, LIMIT_MS, 1),
        Row("the same; TiTiler's reader on the same file, both in this process, JPEG", mine, bare, 1),
        Row(
            "the same without HTTP; TiTiler on the same file, JPEG, with its HTTP",
            mine,
            other,
            1,
            note=f"{len(places)} tiles, 4 bands of 16 bits",
        ),
    ]


add(Bench("tiles", "Tiles of scenes", "12 CPU-ms, and TiTiler on the same file", run))
