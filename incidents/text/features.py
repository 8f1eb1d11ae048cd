"""What of a text the text help looks at: runs of one to four Chinese characters. Training and serving share this.

Before anything is counted, numbers of people (``states.masking``), place names, digits and letters are cut out; no
feature reaches over such a cut or over a punctuation mark. So a house number, a telephone or an identity number is
never part of a feature.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from incidents.states.masking import BLOT, masked

LONGEST = 4
"""Characters of the longest feature."""

_OTHER = re.compile(r"[^\u4e00-\u9fff]+")
_ENDINGS = ("社区", "街道", "村", "镇", "乡", "县", "市")


def place_words(names: Iterable[str]) -> frozenset[str]:
    """Names of places as people write them: in full, and without what kind of place it is (荷塘村, 荷塘)."""
    words = set(names)
    for name in tuple(words):
        ending = next((one for one in _ENDINGS if name.endswith(one)), "")
        if ending and len(name) - len(ending) >= 2:
            words.add(name.removesuffix(ending))
    return frozenset(word for word in words if len(word) >= 2)


def prepared(text: str, places: Collection[str] = frozenset()) -> str:
    """The Chinese of ``text`` in runs apart by one blank, without numbers of people and names of places.

    Args:
        text: as it was written.
        places: what ``place_words`` gave.
    """
    plain = _OTHER.sub(" ", masked(text).replace(BLOT, " "))
    longest = max(map(len, places), default=0)
    out, at = [], 0
    while at < len(plain):
        word = next((n for n in range(min(longest, len(plain) - at), 1, -1) if plain[at : at + n] in places), 0)
        out.append(" " if word else plain[at])
        at += word or 1
    return " ".join("".join(out).split())


def grams(plain: str) -> list[str]:
    """All features of a prepared text, in their order, repeated ones as often as they occur."""
    return [run[at : at + n] for run in plain.split() for n in range(1, LONGEST + 1) for at in range(len(run) - n + 1)]


def word_hits(plain: str, words: Mapping[str, Collection[str]]) -> dict[str, tuple[str, ...]]:
    """Which of the everyday words of each kind occur in a prepared text; kinds without any are left out."""
    found = {code: tuple(word for word in own if word in plain) for code, own in words.items()}
    return {code: hits for code, hits in found.items() if hits}
