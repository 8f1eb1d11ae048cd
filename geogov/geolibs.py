"""Where GDAL and GEOS are: the copies inside the pyogrio and shapely wheels, unless the environment names others.

Debian's GDAL would bring 200 packages; the wheels are locked by hash and already needed. Neither package is imported
here: ``import pyogrio`` pulls in pandas and costs more than a second in every management command.
"""

import ctypes
import os
from importlib.util import find_spec
from pathlib import Path


def _bundled(package: str, pattern: str) -> tuple[str | None, Path | None]:
    """The one library that a wheel brings in ``<package>.libs``, and the folder of the package itself."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None, None
    home = Path(spec.origin).parent
    hits = list((home.parent / f"{package}.libs").glob(pattern))
    return (str(hits[0]) if len(hits) == 1 else None), home


def _point_at_data(library: str, home: Path) -> None:
    """Tell this GDAL where its own tables are.

    Set by call and not by GDAL_DATA and PROJ_DATA, which every other GDAL and PROJ in the process (rasterio's, say)
    would read as well: each release refuses the tables of another.
    """
    gdal = ctypes.CDLL(library)
    gdal.CPLSetConfigOption(b"GDAL_DATA", os.fsencode(home / "gdal_data"))
    folders = (ctypes.c_char_p * 2)(os.fsencode(home / "proj_data"), None)
    gdal.OSRSetPROJSearchPaths(folders)


def libraries() -> tuple[str | None, str | None]:
    """Paths for Django's ``GDAL_LIBRARY_PATH`` and ``GEOS_LIBRARY_PATH``.

    Returns:
        (gdal, geos). ``None`` lets Django look for the system's library.
    """
    gdal = os.environ.get("GDAL_LIBRARY_PATH")
    geos = os.environ.get("GEOS_LIBRARY_PATH")
    if not gdal:
        gdal, home = _bundled("pyogrio", "libgdal*")
        if gdal and home:
            _point_at_data(gdal, home)
    if not geos:
        geos, _ = _bundled("shapely", "libgeos_c*")
    return gdal, geos
