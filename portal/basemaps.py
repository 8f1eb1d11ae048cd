"""Base maps that the public page offers: our own, and those of others that the settings allow.

Nothing of others is asked for unless a setting says so: a citizen's map view is then told to their servers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

OWN = "own"

TIANDITU_SERVERS = "01234567"
"""The service spreads its tiles over t0 … t7. Source: 天地图 API documentation, 地图 API 服务."""

OSM_SERVERS = "abc"
"""For addresses with ``{s}``. Source: openstreetmap.org's tile service, and Leaflet's default."""

TIANDITU_DEEPEST, OSM_DEEPEST = 18, 19
"""Deepest zoom of the tiles. Source: 天地图 WMTS capabilities; openstreetmap.org's tile service."""


@dataclass(frozen=True, slots=True)
class BaseMap:
    """One base map.

    Attributes:
        key: value of ``b`` in the page's address.
        tiles: addresses of its 256 px Web Mercator tiles, those below first, with ``{s}`` (one of ``servers``),
            ``{z}``, ``{x}``, ``{y}``; empty for our own, which is drawn from vector tiles of this host.
        approval_number: 审图号 under which it may be shown, empty when not configured.
        deepest: zoom of the last tiles; deeper views are scaled.
    """

    key: str
    title: str
    tiles: tuple[str, ...] = ()
    servers: str = ""
    attribution: str = ""
    approval_number: str = ""
    deepest: int = 18


def base_maps(approval_number: str) -> tuple[BaseMap, ...]:
    """All that may be chosen; ours, which has the county's ``approval_number``, comes first."""
    found = [BaseMap(OWN, _("简明地图"), approval_number=approval_number)]
    if settings.TIANDITU_KEY:
        found += [_tianditu("vec", "cva", _("天地图")), _tianditu("img", "cia", _("卫星影像"))]
    if settings.OSM_TILES_URL:
        found.append(_osm())
    return tuple(found)


def base_maps_json(approval_number: str) -> list[dict[str, Any]]:
    """The same, as /api/county/ answers it."""
    return [asdict(base) | {"tiles": list(base.tiles)} for base in base_maps(approval_number)]


def _tianditu(ground: str, names: str, title: str) -> BaseMap:
    tiles = tuple(_wmts(layer) for layer in (ground, names))
    number = settings.TIANDITU_APPROVAL_NUMBER
    return BaseMap(ground, title, tiles, TIANDITU_SERVERS, _("天地图"), number, TIANDITU_DEEPEST)


def _osm() -> BaseMap:
    tiles, number = settings.OSM_TILES_URL, settings.OSM_APPROVAL_NUMBER
    servers = OSM_SERVERS if "{s}" in tiles else ""
    return BaseMap("osm", "OpenStreetMap", (tiles,), servers, "© OpenStreetMap", number, OSM_DEEPEST)


def _wmts(layer: str) -> str:
    """A tile's address in the service's Web Mercator matrix set (``_w``)."""
    return (
        f"https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
        "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
        f"&tk={settings.TIANDITU_KEY}"
    )


def image_sources() -> list[str]:
    """Hosts whose tiles a page may show, for its Content-Security-Policy; empty by default."""
    hosts = set()
    for base in base_maps(""):
        for tile in base.tiles:
            for server in base.servers or " ":
                parts = urlsplit(tile.replace("{s}", server.strip()))
                if parts.netloc:
                    hosts.add(f"{parts.scheme}://{parts.netloc}")
    return sorted(hosts)
