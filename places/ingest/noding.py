"""Turn road lines into a graph: split them where they meet, number the vertices, count the components."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point

Vertex = tuple[float, float]

DECIMALS = 7
"""OpenStreetMap's own precision, 1 cm: ways that share a node share this position."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line between two vertices.

    Attributes:
        line: number of the line it was cut from.
        source, target: vertex numbers, from 1.
        points: (lon, lat) in degrees.
    """

    line: int
    source: int
    target: int
    points: tuple[Vertex, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """A noded network; ``components`` are counted over all pieces."""

    pieces: tuple[Piece, ...]
    vertices: int
    components: int


def node(lines: Sequence[Sequence[Vertex]], *, first_vertex: int = 1) -> Network:
    """Split lines at their ends and wherever they share a vertex with another line or with themselves.

    Lines that cross without a common vertex are not joined: one of them may be a bridge. See ``join_crossings``.

    Args:
        lines: (lon, lat) sequences in degrees.
        first_vertex: the number of the first vertex.
    """
    rounded = [_distinct(line) for line in lines]
    uses = Counter(point for line in rounded for point in line)
    ends = {point for line in rounded if line for point in (line[0], line[-1])}
    numbers: dict[Vertex, int] = {}
    pieces: list[Piece] = []
    for index, line in enumerate(rounded):
        start = 0
        for at in range(1, len(line)):
            if at == len(line) - 1 or uses[line[at]] > 1 or line[at] in ends:
                part = tuple(line[start : at + 1])
                source, target = (numbers.setdefault(p, first_vertex + len(numbers)) for p in (part[0], part[-1]))
                pieces.append(Piece(index, source, target, part))
                start = at
    return Network(tuple(pieces), len(numbers), _components(pieces))


def _distinct(line: Sequence[Vertex]) -> list[Vertex]:
    """The line's points rounded, without repetitions in a row; empty when fewer than two are left."""
    points: list[Vertex] = []
    for lon, lat in line:
        point = (round(lon, DECIMALS), round(lat, DECIMALS))
        if not points or points[-1] != point:
            points.append(point)
    return points if len(points) > 1 else []


def _components(pieces: Sequence[Piece]) -> int:
    parent: dict[int, int] = {}

    def root(vertex: int) -> int:
        while parent.setdefault(vertex, vertex) != vertex:
            parent[vertex] = parent[parent[vertex]]
            vertex = parent[vertex]
        return vertex

    for piece in pieces:
        parent[root(piece.source)] = root(piece.target)
    return sum(1 for vertex in parent if root(vertex) == vertex)


def join_crossings(lines: Sequence[Sequence[Vertex]], level: Sequence[bool]) -> list[list[Vertex]]:
    """Give lines that cross a common vertex there, so that ``node`` joins them.

    Args:
        lines: (lon, lat) sequences in degrees.
        level: False for a line that passes over or under others (a bridge): it stays as it is.
    """
    shapes = np.array([LineString(line) for line in lines], dtype=object)
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    cuts: dict[int, set[Vertex]] = {}
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        if a < b and level[a] and level[b]:
            for part in shapely.get_parts(shapes[a].intersection(shapes[b])):
                for lon, lat in shapely.get_coordinates(part)[[0, -1]]:
                    point = (round(float(lon), DECIMALS), round(float(lat), DECIMALS))
                    cuts.setdefault(a, set()).add(point)
                    cuts.setdefault(b, set()).add(point)
    return [_insert(list(line), sorted(cuts.get(index, ()))) for index, line in enumerate(lines)]


def _insert(line: list[Vertex], points: list[Vertex]) -> list[Vertex]:
    """Put points that lie on a line between its vertices, in order."""
    shape = LineString(line)
    along = [(shape.project(Point(p)), 0, p) for p in line[1:-1]]
    # Positions of own vertices are summed, not projected: a line may pass a place twice.
    steps = np.hypot(*np.diff(np.array(line), axis=0).T).cumsum().tolist()
    along = [(0.0, 0, line[0]), *((s, 0, p) for s, p in zip(steps, line[1:], strict=True))]
    along += [(shape.project(Point(p)), 1, p) for p in points]
    return [point for _, _, point in sorted(along, key=lambda item: item[:2])]
