"""The nearest of several points by road, found the long way: every edge looked at, Dijkstra's search by hand.

Shares nothing with the product but the table of roads and what a distance means: the foot of the perpendicular in Web
Mercator, the way to the road on the ellipsoid, along the road a share of ``length_m``.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import defaultdict

from pyproj import Geod

from places.models import Road

GEOD = Geod(ellps="WGS84")
OFF_ROAD_M = 2_000
Point = tuple[float, float]


def mercator(point: Point) -> Point:
    lon, lat = point
    return math.radians(lon), math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def degrees(point: Point) -> Point:
    x, y = point
    return math.degrees(x), math.degrees(2 * math.atan(math.exp(y)) - math.pi / 2)


def apart(a: Point, b: Point) -> float:
    return float(GEOD.inv(*a, *b)[2])


class Network:
    """All open roads of a county."""

    def __init__(self, county: str) -> None:
        rows = Road.objects.filter(county_id=county, is_closed=False).order_by("pk")
        self.edges = [(r.pk, r.source, r.target, r.length_m, [mercator(p) for p in r.geom.coords]) for r in rows]
        self.known: dict[Point, tuple[float, int, float] | None] = {}
        self.ways: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for _pk, source, target, length, _points in self.edges:
            self.ways[source].append((target, length))
            self.ways[target].append((source, length))

    def snap(self, point: Point) -> tuple[float, int, float] | None:
        """Metres to the nearest edge, its place in the list, and the share of it; None: off every road."""
        if point not in self.known:
            self.known[point] = self._snap(point)
        return self.known[point]

    def _snap(self, point: Point) -> tuple[float, int, float] | None:
        best = min(self._foot(point, n) for n in range(len(self.edges)))
        return best if best[0] <= OFF_ROAD_M else None

    def _foot(self, point: Point, n: int) -> tuple[float, int, float]:
        at, points = mercator(point), self.edges[n][4]
        total = sum(math.dist(a, b) for a, b in itertools.pairwise(points))
        best, done = (math.inf, 0.0, at), 0.0
        for a, b in itertools.pairwise(points):
            step = math.dist(a, b)
            dx, dy = b[0] - a[0], b[1] - a[1]
            t = max(0.0, min(1.0, ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / step**2))
            foot = (a[0] + t * dx, a[1] + t * dy)
            best = min(best, (math.dist(at, foot), (done + t * step) / total, foot))
            done += step
        return apart(point, degrees(best[2])), n, best[1]

    def costs(self, start: Point, goals: list[Point]) -> list[float]:
        """Metres to each goal; inf where no road leads."""
        origin = self.snap(start)
        if origin is None:
            return [math.inf] * len(goals)
        _away, edge, share = origin
        _pk, source, target, length, _points = self.edges[edge]
        reached = self._dijkstra({source: share * length, target: (1 - share) * length})
        return [self._cost(origin, reached, goal) for goal in goals]

    def _cost(self, origin: tuple[float, int, float], reached: dict[int, float], goal: Point) -> float:
        end = self.snap(goal)
        if end is None:
            return math.inf
        _pk, source, target, length, _points = self.edges[end[1]]
        ways = [
            reached.get(source, math.inf) + end[2] * length,
            reached.get(target, math.inf) + (1 - end[2]) * length,
        ]
        if end[1] == origin[1]:
            ways.append(abs(end[2] - origin[2]) * length)
        return origin[0] + min(ways) + end[0]

    def _dijkstra(self, starts: dict[int, float]) -> dict[int, float]:
        done: dict[int, float] = {}
        todo = [(cost, vertex) for vertex, cost in starts.items()]
        heapq.heapify(todo)
        while todo:
            cost, vertex = heapq.heappop(todo)
            if vertex in done:
                continue
            done[vertex] = cost
            for other, length in self.ways[vertex]:
                if other not in done:
                    heapq.heappush(todo, (cost + length, other))
        return done
