"""Opened scenes. A dataset of GDAL belongs to one thread; opening costs as much as a tile, so each keeps some."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rio_tiler.io import Reader

OPEN_MOST = 6
"""Scenes that a thread keeps open: two of a pair, and those before it."""

SEEN_PX = 512
"""Pixels of the longer side of the overview that percentiles are taken of."""

ENV = {"GDAL_CACHEMAX": 64 * 2**20, "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}
"""GDAL_CACHEMAX in bytes: so rasterio takes a number (GDAL itself would take 64 for megabytes)."""

_own = threading.local()
_loading = threading.Lock()


@contextmanager
def reader(path: Path) -> Iterator[Reader]:
    """The reader of a scene, open until the thread needs its place; a file that went is opened anew when it is back.

    Raises:
        OSError: there is no such file.
    """
    with _loading:  # of two threads that import it at once one would see half of it
        import rasterio  # with rio-tiler 70 MB and 1.1 s, for those processes only that draw
        from rio_tiler.io import Reader

    kept: OrderedDict[Path, Reader] = _own.__dict__.setdefault("kept", OrderedDict())
    with rasterio.Env(**ENV):
        found = kept.pop(path, None) or Reader(str(path))
        try:
            yield found
        except BaseException:
            _close(found)
            raise
        kept[path] = found
        while len(kept) > OPEN_MOST:
            _close(kept.popitem(last=False)[1])


@lru_cache(maxsize=256)
def ranges(path: Path, percents: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """Of each band the values at two percentages of its pixels, taken from an overview."""
    import rasterio
    from rasterio.enums import Resampling

    with rasterio.Env(**ENV), rasterio.open(path) as data:
        step = max(1.0, max(data.height, data.width) / SEEN_PX)
        size = (data.count, round(data.height / step), round(data.width / step))
        seen = data.read(out_shape=size, masked=True, resampling=Resampling.nearest)
    values = [band.compressed() for band in seen]
    found = [np.percentile(one, percents) if one.size else (0.0, 1.0) for one in values]
    return tuple((float(low), float(high)) for low, high in found)


def _close(scene: Reader) -> None:
    if scene.dataset is not None:
        scene.dataset.close()
