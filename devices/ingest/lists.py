"""Lists of devices: CSV, or any map file that GDAL reads (GeoPackage, Shapefile, OpenStreetMap extracts)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pyproj

from devices.services import TEXTS, ListedDevice
from kernel import geo
from kernel.errors import Invalid, NotFound
from kernel.geo import LonLat

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "编号", "设备编号", "id", "city_id", "osm_id"),
    "name": ("name", "名称", "设备名称"),
    "name_en": ("name_en", "英文名称"),
    "address": ("address", "地址", "位置说明"),
    "address_en": ("address_en", "英文地址"),
    "lon": ("lon", "lng", "longitude", "经度", "x"),
    "lat": ("lat", "latitude", "纬度", "y"),
}
"""What is read, and the columns that it is looked for in where the mapping names none."""

OSM = {
    "lamp": {"highway": "street_lamp"},
    "manhole": {"manhole": "*"},
    "camera": {"man_made": "surveillance"},
    "air": {"monitoring:air_quality": "yes"},
    "level": {"monitoring:water_level": "yes"},
}
"""Which points of OpenStreetMap are which kind of device, where the mapping does not say it (wiki: Map features)."""

_TAG = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
"""Of GDAL's column ``other_tags``."""


@dataclass(frozen=True, slots=True)
class ListMapping:
    """How a list is read.

    Attributes:
        columns: our name → theirs; see ``COLUMNS``.
        where: column (or tag) → the value that a wanted row has; "*" for any.
        prefix: put before every code.
        crs: of the positions, one of ``geo.FROM`` or what PROJ knows; "" as the file says, else EPSG:4326.
        encoding: of text that does not say it.
        layer: of a map file; "" for the first with points.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    crs: str = ""
    encoding: str = ""
    layer: str = ""


def mapping_read(path: Path | None, **given: str) -> ListMapping:
    """The mapping in a JSON file, with what was ``given`` on the command line in its place.

    Raises:
        Invalid: it cannot be read, or says what is not known.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8")) if path else {}
        mapping = ListMapping(**{**told, **{name: value for name, value in given.items() if value}})
    except (OSError, ValueError, TypeError) as error:
        raise Invalid(f"{path}: {type(error).__name__}: {error}", code="bad_mapping") from error
    if unknown := sorted(set(mapping.columns) - set(COLUMNS)):
        raise Invalid(f"{path}: unknown: {', '.join(unknown)}; known are {', '.join(COLUMNS)}.", code="bad_mapping")
    return mapping


