"""The map of a place as one SVG: our own geometry in the colours and the order of the base map on the screen.

Order and widths are those of frontend/src/layers/basemap.ts. The plane is web mercator, like the screen's, so that a
place has the same shape on paper; the scale bar is true at the middle of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

import numpy as np
import shapely
from numpy.typing import NDArray

from kernel.geo import Bbox
from places.selectors import GroundFeature
from portal.reports import names, tokens
from portal.reports.names import Box, Name

_EARTH_M = 6378137.0  # radius of the sphere of EPSG:3857
_PIXEL_AT_ZOOM_0 = 2 * math.pi * _EARTH_M / 256  # metres of the equator in a pixel of the one tile of zoom 0
_HIDDEN_PX = 0.25  # detail finer than this cannot be seen at 300 dpi (96 px are an inch)
_OVERHANG_PX = 24  # lines are cut this far outside of the picture, where their ends do not show

_FIELDS_FROM, _HOUSES_FROM = 13, 14
_ROADS = (
    ("path", 14, 2.0, 1.1, "map-road"),
    ("minor", 10, 2.4, 1.3, "map-road"),
    ("secondary", 8, 3.6, 2.2, "map-road"),
    ("main", 8, 5.0, 3.4, "map-main"),
)
_LABELS_FROM = {"township": 8, "village": 12, "water": 10}
_DOTS = "1 4"
"""Cells of our own drawing (示意网格) are dotted: nothing on the map may take them for borders."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the map is about.

    Attributes:
        wkb: its area, EPSG:3857.
        bbox: its extent, EPSG:4326.
    """

    name: str
    level: str
    wkb: bytes
    bbox: Bbox


@dataclass(frozen=True, slots=True)
class Mark:
    """A work in the picture: a square with a number that the text beside the map explains; EPSG:4326."""

    number: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Sheet:
    """The picture: pixels (1/96 inch) of a part of web mercator.

    Attributes:
        west, north: its upper left corner, metres of EPSG:3857.
        metres: of EPSG:3857 in a pixel.
    """

    width: int
    height: int
    west: float
    north: float
    metres: float

    @cached_property
    def zoom(self) -> float:
        """The zoom of a screen map with pixels of this size."""
        return math.log2(_PIXEL_AT_ZOOM_0 / self.metres)

    @cached_property
    def ground_metres(self) -> float:
        """True metres in a pixel at the middle of the picture."""
        middle = self.north - self.height / 2 * self.metres
        return self.metres / math.cosh(middle / _EARTH_M)

    @cached_property
    def bbox(self) -> Bbox:
        """The extent of the picture, EPSG:4326."""
        east, south = self.west + self.width * self.metres, self.north - self.height * self.metres
        return (*_degrees(self.west, south), *_degrees(east, self.north))

    def pixels(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of EPSG:3857 ``(n, 2)`` as pixels, y downward."""
        return (metres - (self.west, self.north)) / (self.metres, -self.metres)


def sheet_around(bbox: Bbox, width: int, height: int, share: float) -> Sheet:
    """The picture that shows ``bbox`` (EPSG:4326) in its middle, filling ``share`` of the tighter side."""
    (west, south), (east, north) = _metres(*bbox[:2]), _metres(*bbox[2:])
    metres = max((east - west) / width, (north - south) / height, 0.5) / share
    return Sheet(
        width, height, (west + east) / 2 - width / 2 * metres, (south + north) / 2 + height / 2 * metres, metres
    )


def draw(
    sheet: Sheet,
    ground: Sequence[GroundFeature],
    subject: Subject,
    *,
    marks: Sequence[Mark] = (),
    legend: Sequence[str] = (),
    north: str = "N",
) -> str:
    """The map as an ``<svg>`` element.

    Args:
        sheet: the picture.
        ground: what lies in it, as ``places.selectors.ground_in`` gives it.
        subject: the place that the map is about; everything around it is paled.
        marks: works; those outside of the picture are left out.
        legend: lines for the lower left corner: 审图号, how borders are meant.
        north: the letter at the arrow.

    Cost: no query; 20–60 ms for a village.
    """
    return _Drawing(sheet, ground, subject).svg(marks, legend, north)


