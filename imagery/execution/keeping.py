"""What windows of a run gave, in files: a run that was broken off goes on where it was."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from imagery.detect.windows import Window

Arrays = dict[str, NDArray]
"""What a window gives, by name: plain arrays go over a network and into a file alike."""


@dataclass(frozen=True)
class Kept:
    """A folder for one run; ``signature`` tells it from every other.

    Attributes:
        folder: where runs are kept.
        signature: everything that the results depend on.
    """

    folder: Path
    signature: str

    @property
    def place(self) -> Path:
        """The folder of this run."""
        return self.folder / hashlib.sha256(self.signature.encode()).hexdigest()[:20]

    def _file(self, stage: str, window: Window) -> Path:
        return self.place / f"{stage}-{window.row}-{window.col}.npz"

    def get(self, stage: str, window: Window) -> Arrays | None:
        """What a window gave in a stage, or None where that is not known (or its file is broken)."""
        try:
            with np.load(self._file(stage, window), allow_pickle=False) as known:
                return dict(known)
        except (OSError, ValueError, EOFError, BadZipFile):
            return None

    def put(self, stage: str, window: Window, arrays: Arrays) -> None:
        """Keep it; a reader sees all of it or nothing."""
        self.place.mkdir(parents=True, exist_ok=True)
        file = self._file(stage, window)
        half = file.with_suffix(".half")
        with half.open("wb") as out:
            np.savez(out, allow_pickle=False, **arrays)  # compressing them took 3 % of a run
        half.replace(file)

    def forget(self) -> None:
        """Remove what was kept of this run."""
        for file in self.place.glob("*"):
            file.unlink(missing_ok=True)
        if self.place.exists():
            self.place.rmdir()


def tidy(folder: Path, signatures: Iterable[str], before: float) -> None:
    """Remove what was kept of runs that nobody goes on with: they died and were ended then, or are of other code.

    Args:
        folder: where runs are kept.
        signatures: of the runs that somebody may go on with.
        before: seconds since 1970; what has changed since then may be somebody's still.
    """
    wanted = {Kept(folder, signature).place for signature in signatures}
    for place in folder.glob("*"):
        if place not in wanted and place.stat().st_mtime < before:
            shutil.rmtree(place)
