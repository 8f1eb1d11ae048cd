"""Catalog, collections and items as JSON. Source: STAC 1.1.0, STAC API 1.0.0 (core, collections, item search)."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.text import slugify
from django.utils.translation import gettext as _

from imagery.models import Scene
from imagery.tiles.looks import looks_of

STAC = {"stac_version": "1.1.0"}
JSON, GEOJSON = "application/json", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CONFORMANCE = [
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/collections",
    "https://api.stacspec.org/v1.0.0/ogcapi-features",
    "https://api.stacspec.org/v1.0.0/item-search",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
]
EO = "https://stac-extensions.github.io/eo/v2.0.0/schema.json"
WEB_MAP_LINKS = "https://stac-extensions.github.io/web-map-links/v1.1.0/schema.json"

Document = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """Where the service is.

    Attributes:
        host: "https://map.example.gov.cn".
        county: as the reader gave it; "" for the default county. Every link keeps it.
    """

    host: str
    county: str

    def href(self, path: str, **query: str) -> str:
        """An absolute address below the host."""
        given = {**query, **({"county": self.county} if self.county else {})}
        return f"{self.host}{path}{'?' + urlencode(given) if given else ''}"

    def link(self, rel: str, path: str, kind: str = JSON, **more: Any) -> Document:
        """A link of a document."""
        return {"rel": rel, "href": self.href(path), "type": kind, **more}


def collection_id(sensor: str) -> str:
    """Of the collection that holds all scenes of a sensor; "other" where nobody said which.

    Without the letters that an address cannot have nothing is left of 高分一号, and "pms" of two satellites' PMS: a
    digest of the whole name stands for them, which no dictionary's next edition changes.
    """
    named, plain = slugify(sensor), unicodedata.normalize("NFKD", sensor)
    if not sensor or (named and not any(one.isalnum() and not one.isascii() for one in plain)):
        return named or "other"
    return f"{named or 'sensor'}-{hashlib.sha256(sensor.encode()).hexdigest()[:8]}"


def catalog(site: Site, county: str, collections: Iterable[str]) -> Document:
    """The landing page."""
    search = site.link("search", "/stac/search", GEOJSON)
    return {
        **STAC,
        "type": "Catalog",
        "id": f"geogov-{county}",
        "title": _("卫星影像"),
        "description": _("本县可以查看的卫星影像。"),
        "conformsTo": CONFORMANCE,
        "links": [
            *(site.link(rel, "/stac/") for rel in ("self", "root")),
            site.link("conformance", "/stac/conformance"),
            site.link("data", "/stac/collections"),
            {**search, "method": "GET"},
            {**search, "method": "POST"},
            site.link("service-desc", "/stac/openapi", OPENAPI),
            *(site.link("child", f"/stac/collections/{one}") for one in collections),
        ],
    }


def collection(site: Site, key: str, scenes: Sequence[Scene]) -> Document:
    """All scenes of a sensor; there is at least one."""
    boxes, times = [one.footprint.extent for one in scenes], sorted(one.acquired_at for one in scenes)
    whole = [min(one[0] for one in boxes), min(one[1] for one in boxes)]
    whole += [max(one[2] for one in boxes), max(one[3] for one in boxes)]
    path, title = f"/stac/collections/{key}", scenes[0].sensor or _("传感器不详")
    return {
        **STAC,
        "type": "Collection",
        "id": key,
        "title": title,
        "description": _("%s 的影像。") % title,
        "license": "other",
        "extent": {
            "spatial": {"bbox": [whole]},
            "temporal": {"interval": [[_utc(times[0]), _utc(times[-1])]]},
        },
        "links": [
            site.link("self", path),
            *(site.link(rel, "/stac/") for rel in ("root", "parent")),
            site.link("items", f"{path}/items", GEOJSON),
        ],
    }


def item(site: Site, scene: Scene) -> Document:
    """A scene."""
    home = f"/stac/collections/{collection_id(scene.sensor)}"
    tiles = f"/imagery/scenes/{scene.key}/tiles/"
    # No media type: what of a tile has no data is WebP, the rest JPEG.
    shown: Document = {"href": site.href(tiles + _around(scene)), "roles": ["thumbnail"]}
    told = {"title": scene.title, "gsd": scene.gsd_m}
    told |= {"instruments": [scene.sensor]} if scene.sensor else {}
    told |= {"eo:cloud_cover": scene.cloud} if scene.cloud is not None else {}
    told |= {"attribution": scene.licence} if scene.licence else {}
    return {
        **STAC,
        "stac_extensions": [EO, WEB_MAP_LINKS],
        "type": "Feature",
        "id": scene.key,
        "collection": collection_id(scene.sensor),
        "geometry": {"type": "MultiPolygon", "coordinates": scene.footprint.coords},
        "bbox": list(scene.footprint.extent),
        "properties": {"datetime": _utc(scene.acquired_at), **told},
        "assets": {"thumbnail": {**shown, "bands": [_band(name) for name in scene.bands]}},
        "links": [
            site.link("self", f"{home}/items/{scene.key}", GEOJSON),
            site.link("root", "/stac/"),
            *(site.link(rel, home) for rel in ("parent", "collection")),
            *(_map(site, tiles, look) for look in looks_of(scene.bands)),
        ],
    }


def _utc(moment: dt.datetime) -> str:
    """As the standard wants it."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _map(site: Site, tiles: str, look: str) -> Document:
    """A link for map libraries; the braces of its template stay as they are."""
    return {
        "rel": "xyz",
        "href": site.href(f"{tiles}{{z}}/{{x}}/{{y}}", look=look),
        "title": look,
    }


_COMMON = {
    "nir": "nir",
    "swir1": "swir16",
    "swir2": "swir22",
    "blue": "blue",
    "green": "green",
    "red": "red",
    "pan": "pan",
}
"""Our names of bands as the EO extension calls them."""


def _band(name: str) -> Document:
    return {"name": name, **({"eo:common_name": _COMMON[name]} if name in _COMMON else {})}


def _around(scene: Scene) -> str:
    """The smallest tile of the web's grid that holds the middle of a scene and is as wide as all of it."""
    west, south, east, north = scene.footprint.extent
    lon, lat = (west + east) / 2, math.radians((south + north) / 2)
    z = max(0, min(18, math.floor(math.log2(360 / max(east - west, north - south, 1e-6)))))
    y = (1 - math.asinh(math.tan(lat)) / math.pi) / 2
    return f"{z}/{int((lon + 180) / 360 * 2**z)}/{int(y * 2**z)}"