class _Drawing:
    """Collects the elements of one map."""

    def __init__(self, sheet: Sheet, ground: Sequence[GroundFeature], subject: Subject) -> None:
        """Bring everything into pixels, cut a little outside of the picture."""
        self.sheet, self.subject, self.ground = sheet, subject, ground
        self.colour = tokens.light()
        self.grow = 2 ** (max(-1.5, sheet.zoom - 11) * 0.21)
        shapes = shapely.from_wkb([feature.wkb for feature in ground] + [subject.wkb])
        shapes = shapely.transform(shapes, sheet.pixels)
        *self.shapes, self.area = shapely.simplify(shapes, _HIDDEN_PX, preserve_topology=False)
        self.edge = (-_OVERHANG_PX, -_OVERHANG_PX, sheet.width + _OVERHANG_PX, sheet.height + _OVERHANG_PX)
        self.parts: list[str] = []

    def svg(self, marks: Sequence[Mark], legend: Sequence[str], north: str) -> str:
        """The whole element."""
        w, h = self.sheet.width, self.sheet.height
        self._ground()
        self._water()
        self._stroke(self._path("boundary", "village"), "map-village", 0.9)
        self._stroke(self._path("boundary", "village_cell"), "map-village", 1.1, _DOTS)
        self._ways()
        self._veil_outside()
        self._boundaries()
        self._veil_around()
        taken = self._furniture(legend, north)
        taken += self._marks(marks)
        self._names(taken)
        body = "".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}"'
            f' font-family="{tokens.FONTS}">{body}</svg>'
        )

    def _path(self, layer: str, variant: str | int | None = None) -> str:
        """What is drawn of a layer at this zoom, or of one variant of it."""
        chosen = [
            shape
            for feature, shape in zip(self.ground, self.shapes, strict=True)
            if feature.layer == layer
            and feature.min_zoom <= self.sheet.zoom + 1
            and variant in (None, _variant(feature))
        ]
        return path_of(shapely.clip_by_rect(chosen, *self.edge)) if chosen else ""

    def _fill(self, path: str, token: str, more: str = "") -> None:
        if path:
            self.parts.append(f'<path d="{path}" fill="{self.colour[token]}" fill-rule="evenodd"{more}/>')

    def _stroke(self, path: str, token: str, width: float, dash: str = "", cap: str = "round") -> None:
        if path:
            dashes = f' stroke-dasharray="{dash}"' if dash else ""
            self.parts.append(
                f'<path d="{path}" fill="none" stroke="{self.colour[token]}" stroke-width="{width:.2f}"'
                f' stroke-linejoin="round" stroke-linecap="{cap}"{dashes}/>'
            )

    def _ground(self) -> None:
        w, h = self.sheet.width, self.sheet.height
        self.parts.append(f'<rect width="{w}" height="{h}" fill="{self.colour["map-out"]}"/>')
        self._fill(self._path("land"), "map-land")
        for level in (1, 2, 3, 4):
            self._fill(self._path("relief", level), f"map-h{level}")
        if self.sheet.zoom >= _FIELDS_FROM - 1:
            for variant, token in enumerate(("map-field", "map-field-2", "map-field-3", "map-field")):
                self._fill(self._path("field", variant), token)
        self._fill(self._path("built"), "map-built")

    def _water(self) -> None:
        for width in (1, 2, 3):
            path = self._path("river", width)
            self._stroke(path, "map-water-edge", (1.2 + width * 1.3) * self.grow)
            self._stroke(path, "map-water", (0.5 + width * 1.2) * self.grow)
        water = self._path("water")
        self._fill(water, "map-water")
        self._stroke(water, "map-water-edge", 0.8)

    def _ways(self) -> None:
        for cls, lowest, outer, inner, token in _ROADS:
            if self.sheet.zoom >= lowest - 1:
                path = self._path("road", cls)
                self._stroke(path, f"{token}-edge", outer * self.grow)
                self._stroke(path, token, inner * self.grow)
        rail = self._path("rail")
        self._stroke(rail, "map-rail", 2.2)
        self._stroke(rail, "map-land", 1.2, "8 8", "butt")
        if self.sheet.zoom >= _HOUSES_FROM - 1:
            houses = self._path("building")
            self._fill(houses, "map-house")
            self._stroke(houses, "map-house-edge", 0.5)

    def _veil_outside(self) -> None:
        """Outside the county everything is paled by 82 %, so that roads fade out instead of stopping dead."""
        land = self._path("land")
        if land:
            self._fill(self._frame() + land, "map-out", ' fill-opacity="0.82"')

    def _veil_around(self) -> None:
        """Around the subject everything is paled by half: no tint over facts. Then its outline, on a white casing."""
        area = path_of([self.area])
        self._fill(self._frame() + area, "surface", ' fill-opacity="0.5"')
        self._stroke(area, "surface", 5)
        self._stroke(area, "map-sel", 2.4, _DOTS_OF_SUBJECT if self._is_cell() else "")

    def _is_cell(self) -> bool:
        return any(feature.kind == f"{self.subject.level}_cell" for feature in self.ground)

    def _frame(self) -> str:
        w, h = self.sheet.width, self.sheet.height
        return f"M0 0H{w}V{h}H0Z"

    def _boundaries(self) -> None:
        self._stroke(self._path("boundary", "township"), "map-town", 1.1, "5 3", "butt")
        self._stroke(self._path("boundary", "township_cell"), "map-village", 1.3, _DOTS)
        county = self._path("boundary", "county")
        self._stroke(county, "map-county-glow", 14)
        self._stroke(county, "map-county", 1.8, "12 4 2 4", "butt")

    def _furniture(self, legend: Sequence[str], north: str) -> list[Box]:
        """Scale bar and legend at the lower left, the arrow at the upper right; the boxes that they take."""
        metres, length = _round_length(self.sheet.ground_metres * 110)
        bar = length / self.sheet.ground_metres
        step, size = 13, 9.5
        height = 26 + step * len(legend)
        width = max([bar + 24, *(names.text_width(line, size) + 20 for line in legend)])
        box = Box(8, self.sheet.height - height - 8, width, height)
        ink, y = self.colour["ink"], box.y + 15
        self._panel(box)
        self._text(metres, box.x + 12 + bar / 2, y - 3, 9.5, ink)
        line = f"M{box.x + 12:.1f} {y - 1:.1f}v4h{bar:.1f}v-4"
        self.parts.append(f'<path d="{line}" fill="none" stroke="{ink}" stroke-width="1.2"/>')
        for at, text in enumerate(legend):
            self._text(text, box.x + 10, y + 15 + step * at, size, self.colour["ink-2"], "start")
        arrow = Box(self.sheet.width - 38, 8, 30, 40)
        self._panel(arrow)
        x = arrow.x + 15
        self.parts.append(f'<path d="M{x} {arrow.y + 5}l6.5 17-6.5-4-6.5 4Z" fill="{ink}"/>')
        self._text(north, x, arrow.y + 35, 10.5, ink)
        return [box, arrow]

    def _marks(self, marks: Sequence[Mark]) -> list[Box]:
        """Numbered squares (a square is a project on all our maps), the first on top; the boxes that they take."""
        side, boxes = 15, list[Box]()
        for mark in reversed(marks):
            x, y = self.sheet.pixels(np.array(_metres(mark.lon, mark.lat)))
            if not (side < x < self.sheet.width - side and side < y < self.sheet.height - side):
                continue
            box = Box(x - side / 2, y - side / 2, side, side)
            boxes.append(box)
            self.parts.append(
                f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{side}" height="{side}" rx="3.5"'
                f' fill="{self.colour["m-work"]}" stroke="{self.colour["m-casing"]}" stroke-width="1.6"/>'
            )
            self._text(mark.number, x, y + 3.6, 10, self.colour["surface"])
        return boxes

    def _panel(self, box: Box) -> None:
        self.parts.append(
            f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.w:.1f}" height="{box.h:.1f}" rx="5"'
            f' fill="{self.colour["surface"]}" fill-opacity="0.88"/>'
        )

    def _text(self, text: str, x: float, y: float, size: float, fill: str, anchor: str = "middle") -> None:
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">'
            f"{escape(text)}</text>"
        )

    def _names(self, taken: list[Box]) -> None:
        point = shapely.point_on_surface(self.area)
        wanted = [Name(self.subject.name, "here", point.x, point.y, 0)]
        for feature, shape in zip(self.ground, self.shapes, strict=True):
            if feature.layer != "label" or feature.name == self.subject.name:
                continue
            kind = feature.kind if feature.kind in _LABELS_FROM else "water"
            if self.sheet.zoom >= _LABELS_FROM[kind] - 1:
                wanted.append(Name(feature.name, kind, shape.x, shape.y, feature.rank))
        for found in names.place(wanted, Box(4, 4, self.sheet.width - 8, self.sheet.height - 8), taken):
            self._name(found)

    def _name(self, found: names.Written) -> None:
        """A name twice: its halo, then its letters; SVG 1.1 knows no order of painting within one text."""
        look = found.look
        lean = f" skewX(-{look.lean:g})" if look.lean else ""
        head = (
            f'<text transform="translate({found.x:.1f} {found.y + look.size * 0.36:.1f}){lean}" text-anchor="middle"'
            f' font-size="{look.size}" font-weight="{look.weight}" letter-spacing="{found.spacing:.2f}"'
        )
        text = escape(found.name.text)
        white = self.colour["surface"]
        halo = f'fill="{white}" stroke="{white}" stroke-width="3" stroke-linejoin="round"'
        self.parts.append(f"{head} {halo}>{text}</text>")
        self.parts.append(f'{head} fill="{self.colour[look.token]}">{text}</text>')


