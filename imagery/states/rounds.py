"""Whom a point needs: one reviewer or two; and what reviewers may say. No Django here."""

from __future__ import annotations

import hashlib
from enum import StrEnum

SECOND_ROUND_M2 = 667.0
"""One mu (亩): from here on two people look at a point (issue 6, the table of moves)."""

SAMPLE_OF = 10
"""One point in so many is looked at twice whatever it is, so that agreement can be measured (issue 6)."""


class Verdict(StrEnum):
    """What a reviewer says of a point; ``UNDO`` takes the last one back."""

    CHANGE = "change"
    NO_CHANGE = "no_change"
    UNSURE = "unsure"
    BAD_IMAGERY = "bad_imagery"
    DEFER = "defer"
    UNDO = "undo"


DECISIVE = (Verdict.CHANGE, Verdict.NO_CHANGE)
"""Verdicts that move a point; the others set it aside."""


class Flag(StrEnum):
    """Why a point is set aside until a date; it keeps its state."""

    NONE = ""
    DEFERRED = "deferred"
    UNSURE = "unsure"
    BAD_IMAGERY = "bad_imagery"


class Finding(StrEnum):
    """What a field check or a document says."""

    LEGAL = "legal"
    ILLEGAL = "illegal"
    NO_CHANGE = "no_change"


def is_sampled(number: int) -> bool:
    """Whether the point of that number is in the sample: by its number alone, so that nobody chooses."""
    return int.from_bytes(hashlib.sha256(b"%d" % number).digest()[:8], "big") % SAMPLE_OF == 0


def needs_second(area_m2: float, redline_m2: float, number: int) -> bool:
    """Whether two people look at a point.

    Args:
        area_m2: of the patch, on the ellipsoid.
        redline_m2: of it inside a red line.
        number: of the point in its county.
    """
    return area_m2 >= SECOND_ROUND_M2 or redline_m2 > 0 or is_sampled(number)
