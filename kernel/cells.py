"""The place that the public sees instead of the point: the centre of a cell. No Django here.

Cells are rows of equal height in degrees of latitude, counted from the equator; each row has cells of a width that is
the same in metres at its middle. So a point has one cell, whoever asks and how often, and a mean of many answers tells
nothing more than one.
"""

from __future__ import annotations

import math

from kernel.geo import EARTH_RADIUS_M, LonLat

SEARCH_M = 250
"""Edge of the cells by which similar reports are found, metres."""

_M_PER_DEGREE = math.radians(1) * EARTH_RADIUS_M
_COLUMNS = 1_000_000  # more than the cells of a row: 360° in 250 m are 160,000


def public_point(lonlat: LonLat, precision_m: int) -> LonLat:
    """The centre of the cell of ``precision_m`` metres that holds ``lonlat``; the point itself for 0.

    Args:
        lonlat: exact, EPSG:4326 degrees.
        precision_m: edge of the cells, metres.

    Returns:
        Degrees with six decimals; at most 0.71 times the edge from the point.
    """
    if precision_m <= 0:
        return round(lonlat[0], 6), round(lonlat[1], 6)
    row, column = _cell(lonlat, precision_m)
    height, width = _size(row, precision_m)
    return round((column + 0.5) * width, 6), round((row + 0.5) * height, 6)


def search_cell(lonlat: LonLat) -> int:
    """The number of the 250 m cell that holds ``lonlat``."""
    row, column = _cell(lonlat, SEARCH_M)
    return _number(row, column)


def search_cells(lonlat: LonLat, radius_m: float) -> list[int]:
    """The numbers of the 250 m cells that a square of ``radius_m`` metres to each side of ``lonlat`` touches."""
    lon, lat = lonlat
    up = radius_m / _M_PER_DEGREE
    aside = up / max(math.cos(math.radians(lat)), 0.01)
    first, last = _cell((lon, lat - up), SEARCH_M)[0], _cell((lon, lat + up), SEARCH_M)[0]
    found = []
    for row in range(first, last + 1):
        width = _size(row, SEARCH_M)[1]
        columns = range(math.floor((lon - aside) / width), math.floor((lon + aside) / width) + 1)
        found += [_number(row, column) for column in columns]
    return found


def _number(row: int, column: int) -> int:
    return row * _COLUMNS + column + _COLUMNS // 2


def _cell(lonlat: LonLat, edge_m: float) -> tuple[int, int]:
    row = math.floor(lonlat[1] / (edge_m / _M_PER_DEGREE))
    return row, math.floor(lonlat[0] / _size(row, edge_m)[1])


def _size(row: int, edge_m: float) -> tuple[float, float]:
    """Height and width of the cells of a row, degrees."""
    height = edge_m / _M_PER_DEGREE
    middle = math.radians((row + 0.5) * height)
    return height, height / max(math.cos(middle), 0.01)
