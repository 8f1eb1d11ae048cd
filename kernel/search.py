"""Sources of the one search box: each app offers hits, the best of all are shown together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kernel.registry import Registry
from kernel.viewer import Viewer

Bbox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What was typed.

    Attributes:
        text: trimmed and lower-cased.
        near: (lon, lat) of the searcher, EPSG:4326, or None.
        limit: most hits a source should return.
    """

    text: str
    near: tuple[float, float] | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found.

    Attributes:
        kind: "place", "category" or the key of a layer.
        score: 0…1, 1 = the whole name was typed.
        bbox: west, south, east, north in degrees, for places.
    """

    kind: str
    id: str
    title: str
    subtitle: str
    lonlat: tuple[float, float] | None
    score: float
    icon: str = ""
    bbox: Bbox | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class SearchSource:
    """Finds hits of one kind for a viewer."""

    key: str
    find: Callable[[Viewer, SearchQuery], list[Hit]]
    order: int = 100


sources: Registry[SearchSource] = Registry("search source")


def search_text(name: str, *more: str) -> str:
    """What a name is found by: itself, its pinyin, its initials and ``more`` (codes), lower-case.

    ``search_text("荷塘村", "990521003007")`` is ``"荷塘村 hetangcun htc 990521003007"``.
    """
    # Imported here: its dictionaries cost a quarter of a second, and most processes never make a search text
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(name, style=Style.NORMAL)
    words = [name, "".join(syllables), "".join(syllable[:1] for syllable in syllables), *more]
    return " ".join(dict.fromkeys(word.replace(" ", "").lower() for word in words if word))
