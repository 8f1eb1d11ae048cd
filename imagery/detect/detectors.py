"""The detectors by name: ours, and those of installed packages (a network, say)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from imagery.detect.blocks import BLOCK, pca_kmeans
from imagery.detect.cuts import AtZero, Cut, Otsu, Top
from imagery.detect.distances import Plane, cva, irmad, isfa, mad
from imagery.detect.fusion import fusion
from imagery.detect.plugins import plugins
from imagery.detect.sampling import Bands, Sample
from kernel.registry import Registry


class Score(Protocol):
    """A fitted detector; it is sent to other processes, so it holds numbers and nothing open."""

    def __call__(self, before: Bands, after: Bands) -> Plane:
        """Scores of (bands, rows, cols): (rows, cols) float32, higher where more changed, NaN without data."""
        ...


@dataclass(frozen=True)
class Detector:
    """A way to find change.

    Attributes:
        key: its name in commands and runs.
        fit: from the lattice's pixels to the score.
        cut: the rule for the threshold.
        block: side of the blocks that ``fit`` wants to be sampled.
        halo: how many pixels around a window the score of its pixels depends on.
        is_smoothed: whether scores are averaged 3 × 3 before they are cut.
    """

    key: str
    fit: Callable[[Sample], Score]
    cut: Cut
    block: int = 1
    halo: int = 0
    is_smoothed: bool = True


DEFAULT = "fusion"

detectors: Registry[Detector] = Registry("detector")
for _detector in (
    Detector("fusion", fusion, Top()),
    Detector("irmad", irmad, Otsu()),
    Detector("cva", cva, Otsu()),
    Detector("mad", mad, Otsu()),
    Detector("isfa", isfa, Otsu()),
    Detector("pca_kmeans", pca_kmeans, AtZero(), block=BLOCK, halo=BLOCK // 2, is_smoothed=False),
):
    detectors.add(_detector)


def detector_keys() -> list[str]:
    """Names that ``detector_named`` knows; no package is imported for that."""
    ours = [one.key for one in detectors]
    return ours + sorted(set(plugins()) - set(ours))


def detector_named(key: str) -> Detector:
    """The detector of a name; that of a package is imported now, and not before somebody asks for it.

    Raises:
        KeyError: there is none.
    """
    found = plugins().get(key)
    return detectors.add(found.load()) if found and key not in detectors else detectors[key]
