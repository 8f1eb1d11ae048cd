"""Tiles by a TiTiler beside us (TITILER_URL), which takes their CPU off the web process.

Only we speak to it: rights, headers and the folder of kept tiles stay as they are, and no reader learns its address.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from django.conf import settings

from imagery.tiles.looks import LOOKS, STRETCHES, indexes_of
from imagery.tiles.readers import ranges

PATIENCE_S = 10.0
_NOTHING = (204, 404)
"""How TiTiler says that a tile lies outside of the file."""

log = logging.getLogger(__name__)


def tile(path: Path, bands: Sequence[str], place: tuple[int, int, int], look: str, stretch: str) -> bytes | None:
    """A tile as ``drawing.tile`` makes it; None without a sidecar that has such a look and answers."""
    way = LOOKS[look]
    if not settings.TITILER_URL or way.ramp:
        return None
    indexes = indexes_of(way, bands)
    shown = [ranges(path, STRETCHES[stretch])[index - 1] for index in indexes]
    query = [
        ("url", str(Path(settings.TITILER_ROOT or settings.RASTERS_ROOT) / path.relative_to(settings.RASTERS_ROOT)))
    ]
    query += [("bidx", str(index)) for index in indexes] + [("rescale", f"{low},{high}") for low, high in shown]
    z, x, y = place
    url = f"{settings.TITILER_URL}/cog/tiles/WebMercatorQuad/{z}/{x}/{y}?{urlencode(query)}"
    try:
        with urlopen(url, timeout=PATIENCE_S) as answer:  # noqa: S310 an address of the settings
            return bytes(answer.read())
    except HTTPError as error:
        if error.code in _NOTHING:
            return b""
        log.warning("TiTiler answers %s", error.code)
    except (OSError, HTTPException) as error:
        log.warning("TiTiler does not answer: %s", error)
    return None
