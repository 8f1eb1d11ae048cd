"""Which of several places is nearest by road, and the way there, reading no more of the network than that takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dispatch import sql
from kernel.geo import EARTH_RADIUS_M, Bbox, LonLat, distance_m

DETOUR = 1.5
"""First guess of how much longer the road is than the straight line; a wrong one costs a second query, never a wrong
answer."""

_LEAST_M = 1_000
"""Of the first guess: a box around a neighbour should hold at least the next crossing."""

_SLACK = 1.02
"""Spheres, spheroids and rounded lengths differ by less than this."""


@dataclass(frozen=True, slots=True)
class Way:
    """How far one of the places is.

    Attributes:
        goal: its place in the list that was given.
        metres: by road with the way to it, or straight.
        by_road: False: no road leads there.
    """

    goal: int
    metres: float
    by_road: bool


@dataclass(frozen=True, slots=True)
class Route:
    """The way to one place.

    Attributes:
        metres: its length, with what lies beside the roads.
        by_road: False: it leads along no road; ``line`` is straight then.
        line: its corners from the start to the goal, EPSG:4326.
    """

    metres: float
    by_road: bool
    line: tuple[LonLat, ...]


def route(county: str, start: LonLat, goal: LonLat) -> Route:
    """The shortest way by road; where no road leads, or is walked along, the straight line.

    Args:
        county: whose roads.
        start: degrees, EPSG:4326.
        goal: likewise.

    Cost: two queries or three.
    """
    way = nearest(county, start, [goal])[0]
    corners = sql.road_line(county, start, goal, box_around(start, way.metres * _SLACK)) if way.by_road else []
    if len(corners) < 2:  # both are nearest to the same place of a road: nobody goes there first
        return Route(distance_m(start, goal), by_road=False, line=(start, goal))
    return Route(way.metres, way.by_road, (start, *corners, goal))


def nearest(county: str, start: LonLat, goals: Sequence[LonLat]) -> list[Way]:
    """The places with the nearest one first: by road, where no road leads to any in a straight line.

    A road of length L never leaves the circle of radius L around its start. So when the nearest place within a box of
    radius R is at most R away, no place outside and no road outside is nearer. Otherwise the distance that was found is
    the radius of a second and last look; where nothing was found, the second look is at the whole network.

    Only the first is sure to be complete: places behind it may be missing, or be nearer by a road outside of the box.

    Args:
        county: whose roads.
        start: degrees, EPSG:4326.
        goals: likewise; of two at the same distance the first in the list counts.

    Cost: one query or two; none without goals.
    """
    straight = sorted((distance_m(start, goal), at) for at, goal in enumerate(goals))
    if not straight:
        return []
    radius: float = max(_LEAST_M, straight[0][0] * DETOUR)
    found = _within(county, start, goals, straight, radius)
    if not found:
        found = _within(county, start, goals, straight, None)
    elif found[0].metres > radius:
        found = _within(county, start, goals, straight, found[0].metres)
    return found or [Way(at, metres, by_road=False) for metres, at in straight]


def _within(
    county: str, start: LonLat, goals: Sequence[LonLat], straight: list[tuple[float, int]], radius: float | None
) -> list[Way]:
    """By road, over the roads around ``start``; to the places that can be within that distance."""
    near = [at for metres, at in straight if radius is None or metres <= radius * _SLACK]
    box = None if radius is None else box_around(start, radius * _SLACK)
    costs = sql.road_costs(county, start, [goals[at] for at in near], box)
    return sorted((Way(near[n], metres, by_road=True) for n, metres in costs.items()), key=_by_distance)


def _by_distance(way: Way) -> tuple[float, int]:
    return way.metres, way.goal


def box_around(center: LonLat, radius_m: float) -> Bbox:
    """A box of degrees that holds the circle of that radius in metres."""
    lon, lat = center
    north = math.degrees(radius_m / EARTH_RADIUS_M) * _SLACK
    east = north / max(math.cos(math.radians(min(abs(lat) + north, 89.0))), 0.01)
    return lon - east, lat - north, lon + east, lat + north
