"""Map files of any kind that GDAL reads, as tables in EPSG:4326."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pyogrio

from kernel.errors import Invalid, NotFound

WORDS = {"LineString": "lines", "Polygon": "areas"}
"""What a layer may have to hold."""


def frame_read(
    path: Path, geometry: str, *, layer: str | None = None, crs: str | None = None, encoding: str | None = None
) -> geopandas.GeoDataFrame:
    """One layer of a file.

    Args:
        path: GeoPackage, Shapefile (also zipped), GeoJSON, OpenStreetMap extract …
        geometry: what the layer has to hold, a key of ``WORDS``.
        layer: its name; None takes the first one that holds such things.
        crs: of a file that does not say it, e.g. "EPSG:4549".
        encoding: of attribute text that the file does not say, e.g. "GBK".

    Raises:
        NotFound: there is no such file.
        Invalid: it cannot be read, has no such layer or no coordinate system.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", code="no_file")
    try:
        frame = geopandas.read_file(path, layer=layer or _layer(path, geometry), encoding=encoding)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError, LookupError) as error:
        raise Invalid(f"{path.name} cannot be read as a map file: {error}", code="bad_file") from error
    if frame.crs is None and not crs:
        raise Invalid(
            f"{path.name} does not say its coordinate system.", code="no_crs", hint="Add --crs, e.g. --crs EPSG:4549."
        )
    return (frame.set_crs(crs) if frame.crs is None else frame).to_crs(4326)


def texts_of(frame: geopandas.GeoDataFrame, names: tuple[str, ...]) -> list[str]:
    """The first of these columns as text; empty texts when the file has none."""
    found = next((name for name in names if name in frame.columns), None)
    if found is None:
        return [""] * len(frame)
    return ["" if value is None or value != value else str(value).strip() for value in frame[found]]


def _layer(path: Path, geometry: str) -> str:
    found = [(str(name), kind or "") for name, kind in pyogrio.list_layers(path)]
    fitting = [name for name, kind in found if geometry in kind] or [name for name, kind in found if kind == "Unknown"]
    if not fitting:
        raise Invalid(f"{path.name} has no layer with {WORDS[geometry]}.", code="no_layer")
    return fitting[0]
