"""What the OpenAPI document says of each face, and how a search hit is shown."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from kernel.search import Hit
from layers.api.answers import GEOJSON, JSON, MVT
from layers.api.components import ref
from layers.clusters import CLUSTERS_MOST
from layers.counts import DIGITS_OF_LEVEL
from layers.query import LIMIT_DEFAULT, LIMIT_MOST
from layers.searching import LIMIT_MOST as SEARCH_MOST
from layers.searching import TEXT_LONGEST
from layers.tiles import ZOOM_MOST

LEVEL_OF_DIGITS = {6: "county", 9: "township", 12: "village", 15: "grid"}
SINGULAR = {"facilities": "facility", "projects": "project"}


def to_json(value: Any) -> bytes:
    """UTF-8 JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def result(hit: Hit) -> dict[str, Any]:
    """A search hit as the API shows it: ``kind`` says what it is, ``key`` its layer or, for a place, its level."""
    lon, lat = hit.lonlat or (None, None)
    return {
        "kind": SINGULAR.get(hit.kind, hit.kind),
        "key": LEVEL_OF_DIGITS.get(len(hit.id), "") if hit.kind == "place" else hit.kind,
        "id": hit.id,
        "title": hit.title,
        "subtitle": hit.subtitle,
        "lon": None if lon is None else round(lon, 6),
        "lat": None if lat is None else round(lat, 6),
        "bbox": [round(edge, 6) for edge in hit.bbox] if hit.bbox else None,
        "distance_m": None if hit.distance_m is None else round(hit.distance_m),
        "icon": hit.icon,
    }


def _json(name: str, media_type: str = JSON) -> dict[tuple[int, str], Any]:
    return {(200, media_type): OpenApiResponse(response=ref(name))}


_BBOX = OpenApiParameter("bbox", str, description="west,south,east,north in degrees, EPSG:4326")
_DATETIME = OpenApiParameter(
    "datetime",
    str,
    description="Of layers with a `time`: only what was going on then. A date or RFC 3339 moment, or an interval of "
    "two: `2026-01-01/2026-06-30`, `../2026-06-30`, `2026-01-01/..`; both ends belong to it. Rows without an end are "
    "still going on, rows without any time always match (OGC API - Features).",
)
_FILTERS = "Every field of the layer with `filter` is a parameter, too: `?name=value` or `?name=one,other`."
_TILE_BYTES = {(200, MVT): OpenApiResponse(response=OpenApiTypes.BINARY, description="Vector tile, extent 4096.")}
_LON = OpenApiParameter("lon", float, description="of the searcher, degrees; with lat")
_LAT = OpenApiParameter("lat", float, description="of the searcher, degrees; with lon")
_TAGS = ["layers"]

CATALOGUE = extend_schema(operation_id="layers", responses=_json("LayerCatalogue"), tags=_TAGS)
FEATURES = extend_schema(
    operation_id="layer_features",
    description=f"Features by primary key or worst first, page by page; `next` links to the following page. {_FILTERS}",
    parameters=[
        _BBOX,
        _DATETIME,
        OpenApiParameter("limit", int, description=f"1…{LIMIT_MOST}, {LIMIT_DEFAULT} when not given"),
        OpenApiParameter("sort", str, enum=["worst"], description="of layers with `worst_first`: as their legend"),
        OpenApiParameter("cursor", str, description="from the link to the next page"),
    ],
    responses=_json("FeatureCollection", GEOJSON),
    tags=_TAGS,
)
FEATURE = extend_schema(operation_id="layer_feature", responses=_json("Feature", GEOJSON), tags=_TAGS)
TILE = extend_schema(
    operation_id="layer_tile",
    description=f"One tile with one layer, named as in the address; empty when nothing is in it. {_FILTERS}",
    parameters=[_DATETIME],
    responses=_TILE_BYTES,
    tags=_TAGS,
)
CLUSTERS = extend_schema(
    operation_id="layer_clusters",
    description=f"Rows counted in cells of the screen, at most {CLUSTERS_MOST} clusters. {_FILTERS}",
    parameters=[_BBOX, _DATETIME, OpenApiParameter("zoom", int, required=True, description=f"0…{ZOOM_MOST}")],
    responses=_json("Clusters"),
    tags=_TAGS,
)
COUNTS = extend_schema(
    operation_id="layer_counts",
    description=f"Rows counted by township or village, and what lies in none. {_FILTERS}",
    parameters=[
        _BBOX,
        _DATETIME,
        OpenApiParameter("level", str, enum=list(DIGITS_OF_LEVEL), description="village when not given"),
    ],
    responses=_json("PlaceCounts"),
    tags=_TAGS,
)
_LAYERS = OpenApiParameter("layers", str, required=True, description="keys of layers, separated by commas")
LIVE = extend_schema(
    operation_id="live",
    description="Server-sent events: which of the layers changed, never what in them. `event: reset` names all of them "
    "with their versions (fetch what differs from what you know), `event: change` those that changed since; at most "
    "one event a second. A stream ends within ten minutes; `Last-Event-ID` goes on without missing anything. With a "
    "`feed` also its newest values inside `bbox`: `event: values`, a JSON array, all of them at first, then what "
    "changed, at most once a second.",
    parameters=[
        _LAYERS,
        OpenApiParameter("feed", str, description="`devices`: the newest value of each device"),
        OpenApiParameter("bbox", str, description="of the feed: west,south,east,north in degrees, EPSG:4326"),
    ],
    responses={(200, "text/event-stream"): OpenApiResponse(response=OpenApiTypes.STR)},
    tags=_TAGS,
)
CHANGES = extend_schema(
    operation_id="layer_changes",
    description="What `/live/` tells, by asking: the layers that changed since the answer with the id `since`, all of "
    "them without it. Ids of both are the same.",
    parameters=[_LAYERS, OpenApiParameter("since", str, description="`id` of an earlier answer or event")],
    responses=_json("LayerChanges"),
    tags=_TAGS,
)
BASEMAP = extend_schema(operation_id="basemap_tile", responses=_TILE_BYTES, tags=["basemap"])
SEARCH = extend_schema(
    operation_id="search",
    parameters=[
        OpenApiParameter("q", str, required=True, description=f"1…{TEXT_LONGEST} characters; each word must match"),
        OpenApiParameter("limit", int, description=f"1…{SEARCH_MOST}, 10 when not given"),
        _LON,
        _LAT,
    ],
    responses=_json("SearchResults"),
    tags=["search"],
)
