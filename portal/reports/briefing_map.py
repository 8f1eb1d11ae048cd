"""The briefing as one HTML file: a folium map on our own ground, and the facts beside it.

folium would load ten files from five hosts. Two of them are needed, Leaflet and its styles, and come from the front
end's build as data URIs; the others serve popups and icons of folium's own that this map has not. A Content Security
Policy in the file lets a browser load nothing else, whatever the file says.

Text never goes through folium: branca compiles what its macros wrote as a Jinja template once more, so a name with
"{{" in it would be run on the server. folium gets numbers, classes and keys only; names and popups are written by
Django's templates, which escape them, and the page's script puts them where the keys are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import folium
import shapely
from branca.element import Element
from django.template.loader import render_to_string
from shapely.geometry import mapping, shape

from kernel import clock
from kernel.geo import Bbox
from kernel.language import is_english
from layers.catalogue import layer_for
from layers.collections import feature
from layers.ground import ground
from portal.reports import signs, tokens
from portal.reports.briefing import Briefing

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline' data:; script-src 'unsafe-inline' data:"

MARGIN = {"village": 0.7, "township": 0.25}
"""What is drawn around the place, in its own widths and heights."""

GROUND = {
    "village": ("land", "relief", "field", "built", "water", "river", "rail", "building", "boundary", "label"),
    "township": ("land", "relief", "built", "water", "river", "rail", "boundary", "label"),
}
"""Houses and fields are dust at the scale of a township, and most of the bytes."""

TOLERANCE_M = {"village": 1.5, "township": 6.0}
"""Less than a pixel at the zoom at which the place fills a screen (15 and 13)."""

STYLES: tuple[tuple[str, str, str], ...] = (
    ("land", "", "land"),
    ("relief", "", "relief"),
    ("field", "", "field"),
    ("built", "", "built"),
    ("river", "", "river-edge"),
    ("river", "", "river"),
    ("water", "", "water"),
    ("boundary", "village", "b-village"),
    ("boundary", "village_cell", "b-cell"),
    ("road", "path", "path"),
    ("road", "minor", "minor-edge"),
    ("road", "secondary", "secondary-edge"),
    ("road", "minor", "minor"),
    ("road", "secondary", "secondary"),
    ("rail", "", "rail"),
    ("road", "main", "main-edge"),
    ("road", "main", "main"),
    ("building", "", "building"),
)
"""(layer, kind or all, class in style.css) from below to above: the order of frontend/src/layers/basemap.ts."""

ABOVE_THE_VEIL: tuple[tuple[str, str, str], ...] = (
    ("boundary", "township", "b-town"),
    ("boundary", "township_cell", "b-cell"),
    ("boundary", "county", "b-county"),
)

PROJECT_PX, FACILITY_PX = 30, 26


def briefing_html(briefing: Briefing) -> str:
    """The whole file."""
    west, south, east, north = around(briefing.bbox, MARGIN[briefing.place["level"]])
    drawn = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=14,
        zoom_control="bottomright",
        control_scale=True,
    )
    drawn.options |= {"min_zoom": 10, "max_zoom": 18, "zoom_snap": 0.25, "attribution_control": False}
    drawn._id = "briefing"
    drawn.default_js = [("leaflet", signs.data_uri("leaflet.js"))]
    drawn.default_css = [("leaflet_css", signs.data_uri("leaflet.css"))]
    names = _draw_ground(drawn, briefing, (west, south, east, north))
    _draw_marks(drawn, briefing)
    page: Any = drawn.get_root()
    context = {**_context(briefing), "names": names}
    page.header.add_child(_raw(render_to_string("briefing/head.html", context)), name="briefing_head")
    page.html.add_child(_raw(render_to_string("briefing/page.html", context)), name="briefing_page")
    page.script.add_child(_raw(render_to_string("briefing/script.js", context)), name="briefing_script")
    return _finished(page.render())


def around(bbox: Bbox, share: float) -> Bbox:
    """``bbox`` with a margin on each side, in shares of its own size."""
    west, south, east, north = bbox
    wide, high = (east - west) * share, (north - south) * share
    return west - wide, south - high, east + wide, north + high


def _context(briefing: Briefing) -> dict[str, Any]:
    west, south, east, north = briefing.bbox
    reported = {project["status"]: project["status_title"] for project in briefing.projects}
    counted = [(key, title, sum(one["status"] == key for one in briefing.projects)) for key, title in reported.items()]
    return {
        "policy": POLICY,
        "tokens": tokens.as_css(),
        "b": briefing,
        "place": briefing.place,
        "county": briefing.county.county,
        "county_name": briefing.county.name,
        "around": [line["name"] for line in briefing.place["ancestors"]],
        "statuses": counted,
        "projects": [(one, briefing.photos.get(one["id"], ())) for one in briefing.projects],
        "phones": briefing.sections.get("phones", {}),
        "villages": len(briefing.sections.get("villages", {}).get("items", ())),
        "photos": sum(map(len, briefing.photos.values())),
        "today": clock.today(),
        "bounds": json.dumps([[south, west], [north, east]]),
    }


def _raw(text: str) -> Element:
    """``text`` as it is: branca would read a template in its argument."""
    element: Any = Element("{{ this.text }}")
    element.text = text
    return cast(Element, element)


def _finished(html: str) -> str:
    """What branca and folium leave no room for: the language, the theme, and a map that people may enlarge."""
    language = "en" if is_english() else "zh-CN"
    _before, _found, rest = html.partition("<html>")
    fixed = rest.replace("initial-scale=1.0, maximum-scale=1.0, user-scalable=no", "initial-scale=1", 1)
    fixed = fixed.replace(
        'width=device-width,\n                initial-scale=1"', 'width=device-width, initial-scale=1"', 1
    )
    return f'<!DOCTYPE html>\n<html lang="{language}" data-theme="light">{fixed}'


def _draw_ground(drawn: folium.Map, briefing: Briefing, box: Bbox) -> list[str]:
    """Everything below the marks. Returns the names; the n-th belongs into the label with the key n."""
    level = briefing.place["level"]
    found = ground(briefing.viewer, box, GROUND[level], TOLERANCE_M[level])
    for layer, kind, look in STYLES:
        _add(drawn, [one for one in found if _is(one, layer, kind)], look)
    spec = layer_for(briefing.viewer, f"{level}s")
    place = shape(json.loads(feature(spec, briefing.viewer, briefing.place["code"]) or b"{}")["geometry"])
    outside = mapping(shapely.box(*around(box, 3)).difference(place))
    _add(drawn, [{"type": "Feature", "properties": {}, "geometry": outside}], "veil")
    for layer, kind, look in ABOVE_THE_VEIL:
        _add(drawn, [one for one in found if _is(one, layer, kind)], look)
    for look in ("here-casing", "here"):
        _add(drawn, [{"type": "Feature", "properties": {}, "geometry": mapping(place)}], look)
    names: list[str] = []
    for name, kind, lat, lon in _labels(found, place, level):
        _add_label(drawn, len(names), kind, lat, lon)
        names.append(name)
    return names


def _is(one: dict[str, Any], layer: str, kind: str) -> bool:
    said = one["properties"]
    return bool(said["layer"] == layer and (not kind or said["kind"] == kind))


def _add(drawn: folium.Map, features: list[dict[str, Any]], look: str) -> None:
    """One look: all its features, drawn by the rules of style.css and deaf to the pointer."""
    if not features:
        return
    bare = [{**one, "properties": {"kind": _word(one["properties"].get("kind", ""))}} for one in features]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": bare},
        style_function=lambda one: {
            "className": f"g {look} k-{one['properties']['kind']}",
            "interactive": False,
        },
        interactive=False,
        smooth_factor=0.5,
    ).add_to(drawn)


def _word(kind: str) -> str:
    """A kind as part of a class; what is more than a word is left out."""
    return kind if kind.replace("_", "").isalnum() else ""


def _labels(found: list[dict[str, Any]], place: Any, level: str) -> Iterator[tuple[str, str, float, float]]:
    """(name, class, lat, lon) of the names: those of the level of the place, of water, and of villages inside it."""
    shown = {"village", "water"} if level == "village" else {"village", "water", "township"}
    for one in found:
        said = one["properties"]
        if said["layer"] != "label" or said["kind"] not in shown:
            continue
        for point in getattr(shape(one["geometry"]), "geoms", [shape(one["geometry"])]):
            inside = place.contains(point)
            if said["kind"] == "township" and inside:
                continue
            yield said["name"], f"{said['kind']} {'in' if inside else 'out'}", point.y, point.x


def _add_label(drawn: folium.Map, key: int, kind: str, lat: float, lon: float) -> None:
    icon = folium.DivIcon(html=f'<span data-label="{key}"></span>', icon_size=(0, 0), class_name=f"label {kind}")
    folium.Marker([lat, lon], icon=icon, interactive=False, keyboard=False, z_index_offset=500).add_to(drawn)


def _draw_marks(drawn: folium.Map, briefing: Briefing) -> None:
    """Facilities below, names and projects above them, the worst of these on top. Popups are the page's templates."""
    for one in briefing.facilities:
        _add_mark(drawn, f"f{one.id}", signs.icon(one.icon), "mark facility", FACILITY_PX, (one.lat, one.lon), 0)
    worst = len(briefing.projects)
    for at, line in enumerate(briefing.projects):
        look = f"mark project {signs.tone(line['status'])}"
        position = (line["lat"], line["lon"])
        _add_mark(drawn, f"p{line['id']}", signs.mark(line["status"]), look, PROJECT_PX, position, 1000 + worst - at)


def _add_mark(
    drawn: folium.Map, key: str, sign: str, look: str, size: int, position: tuple[float, float], above: int
) -> None:
    icon = folium.DivIcon(html=str(sign), icon_size=(size, size), popup_anchor=(0, -size // 2), class_name=look)
    marker = folium.Marker(list(position), icon=icon, z_index_offset=above)
    marker._id = key
    marker.add_to(drawn)
