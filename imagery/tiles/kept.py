"""Drawn tiles on the disk, bounded: a tile from there costs 0.1 ms of CPU and not 5."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from imagery.rasters.store import publish

SWEPT_TO = 0.9
"""Of the bound; so that the next sweep is not the next tile."""

SWEEP_EVERY = 0.1
"""Of the bound: so much is written between two looks at the whole folder."""

FRESH_S = 3600
"""A tile that was asked for is as good as new for so long before it is noted again."""

_lock = threading.Lock()
_written = float("inf")


def read(name: str) -> bytes | None:
    """A tile that is kept, b"" for one without data, or None."""
    path = Path(settings.TILES_ROOT) / name
    try:
        data = path.read_bytes()
        if time.time() - path.stat().st_mtime > FRESH_S:
            os.utime(path)
    except OSError:  # nobody kept it, or a sweep came between
        return None
    return data


def write(name: str, data: bytes) -> None:
    """Keep a tile, and remove the oldest ones when there are too many. A full disk keeps none, which is no fault."""
    global _written
    most = settings.TILE_CACHE_MB * 2**20
    if not most:
        return
    with suppress(OSError):
        publish(Path(settings.TILES_ROOT) / name, data)
    with _lock:
        _written += len(data)
        if _written > most * SWEEP_EVERY:
            _written = 0
            sweep(most)


def sweep(most: int) -> int:
    """Remove the tiles that nobody has asked for the longest, until the folder is below ``most`` bytes; how many."""
    found = []
    for folder, _folders, names in os.walk(settings.TILES_ROOT):
        for name in names:
            with suppress(OSError):
                path = Path(folder) / name
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
    total, gone = sum(size for _at, size, _path in found), 0
    if total <= most:
        return 0
    for _at, size, path in sorted(found):
        if total <= most * SWEPT_TO:
            break
        with suppress(OSError):
            path.unlink()
        total, gone = total - size, gone + 1
    return gone
