"""Steps that are done once per content: a stamp holds the digest of what the step was made from."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path


def digest(paths: Iterable[Path], *more: str) -> str:
    """A SHA-256 over names and contents of the files, the Python version and further words."""
    total = hashlib.sha256(sys.version.encode())
    for word in more:
        total.update(word.encode() + b"\0")
    for path in sorted(paths):
        total.update(os.fsencode(path) + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def files(folder: Path, *suffixes: str, skip: frozenset[str] = frozenset()) -> Iterator[Path]:
    """All files below a folder, with one of the suffixes if any are given.

    Folders named in ``skip`` are left out, and so is what Python compiles as it runs: a step must not change its input.
    """
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in skip | {"__pycache__"} and not name.startswith(".")]
        for name in names:
            if not suffixes or name.endswith(suffixes):
                yield Path(root, name)


def current(stamp: Path, key: str) -> bool:
    """Whether the step was done for exactly this content."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == key


def once(stamp: Path, key: str, make: Callable[[], None]) -> bool:
    """Run ``make`` unless the stamp says that it was done for this key. A failed ``make`` leaves no stamp.

    Returns:
        Whether it was run.
    """
    if current(stamp, key):
        return False
    stamp.unlink(missing_ok=True)
    make()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key, encoding="ascii")
    return True
