"""Tiles by a TiTiler beside us (TITILER_URL), which takes their CPU off the web process.

Only we speak to it: rights, headers and the folder of kept tiles stay as they are, and no reader learns its address.
It may be slow, hang or be gone: then we draw ourselves, and the site does not wait for it.
"""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
from django.conf import settings
from PIL import Image

from imagery.tiles.looks import LOOKS, STRETCHES, encoded, indexes_of, type_of
from imagery.tiles.readers import ranges, reader

PATIENCE_S = 2.0
"""A tile takes it 10 ms of CPU (docs/bench.md), and some 100 ms where its disk is cold: later we have it sooner."""

REST_S = 30.0
"""For so long nobody asks it again once it gave no tile; then one does, and the others once that one got its tile."""

_places = threading.BoundedSemaphore(max(1, settings.THREADS // 2))
"""So many threads ask it at once; the others draw, and half of the site stays free whatever it does."""

_lock = threading.Lock()
_rests_until = 0.0
"""By the monotonic clock; 0: it gives tiles."""

log = logging.getLogger(__name__)


def tile(path: Path, bands: Sequence[str], place: tuple[int, int, int], look: str, stretch: str) -> bytes | None:
    """A tile as ``drawing.tile`` makes it; None without a sidecar that has such a look and answers."""
    way = LOOKS[look]
    if not settings.TITILER_URL or way.ramp:
        return None
    z, x, y = place
    with reader(path) as scene:
        if not scene.tile_exists(x, y, z):
            return b""
    indexes = indexes_of(way, bands)
    shown = [ranges(path, STRETCHES[stretch])[index - 1] for index in indexes]
    file = Path(settings.TITILER_ROOT or settings.RASTERS_ROOT) / path.relative_to(settings.RASTERS_ROOT)
    query = [("url", str(file)), ("resampling", "bilinear")]
    query += [("bidx", str(index)) for index in indexes] + [("rescale", f"{low},{high}") for low, high in shown]
    return _asked(f"{settings.TITILER_URL}/cog/tiles/WebMercatorQuad/{z}/{x}/{y}?{urlencode(query)}")


def _asked(url: str) -> bytes | None:
    """What it answers; None where it has no tile to give, or is not asked."""
    global _rests_until
    if not _places.acquire(blocking=False):
        return None
    try:
        if not _may_ask():
            return None
        with urlopen(url, timeout=PATIENCE_S) as answer:  # noqa: S310 an address of the settings
            seen = _as_ours(answer.read())
        _rests_until = 0.0
        return seen
    except (OSError, HTTPException, SyntaxError) as error:  # any answer but a picture; Pillow's SyntaxError is a PNG's
        log.warning("TiTiler gives no tile, and is not asked for %d s: %s", REST_S, error)
        _rests_until = time.monotonic() + REST_S
    finally:
        _places.release()
    return None


def _may_ask() -> bool:
    """Whether it gives tiles, or this is the one who tries again."""
    global _rests_until
    with _lock:
        now = time.monotonic()
        if now < _rests_until:
            return False
        if _rests_until:
            _rests_until = now + REST_S
        return True


def _as_ours(picture: bytes) -> bytes:
    """Its JPEG; its PNG, which it makes where a part has no data, as ``encoded`` has it: no bytes without any data.

    Raises:
        OSError: it is no picture.
    """
    if type_of(picture) == "image/jpeg":
        return picture
    seen = np.asarray(Image.open(io.BytesIO(picture)).convert("RGBA"))
    valid = seen[..., 3] > 0
    return encoded(np.ascontiguousarray(seen[..., :3]), valid) if valid.any() else b""
