"""The faces of a layer as functions, for the API, for exports and for benches: bytes out, or a table of values.

Each takes the declaration, the viewer and what is asked, and each costs one query.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

from kernel.layerspec import LayerSpec
from kernel.viewer import Viewer
from layers import clusters as clustering
from layers import counts as counting
from layers import features as geojson
from layers import table as tabular
from layers import tiles as tiling
from layers.query import Query, write_cursor
from layers.statements import Statement

Face = Literal["features", "tile", "clusters", "counts"]


def features(spec: LayerSpec, viewer: Viewer, query: Query, next_link: Callable[[str], str] | None = None) -> bytes:
    """A FeatureCollection as UTF-8 JSON; ``next`` links to the following page or is null.

    Args:
        spec: the layer.
        viewer: who looks.
        query: box, filters, page.
        next_link: makes the link from a cursor; without it ``next`` is the cursor itself.

    Raises:
        NotFound: the layer does not exist for the viewer.
    """
    page = geojson.page(spec, viewer, query)
    cursor = write_cursor(page.last) if page.last is not None else None
    link = next_link(cursor) if next_link and cursor else cursor
    tail = b',"next":' + json.dumps(link, ensure_ascii=False).encode() + b"}"
    return b"".join((geojson.HEAD, page.features, geojson.TAIL, tail))


def feature(spec: LayerSpec, viewer: Viewer, pk: Any) -> bytes | None:
    """One GeoJSON feature; None when it does not exist for the viewer."""
    return geojson.one(spec, viewer, pk)


def tile(spec: LayerSpec, viewer: Viewer, query: Query, z: int, x: int, y: int) -> bytes:
    """One vector tile; no bytes when it is empty."""
    return tiling.tile(spec, viewer, query, z, x, y)


def clusters(spec: LayerSpec, viewer: Viewer, query: Query, zoom: int) -> bytes:
    """Clusters as UTF-8 JSON."""
    return clustering.clusters(spec, viewer, query, zoom)


def counts(spec: LayerSpec, viewer: Viewer, query: Query, level: counting.Level) -> bytes:
    """Counts by township or village as UTF-8 JSON."""
    return counting.counts(spec, viewer, query, level)


def table(spec: LayerSpec, viewer: Viewer, query: Query, place: str = "") -> tabular.Table:
    """Typed values and WKB of all rows, those of a place where its code is given."""
    return tabular.table(spec, viewer, query, place)


def tables(spec: LayerSpec, viewer: Viewer, query: Query, place: str = "") -> Iterator[tabular.Table]:
    """The same, portion by portion; read them inside a transaction."""
    return tabular.tables(spec, viewer, query, place)


def statement(face: Face, spec: LayerSpec, viewer: Viewer, query: Query, **at: Any) -> Statement | None:
    """The SQL behind a face, to measure it or to explain its plan: ``z, x, y``, ``zoom`` or ``level`` in ``at``.

    None when the viewer can have no row.
    """
    makers: dict[Face, Callable[..., Statement | None]] = {
        "features": geojson.page_statement,
        "tile": tiling.tile_statement,
        "clusters": clustering.clusters_statement,
        "counts": counting.counts_statement,
    }
    return makers[face](spec, viewer, query, **at)
