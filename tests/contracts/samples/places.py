"""Townships and villages: public, and without a private field."""

from __future__ import annotations

from typing import Any

from tests.contracts import samples
from tests.factories import places

ALL = frozenset({"inside", "outside"})
EVERYWHERE = dict.fromkeys(samples.STANDS, ALL)
NOBODY: dict[str, frozenset[str]] = dict.fromkeys(samples.STANDS, frozenset())


def _townships() -> dict[str, Any]:
    return {
        "inside": places.township(samples.INSIDE, "内镇"),
        "outside": places.township(samples.OUTSIDE, "外镇"),
        "abroad": places.township("990522001", "邻镇"),
    }


def _villages() -> dict[str, Any]:
    return {
        "inside": places.village(samples.INSIDE_VILLAGE, "内村"),
        "outside": places.village(samples.OUTSIDE_VILLAGE, "外村"),
        "abroad": places.village(samples.ABROAD_VILLAGE, "邻村"),
    }


OF_A_PLACE = {"code", "name", "name_en", "kind", "households", "population"}
IN_TILES = {"code", "name", "name_en", "kind"}

SAMPLES = {
    "townships": samples.Sample(
        _townships,
        EVERYWHERE,
        NOBODY,
        samples.everyone(OF_A_PLACE),
        samples.everyone(IN_TILES),
    ),
    "villages": samples.Sample(
        _villages,
        EVERYWHERE,
        NOBODY,
        samples.everyone(OF_A_PLACE | {"township", "township_name", "township_name_en"}),
        samples.everyone(IN_TILES | {"township"}),
    ),
}
