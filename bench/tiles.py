"""Tiles of a scene: what a tile costs when it is drawn, and over HTTP, against the stated figure and TiTiler.

With the product's server counts the whole database: end what else works on the demo's cluster (``./dev up``) before.
"""

import http.client
import itertools
import math
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import numpy as np
import rasterio
from django.contrib.gis.geos import MultiPolygon
from django.contrib.gis.geos import Polygon as GEOSPolygon
from rasterio.transform import from_origin
from rio_tiler.io import Reader

from bench.cpu import tree_s
from bench.limit import Limit
from bench.registry import Bench, Row, add
from bench.site import Site, running
from imagery.models import Scene
from imagery.rasters import cog, sources
from imagery.tiles import drawing
from imagery.tiles.looks import STRETCHES
from imagery.tiles.readers import ranges
from kernel import clock
from places.models import County

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
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", timeout_keep_alive=300)
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
def _titiler() -> Iterator[tuple[int, int]]:
    """A TiTiler in a process of its own: its number and its port."""
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
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def _ours(path: Path) -> Iterator[Site]:
    """The product's own server that has the scene and keeps no drawn tile; the scene is removed again."""
    county = County.objects.filter(is_demo=True).earliest("code")
    everywhere = MultiPolygon(GEOSPolygon.from_bbox((-180, -85, 180, 85)), srid=4326)
    about = {"title": "bench", "sensor": "bench", "acquired_at": clock.now(), "gsd_m": GSD_M, "footprint": everywhere}
    scene = Scene.objects.create(
        county=county, key="bench", bands=list(BANDS), path=str(path), sha256="bench", size=1, is_public=True, **about
    )
    try:
        with running(TILE_CACHE_MB="0", TITILER_URL="", COUNTY=county.code) as site:
            yield site
    finally:
        scene.delete()


class _TiTiler:
    """Asked over one kept connection, as the product is."""

    def __init__(self, port: int, asked: str) -> None:
        self._connection, self._asked = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S), asked

    def get(self, place: tuple[int, int, int]) -> bytes:
        z, x, y = place
        self._connection.request("GET", f"/cog/tiles/WebMercatorQuad/{z}/{x}/{y}.jpg?{self._asked}")
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"TiTiler: {answer.status} {body[:200]!r}")
        return body


def _of_titiler(path: Path) -> tuple[list[tuple[float, float]], str]:
    """What is black and white in the natural look, and what TiTiler is asked for to show the same."""
    shown = [ranges(path, STRETCHES["normal"])[at] for at in (2, 1, 0)]
    query = [("url", str(path)), *(("bidx", str(at)) for at in (3, 2, 1))]
    return shown, urlencode([*query, *(("rescale", f"{low},{high}") for low, high in shown)])


def run() -> list[Row]:
    """Draw the same tiles by all in turn, each round all of them."""
    with tempfile.TemporaryDirectory() as folder, _titiler() as (pid, port):
        path, places = _scene(Path(folder))
        shown, asked = _of_titiler(path)
        theirs, limit = _TiTiler(port, asked), Limit()
        with _ours(path) as site:

            def own_cpu_s() -> float:
                return site.cpu_s() + limit.cpu_s()

            def bare() -> None:
                """What TiTiler does for a tile, without its server: open, read, rescale, encode."""
                for z, x, y in places:
                    with Reader(str(path)) as source:
                        image = source.tile(x, y, z, indexes=(3, 2, 1))
                    image.rescale(shown)
                    image.render(img_format="JPEG", add_mask=False)

            sides: list[tuple[Callable[[], object], Callable[[], float]]] = [
                (lambda: [drawing.tile(path, BANDS, place) for place in places], time.process_time),
                (bare, time.process_time),
                (lambda: [site.get("/imagery/scenes/bench/tiles/{}/{}/{}".format(*one)) for one in places], own_cpu_s),
                (lambda: [theirs.get(place) for place in places], lambda: tree_s(pid)),
            ]
            rounds = [[_cpu_ms(work, cpu_s) / len(places) for work, cpu_s in sides] for _round in range(ROUNDS + 1)]
            sizes = len(site.get("/imagery/scenes/bench/tiles/{}/{}/{}".format(*places[0]))), len(theirs.get(places[0]))
    return _rows([median(one) for one in zip(*rounds[1:], strict=True)], sizes)


def _cpu_ms(work: Callable[[], object], cpu_s: Callable[[], float]) -> float:
    before = cpu_s()
    work()
    return (cpu_s() - before) * 1e3


def _rows(figures: list[float], sizes: tuple[int, int]) -> list[Row]:
    drawn, bare, served, titiler = figures
    per_s = f"{1e3 / served:.0f} tiles a CPU-second, TiTiler {1e3 / titiler:.0f}"
    return [
        Row("a tile from an aligned file, drawn and encoded; the stated figure", drawn, LIMIT_MS, 1),
        Row("the same; TiTiler's reader on the same file, both in this process, JPEG", drawn, bare, 1),
        Row(
            "a tile over HTTP, web server and database; the stated figure",
            served,
            LIMIT_MS,
            1,
            note=per_s,
        ),
        Row(
            "a tile over HTTP, web server and database; TiTiler's server on the same file, a kept connection each",
            served,
            titiler,
            1,
            note=f"{TILES} tiles, 4 bands of 16 bits, JPEG of {sizes[0] / 1024:.0f} and {sizes[1] / 1024:.0f} KiB",
        ),
    ]


add(Bench("tiles", "Tiles of scenes", "12 CPU-ms, and TiTiler on the same file", run))
