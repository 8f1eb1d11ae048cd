"""Collections, tiles and the panel against PostgreSQL building the same bytes."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.limit import Limit
from bench.registry import Bench, Row, add
from bench.site import Site, running

_ROUNDS = 5
_ROUND_S = 0.4
"""CPU seconds that one side of one round should take: 40 ticks of the clock, for kernels without schedstat."""


_WARM_UP = 200
"""Requests after which the server has opened its connections and imported what it imports late."""


@dataclass(frozen=True)
class Workload:
    """Requests of one kind, taken in turn, and the ratio they may have above the cost of an empty answer."""

    what: str
    paths: tuple[str, ...]
    allowed: float


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int, int]:
    """The tile (zoom, x, y) of a point, EPSG:4326, in the scheme of the web map (EPSG:3857)."""
    side = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return zoom, int((lon + 180) / 360 * side), int(y * side)


def workloads(site: Site) -> list[Workload]:
    """The requests: everything, boxes of a third of the county, tiles around villages, panels of villages."""
    county = site.json("/api/county/")
    villages = site.json("/api/layers/villages/features?limit=40")["features"]
    centers = [_center(feature["geometry"]["coordinates"]) for feature in villages]
    west, south, east, north = county["bbox"]
    width, height = (east - west) / 3, (north - south) / 3
    boxes = [
        f"{west + column * width:.6f},{south + row * height:.6f},"
        f"{west + (column + 1) * width:.6f},{south + (row + 1) * height:.6f}"
        for row in range(3)
        for column in range(3)
    ]
    features = "/api/layers/{}/features"
    tiles = {zoom: dict.fromkeys(tile_at(*center, zoom) for center in centers) for zoom in (11, 14)}
    return [
        Workload("facilities, 1,000 features", (f"{features.format('facilities')}?limit=1000",), 1.5),
        Workload("facilities in a box", tuple(f"{features.format('facilities')}?bbox={box}" for box in boxes), 1.5),
        Workload("villages, all outlines", (f"{features.format('villages')}?limit=1000",), 1.5),
        *(
            Workload(f"tiles of {layer}, zoom {zoom}", tuple(_tile(layer, tile) for tile in tiles[zoom]), 1.5)
            for layer, zoom in (("facilities", 14), ("facilities", 11), ("villages", 11))
        ),
        Workload("panel of a village", tuple(f"/api/places/{f['properties']['code']}/panel" for f in villages), 9.0),
    ]


EMPTY = "/api/layers/facilities/features?bbox=-179.9,-89.9,-179.8,-89.8"
"""A box in which nothing lies: what a request costs before any row is read."""


def _tile(layer: str, tile: tuple[int, int, int]) -> str:
    return "/api/layers/{}/tiles/{}/{}/{}.mvt".format(layer, *tile)


def _center(coordinates: list[Any]) -> tuple[float, float]:
    """The middle of a (multi)polygon's box."""
    points: list[list[float]] = []
    todo = [coordinates]
    while todo:
        part = todo.pop()
        if part and isinstance(part[0], int | float):
            points.append(part)
        else:
            todo += part
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


class Measure:
    """Both sides on one server and one database."""

    def __init__(self, site: Site) -> None:
        """Measure the cost of an answer without content."""
        self._site = site
        self._limit = Limit()
        empty = [partial(site.get, EMPTY)]
        _per_run(empty, self._used, _WARM_UP)
        runs = _enough(empty, self._used)
        self.fixed_ms = statistics.median(_per_run(empty, self._used, runs) for _ in range(_ROUNDS))

    def _used(self) -> float:
        return self._site.cpu_s() + self._limit.cpu_s()

    def row(self, workload: Workload) -> Row:
        """Both sides in turn, round by round; medians of CPU per run."""
        statements = [self._limit.prepare(path) for path in workload.paths]
        requests = [partial(self._site.get, path) for path in workload.paths]
        size = statistics.mean(len(request()) for request in requests)
        product_runs, limit_runs = _enough(requests, self._used), _enough(statements, self._limit.cpu_s)
        product, least = [], []
        for _ in range(_ROUNDS):
            product.append(_per_run(requests, self._used, product_runs))
            least.append(_per_run(statements, self._limit.cpu_s, limit_runs))
        return Row(
            workload.what,
            statistics.median(product),
            statistics.median(least),
            workload.allowed,
            self.fixed_ms,
            f"{size / 1000:.1f} KB",
        )


Runs = Sequence[Callable[[], object]]


def _per_run(runs: Runs, used: Callable[[], float], times: int) -> float:
    """CPU in ms per run."""
    before = used()
    for number in range(times):
        runs[number % len(runs)]()
    return (used() - before) * 1000 / times


def _enough(runs: Runs, used: Callable[[], float]) -> int:
    """How many runs fill a round; warms both sides up, and is a multiple of the inputs, so that all weigh the same."""
    per_run_s = _per_run(runs, used, max(len(runs), 5)) / 1000
    whole = math.ceil(_ROUND_S / max(per_run_s, 1e-4) / len(runs))
    return whole * len(runs)


def run() -> list[Row]:
    """Start the server and measure every workload."""
    with running() as site:
        measure = Measure(site)
        return [measure.row(workload) for workload in workloads(site)]


add(Bench("serving", "Collections, tiles and the panel", "PostgreSQL building the same bytes", run))