def devices_read(path: Path, type_key: str, mapping: ListMapping) -> list[ListedDevice]:
    """The wanted rows of a file.

    Raises:
        NotFound: there is no such file.
        Invalid: it cannot be read, lacks a column of the mapping, or has a coordinate system that is not known.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", code="no_file")
    if path.suffix.lower() == ".csv":
        return _listed(_csv_rows(path, mapping), mapping, mapping.crs or "EPSG:4326")
    frame = _frame(path, mapping)
    is_osm = "other_tags" in frame.columns
    where = mapping.where or (_osm_where(path, type_key) if is_osm else {})
    rows = ((row, told, lonlat) for row, told, lonlat in _frame_rows(frame) if _is_wanted(told, where))
    prefix = mapping.prefix or ("osm-" if is_osm else "")
    shifted = mapping.crs if mapping.crs in geo.FROM else "EPSG:4326"
    return _listed(rows, ListMapping(columns=mapping.columns, prefix=prefix), shifted, has_tags=is_osm)


Row = tuple[int, Mapping[str, str], LonLat | None]
"""Number, what it says by column, and its position where that is no column."""


def _listed(rows: Iterable[Row], mapping: ListMapping, crs: str, *, has_tags: bool = False) -> list[ListedDevice]:
    """The rows as devices; with tags a row lacks the columns that it says nothing in."""
    to_wgs84 = _transform(crs)
    listed = []
    names: dict[str, str] = {}
    for number, told, position in rows:
        names = names or _names(told, mapping, has_tags)
        texts = {name: told.get(names[name], "") for name in TEXTS if name in names}
        lonlat = position or _numbers(told.get(names.get("lon", ""), ""), told.get(names.get("lat", ""), ""))
        code = told.get(names.get("code", ""), "")
        listed.append(
            ListedDevice(
                row=number,
                code=f"{mapping.prefix}{code}" if code else "",
                lonlat=lonlat and to_wgs84(lonlat),
                crs=crs[:20],
                texts={name: text for name, text in texts.items() if text},
            )
        )
    return listed


def _names(told: Mapping[str, str], mapping: ListMapping, has_tags: bool) -> dict[str, str]:
    """Our name → their column, for those that are there."""
    if (missing := sorted(set(mapping.columns.values()) - set(told))) and not has_tags:
        raise Invalid(f"There is no column {', '.join(missing)}.", code="bad_mapping", hint=", ".join(told)[:300])
    found = dict(mapping.columns)
    for name, guesses in COLUMNS.items():
        if name not in found and (theirs := next((one for one in guesses if one in told), None)):
            found[name] = theirs
    if "code" not in found:
        raise Invalid("No column looks like a code.", code="bad_mapping", hint=", ".join(told)[:300])
    return found


def _numbers(lon: str, lat: str) -> LonLat | None:
    try:
        return float(lon), float(lat)
    except ValueError:
        return None


def _transform(crs: str) -> Any:
    if crs in geo.FROM:
        return geo.FROM[crs]
    try:
        transformer = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except pyproj.exceptions.CRSError as error:
        raise Invalid(f"The coordinate system {crs} is not known: {error}", code="unknown_crs", field="crs") from error
    return lambda lonlat: transformer.transform(*lonlat)


def _csv_rows(path: Path, mapping: ListMapping) -> Iterator[Row]:
    try:
        with path.open(encoding=mapping.encoding or "utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for told in reader:
                row = {str(name).strip(): str(value or "").strip() for name, value in told.items() if name is not None}
                if _is_wanted(row, mapping.where):
                    yield reader.line_num, row, None
    except (OSError, UnicodeDecodeError, LookupError, csv.Error) as error:
        raise Invalid(f"{path.name} cannot be read: {error}", code="bad_file") from error


def _frame(path: Path, mapping: ListMapping) -> geopandas.GeoDataFrame:
    """The points of a map file, in EPSG:4326, or in the offset system that the mapping names."""
    try:
        layer = mapping.layer or next(
            (name for name, kind in pyogrio.list_layers(path) if kind and "Point" in kind), None
        )
        frame = geopandas.read_file(path, layer=layer, encoding=mapping.encoding or None)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError, LookupError) as error:
        raise Invalid(f"{path.name} cannot be read as a map file: {error}", code="bad_file") from error
    if mapping.crs in geo.FROM:
        return frame
    if mapping.crs:
        frame = frame.set_crs(mapping.crs, allow_override=True)
    if frame.crs is None:
        raise Invalid(f"{path.name} does not say its coordinate system.", code="no_crs", hint="Add --crs EPSG:4549.")
    return frame.to_crs(4326)


def _frame_rows(frame: geopandas.GeoDataFrame) -> Iterator[Row]:
    columns = [name for name in frame.columns if name != frame.geometry.name]
    for number, (point, *values) in enumerate(
        zip(frame.geometry, *(frame[name] for name in columns), strict=True), start=1
    ):
        told = {name: _text(value) for name, value in zip(columns, values, strict=True)}
        told |= dict(_TAG.findall(told.pop("other_tags", "")))
        is_point = point is not None and point.geom_type == "Point" and not point.is_empty
        yield number, told, (point.x, point.y) if is_point else None


def _text(value: Any) -> str:
    """What a cell says; "" for an empty one, and whole numbers without their .0."""
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _is_wanted(told: Mapping[str, str], where: Mapping[str, str]) -> bool:
    return all(told.get(name) if value == "*" else told.get(name) == value for name, value in where.items())


def _osm_where(path: Path, type_key: str) -> Mapping[str, str]:
    if type_key not in OSM:
        raise Invalid(
            f"{path.name} has points of every kind: say which ones are of the kind {type_key}.",
            code="bad_mapping",
            hint='In the mapping: "where": {"emergency": "fire_hydrant"}.',
        )
    return OSM[type_key]
