"""Labelled pairs: two scenes and the picture of what changed between them, one pair or a list of them in a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagery.rasters.finding import picture
from imagery.rasters.pairs import Labels, Pair, paired
from imagery.rasters.reading import RasterError

_WANTED, _MORE = ("before", "after", "changed"), ("unchanged", "name", "bands")


@dataclass(frozen=True)
class Named:
    """A labelled pair as somebody names it: texts and paths, nothing opened yet.

    Attributes:
        name: of the pair, for people.
        before: the earlier scene, as ``finding.picture`` takes it.
        after: the later one.
        changed: picture of what changed.
        unchanged: of what did not, or None: all the rest.
        bands: what the scenes' bands are, in order; () where the files tell.
    """

    name: str
    before: str | Sequence[str]
    after: str | Sequence[str]
    changed: str
    unchanged: str | None = None
    bands: tuple[str, ...] = ()

    def opened(self) -> tuple[Pair, Labels, Labels | None]:
        """The pair and its labels.

        Raises:
            RasterError: something of it cannot be used; the sentence says what.
        """
        pair = paired(picture(self.before, self.bands), picture(self.after, self.bands))
        changed = Labels.of(self.changed, pair.rows, pair.cols)
        return pair, changed, Labels.of(self.unchanged, pair.rows, pair.cols) if self.unchanged else None


def listed(path: Path, bands: tuple[str, ...] = ()) -> list[Named]:
    """The pairs of a list: JSON, ``[{"before": …, "after": …, "changed": …}, …]``.

    Each may have ``unchanged``, ``name`` and ``bands``; ``before`` and ``after`` are a path or a list of paths.
    Paths that are not absolute begin at the folder of the list.

    Args:
        path: of the list.
        bands: of pairs that do not say theirs.

    Raises:
        RasterError: it is no such list, in a sentence.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RasterError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise RasterError(f"{path.name} is no JSON: {error}.") from error
    if not isinstance(told, list) or not told:
        raise RasterError(f'{path.name} is no list of pairs: [{{"before": …, "after": …, "changed": …}}, …].')
    return [_named(path, at, one, bands) for at, one in enumerate(told, start=1)]


def _named(path: Path, at: int, told: Any, bands: tuple[str, ...]) -> Named:
    said = f"{path.name}, pair {at}"
    if not isinstance(told, dict) or not all(told.get(key) for key in _WANTED):
        raise RasterError(f"{said}: before, after and changed are wanted.")
    if unknown := sorted(set(told) - {*_WANTED, *_MORE}):
        raise RasterError(f"{said}: {unknown[0]!r} is none of {', '.join((*_WANTED, *_MORE))}.")
    for key in ("changed", "unchanged", "name", "bands"):
        if not isinstance(told.get(key) or "", str):
            raise RasterError(f"{said}: {key} is one text.")
    before, after = (_placed(path, said, told[key]) for key in ("before", "after"))
    own = tuple(name.strip() for name in (told.get("bands") or "").split(",") if name.strip())
    unchanged = str(path.parent / told["unchanged"]) if told.get("unchanged") else None
    changed = str(path.parent / told["changed"])
    return Named(told.get("name") or _title(before, at), before, after, changed, unchanged, own or bands)


def _placed(path: Path, said: str, told: Any) -> str | list[str]:
    several = told if isinstance(told, list) else [told]
    if not all(isinstance(one, str) and one for one in several):
        raise RasterError(f"{said}: a scene is a path, or a list of paths.")
    found = [str(path.parent / one) for one in several]
    return found if isinstance(told, list) else found[0]


def _title(before: str | list[str], at: int) -> str:
    """The folder that the earlier scene lies in: data sets have one for each place."""
    first = Path(before if isinstance(before, str) else before[0])
    return first.parent.name or f"pair {at}"
