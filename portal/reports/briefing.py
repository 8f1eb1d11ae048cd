"""A briefing: what everybody may know of a village or township, for one HTML file that opens without network."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings
from django.urls import resolve
from django.utils.translation import gettext as _

from kernel.errors import Invalid
from kernel.geo import Bbox
from kernel.language import named
from kernel.viewer import Viewer
from layers.catalogue import layers_for
from layers.collections import table
from layers.query import Query
from media.pipeline import store
from places.selectors import CountyFacts, county_facts, place_panel, villages_of

LEVELS = ("village", "township")

PHOTOS_OF_PROJECT = 3
"""Newest photos of each project: what a popup shows in one row."""

PHOTO_BYTES = 6_000_000
"""Photos of 960 px as long as all of them fit, else of 320 px: a file that can be sent by mail and by WeChat."""

FACILITIES_MOST = 500
"""Marks of facilities; more would hide each other, and the map."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of a project; ``uri`` holds the public derivative itself."""

    uri: str
    alt: str
    caption: str
    taken_on: str


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility on the map; lon, lat in degrees, EPSG:4326."""

    id: int
    name: str
    category: str
    category_title: str
    icon: str
    address: str
    hours: str
    phone: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Briefing:
    """All that the file says.

    Attributes:
        place: the head of the panel.
        sections: bodies of the panel's sections by key.
        projects: lines of the section of progress, the worst first; at most ``projects_total``.
        photos: the newest photos of each project by its key.
        facilities: at most ``FACILITIES_MOST`` of ``facilities_total``.
        categories: (title, icon, how many) of the drawn facilities, the most first.
    """

    viewer: Viewer
    county: CountyFacts
    place: dict[str, Any]
    sections: dict[str, dict[str, Any]]
    projects: list[dict[str, Any]]
    projects_total: int
    photos: dict[int, list[Picture]]
    facilities: list[Facility]
    facilities_total: int
    categories: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def bbox(self) -> Bbox:
        """Extent of the place, EPSG:4326."""
        west, south, east, north = self.place["bbox"]
        return west, south, east, north


def briefing_of(viewer: Viewer, code: str, level: str) -> Briefing:
    """Gather the facts: the sections of the panel, as its API answers them, and the layer of facilities.

    Raises:
        NotFound: there is no such place in the county.
        Invalid: it is of another level.
    """
    panel = place_panel(viewer, code)
    place = panel["place"]
    if place["level"] != level:
        said = {"village": _("%s 不是村。"), "township": _("%s 不是乡镇。")}[level]
        raise Invalid(said % f"{place['name']}（{code}）", code="wrong_level", field=level)
    sections = _bodies(panel)
    bodies = [sections, *_bodies_of_villages(viewer, code, level)]
    projects = _projects(bodies)
    facilities = _facilities(viewer, code)
    shown = facilities[:FACILITIES_MOST]
    counted = Counter((one.category_title, one.icon) for one in shown)
    return Briefing(
        viewer=viewer,
        county=county_facts(viewer),
        place=place,
        sections=sections,
        projects=projects,
        projects_total=max(len(projects), sections.get("progress", {}).get("total", 0)),
        photos=_photos(bodies, projects),
        facilities=shown,
        facilities_total=len(facilities),
        categories=[(title, icon, count) for (title, icon), count in counted.most_common()],
    )


def _bodies(panel: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The sections that could be built; one that failed is left out, as the panel says of it."""
    return {section["key"]: section["body"] for section in panel["sections"] if "body" in section}


def _facilities(viewer: Viewer, code: str) -> list[Facility]:
    """Facilities of the place by primary key, as the layer shows them; none where there is no such layer."""
    spec = next((spec for spec in layers_for(viewer) if spec.key == "facilities"), None)
    if spec is None:
        return []
    found = table(spec, viewer, Query(), code)
    rows = (dict(zip(["id", "geom", *(one.name for one in found.fields)], row, strict=True)) for row in found.rows)
    return [_facility(row) for row in rows if row["geom"] is not None]


def _facility(row: dict[str, Any]) -> Facility:
    (point,) = shapely.get_coordinates(shapely.from_wkb(bytes(row["geom"])))
    return Facility(
        id=row["id"],
        name=named(row["name"], row["name_en"]),
        category=row["category"],
        category_title=named(row["category_title"], row["category_title_en"]),
        icon=row["icon"],
        address=row["address"],
        hours=named(row["hours"], row["hours_en"]),
        phone=row["phone"],
        lon=float(point[0]),
        lat=float(point[1]),
    )


def _bodies_of_villages(viewer: Viewer, code: str, level: str) -> list[dict[str, dict[str, Any]]]:
    """The sections of the villages of a township, whose own sections list the worst works and newest photos only."""
    inside = villages_of(viewer, code) if level == "township" else []
    return [_bodies(place_panel(viewer, village.code)) for village in inside]


def _projects(bodies: list[dict[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Each project once: those of the place as it lists them, then those that only its villages list."""
    lines = (line for body in bodies for line in body.get("progress", {}).get("projects", ()))
    found: dict[int, dict[str, Any]] = {}
    for line in lines:
        found.setdefault(line["id"], line)
    return list(found.values())


def _photos(bodies: list[dict[str, dict[str, Any]]], projects: list[dict[str, Any]]) -> dict[int, list[Picture]]:
    """The newest photos of each project."""
    by_id = {item["id"]: item for body in bodies for item in body.get("photos", {}).get("items", ())}
    newest = sorted(by_id.values(), key=lambda item: (item["taken_on"], item["id"]), reverse=True)
    wanted: dict[int, list[dict[str, Any]]] = {project["id"]: [] for project in projects}
    for item in newest:
        own = wanted.get(item["project"]["id"])
        if own is not None and len(own) < PHOTOS_OF_PROJECT:
            own.append(item)
    size = _size_that_fits(item for own in wanted.values() for item in own)
    pictures = {key: [_picture(item, size) for item in own] for key, own in wanted.items()}
    return {key: [one for one in own if one] for key, own in pictures.items()}


def _file(item: dict[str, Any], size: str) -> Path:
    """Where the derivative lies that the panel gives the address of."""
    token = resolve(item[size]).kwargs["token"]
    return Path(settings.MEDIA_ROOT) / store.photo_path(token, size)


def _size_that_fits(items: Iterable[dict[str, Any]]) -> str:
    paths = [_file(item, "medium") for item in items]
    total = sum(path.stat().st_size for path in paths if path.exists())
    return "medium" if total <= PHOTO_BYTES else "thumb"


def _picture(item: dict[str, Any], size: str) -> Picture | None:
    """A photo; None when its file is gone."""
    try:
        data = _file(item, size).read_bytes()
    except FileNotFoundError:
        return None
    uri = "data:image/jpeg;base64," + base64.b64encode(data).decode()
    return Picture(uri, item["alt"] or item["caption"], item["caption"], item["taken_on"])
