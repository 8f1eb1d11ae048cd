"""Files of scenes on the disk: by content, below RASTERS_ROOT, written whole before their row (docs/adr/0009).

Layout::

    RASTERS_ROOT/<sha[:2]>/<sha>.tif     a scene; equal content is one file
    RASTERS_ROOT/.new/<random>/          what is being written now
    RASTERS_ROOT/chips/<sha[:2]>/<sha>   a chip, by what it shows: never that of another point, whatever numbers say
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from kernel.whole_file import sync

NEW = ".new"


def root() -> Path:
    """The folder of all scenes."""
    return Path(settings.RASTERS_ROOT)


def path_of(sha256: str) -> str:
    """Where a scene lies below the folder."""
    return f"{sha256[:2]}/{sha256}.tif"


def chip_path(sha256: str, bands: Sequence[str], box: Sequence[float]) -> str:
    """Where the picture of a box (EPSG:4326) of a scene lies below the folder."""
    shown = hashlib.sha256(repr((sha256, list(bands), list(box))).encode()).hexdigest()
    return f"chips/{shown[:2]}/{shown}"


@contextmanager
def new_file() -> Iterator[Path]:
    """A name to write a scene to; whatever is left beside it when the block ends is removed."""
    (root() / NEW).mkdir(mode=0o750, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=root() / NEW) as folder:
        yield Path(folder) / "scene.tif"


def sha256_of(path: Path) -> str:
    """Of its bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(new: Path, sha256: str) -> None:
    """Bring a written scene to the disk and to its place."""
    target = root() / path_of(sha256)
    target.parent.mkdir(mode=0o750, exist_ok=True)
    new.chmod(0o440)
    sync(new)
    new.replace(target)
    sync(target.parent)


def tidy(known: Collection[str], before: float) -> int:
    """Remove what a crash left: files that no row names, and half-written ones; how many.

    Args:
        known: paths that rows name.
        before: seconds since 1970; what is younger may still get its row.
    """
    gone = 0
    for left in (*root().glob("??/*.tif"), *(root() / NEW).glob("*")):
        if left.stat().st_mtime < before and str(left.relative_to(root())) not in known:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
            gone += 1
    return gone


def publish(path: Path, data: bytes) -> None:
    """Write a small file whole or not at all."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    new = path.with_name(f".{secrets.token_hex(6)}")
    try:
        new.write_bytes(data)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
