"""A source as detection should see it: the later scene put where the earlier one lies, clouds without data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagery.detect.clouds import CloudRule, cloud_rule
from imagery.detect.registration import Shift, shift_of, tiles
from imagery.detect.sampling import Bands, Sample
from imagery.detect.windows import Window
from imagery.execution.runs import Source


@dataclass(frozen=True)
class Clear:
    """Another source, cleared.

    Attributes:
        source: as it was taken.
        moved: rows and columns by which the later scene lies farther down and right; whole pixels.
        rules: what is a cloud in the earlier and in the later scene; None where nobody looks.
    """

    source: Source
    moved: tuple[int, int] = (0, 0)
    rules: tuple[CloudRule | None, CloudRule | None] = (None, None)

    @property
    def rows(self) -> int:
        """Of both scenes."""
        return self.source.rows

    @property
    def cols(self) -> int:
        """Of both scenes."""
        return self.source.cols

    def read(self, window: Window) -> tuple[Bands, Bands]:
        """Both scenes of a window, (bands, height, width), NaN where there is no data or a cloud."""
        halo = max(rule.halo if rule else 0 for rule in self.rules) + max(map(abs, self.moved))
        outer = window.grown(halo, self.rows, self.cols)
        before, after = self.source.read(outer)
        for scene, rule in zip((before, after), self.rules, strict=True):
            if rule and (clouds := rule(scene)).any():
                scene[:, clouds] = np.nan
        before = np.ascontiguousarray(before[:, *window.within(outer)])  # what is around it need not be held any more
        if any(self.moved):
            return before, self._put_right(after, window, outer)
        return before, np.ascontiguousarray(after[:, *window.within(outer)])

    def _put_right(self, after: Bands, window: Window, outer: Window) -> Bands:
        """The later scene where the earlier one saw the same ground; NaN where it does not reach."""
        out = np.full((len(after), window.height, window.width), np.nan, np.float32)
        from_, to = [], []
        for moved, start, size, first, length in zip(
            self.moved, window[:2], window[2:], outer[:2], outer[2:], strict=True
        ):
            low, high = max(start + moved, first), min(start + size + moved, first + length)
            from_.append(slice(low - first, max(high, low) - first))
            to.append(slice(low - start - moved, max(high, low) - start - moved))
        out[:, *to] = after[:, *from_]
        return out


def registered(source: Source, edge: float = 1) -> Shift | None:
    """By how much the later scene lies beside the earlier one, from tiles all over them; None where nobody can tell.

    Args:
        source: the scenes.
        edge: of a pixel of their grid, in pixels of the scene as it came.

    Raises:
        ShiftError: more than two pixels of that.
    """
    return shift_of((source.read(tile) for tile in tiles(source.rows, source.cols)), edge)


def cleared(
    source: Source,
    names: tuple[str, ...],
    sample: Sample,
    shift: Shift | None,
    pixel_m: float,
    masked: tuple[bool, bool] = (False, False),
) -> Clear:
    """A source with its shift put right and its clouds taken out, by what a sample of it says is bright.

    Args:
        source: the scenes.
        names: which bands they have.
        sample: of the source with its shift put right.
        shift: of the later scene.
        pixel_m: edge of a pixel of the source, metres on the ground.
        masked: whether each scene came with a mask of its clouds: then nobody estimates them.
    """
    pixels = sample.before, sample.after
    seen = zip(masked, pixels, strict=True)
    before, after = (None if known else cloud_rule(names, one, pixel_m) for known, one in seen)
    return Clear(source, shift.whole if shift else (0, 0), (before, after))