_DOTS_OF_SUBJECT = "0.1 5"


def path_of(shapes: Iterable[shapely.Geometry]) -> str:
    """Lines and areas as the ``d`` of an SVG path, to a tenth of a pixel; points are left out."""
    return "".join(_ring(line, closed) for shape in shapes for line, closed in _lines(shape))


def _lines(shape: shapely.Geometry) -> Iterable[tuple[shapely.Geometry, bool]]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield from ((ring, True) for ring in (part.exterior, *part.interiors))
        elif part.geom_type in ("LineString", "LinearRing"):
            yield part, False
        elif part.geom_type != "Point":
            yield from _lines(part)


def _ring(line: shapely.Geometry, closed: bool) -> str:
    points = shapely.get_coordinates(line)
    if len(points) < 2:
        return ""
    first, *rest = (f"{x:.1f} {y:.1f}" for x, y in (points[:-1] if closed else points))
    return f"M{first}L{' '.join(rest)}{'Z' if closed else ''}"


def _variant(feature: GroundFeature) -> str | int:
    """What tells apart the variants of a layer: a number for relief, fields and the width of rivers, else its kind."""
    if feature.layer == "river":
        return max(1, min(3, 4 - feature.rank))
    digits = "".join(filter(str.isdigit, feature.kind))
    return int(digits) if digits else feature.kind


def _round_length(most: float) -> tuple[str, float]:
    """The longest of 1, 2, 5 × 10ⁿ metres up to ``most``, written and in metres."""
    power = 10 ** math.floor(math.log10(most))
    length = max(step * power for step in (1, 2, 5) if step * power <= most)
    return (f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"), length


def _metres(lon: float, lat: float) -> tuple[float, float]:
    """EPSG:4326 → EPSG:3857."""
    return math.radians(lon) * _EARTH_M, math.asinh(math.tan(math.radians(lat))) * _EARTH_M


def _degrees(x: float, y: float) -> tuple[float, float]:
    """EPSG:3857 → EPSG:4326."""
    return math.degrees(x / _EARTH_M), math.degrees(math.atan(math.sinh(y / _EARTH_M)))
