"""Words of what cannot wait for a working day. A person decides."""

from __future__ import annotations

import re

URGENT_WORDS = (
    *("着火", "起火", "爆炸", "漏电", "触电", "燃气泄漏", "煤气泄漏", "漏气", "坍塌", "塌方", "塌陷", "滑坡", "溺水"),
    *("落水", "决堤", "渗水", "爆管", "井盖丢失", "井盖没了", "井盖不见", "高压线", "断电", "中毒", "有人受伤"),
    *("随时会倒", "马上要倒", "掉下去", "救护车", "水位还在涨"),
)
"""Accidents and dangers by name."""

_NOT = "没未无不"
_WORD = re.compile("|".join(sorted(map(re.escape, URGENT_WORDS), key=len, reverse=True)))
_BEFORE = 2
"""Characters before a word in which a "not" turns it round (没有漏电)."""


def urgent_words(text: str) -> tuple[str, ...]:
    """The words of danger in ``text`` that are not denied, each once, in their order."""
    hits = _WORD.finditer(text)
    said = (hit[0] for hit in hits if not set(_NOT) & set(text[max(hit.start() - _BEFORE, 0) : hit.start()]))
    return tuple(dict.fromkeys(said))
