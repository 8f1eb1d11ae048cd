"""What the county's own reviews teach: the patches that people have decided, and the re-ranker that learned of them."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from imagery.models import ChangePoint, Reranker, Review
from imagery.states import SHOWABLE, State

if TYPE_CHECKING:
    from imagery.detect.trees import Trees

log = logging.getLogger(__name__)

CHANGED = tuple(state.value for state in SHOWABLE if state is not State.FOUND_NO_CHANGE)
UNCHANGED = (State.REJECTED.value, State.FOUND_NO_CHANGE.value)

COMPLIANT = "approved"
"""Reason of a rejection that says nothing about change: it is there, and allowed (``states.reasons``)."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A patch that people have decided; ``pair`` is the key of its run."""

    features: Mapping[str, float]
    is_change: bool
    pair: int


def lessons(county: str) -> Iterator[Lesson]:
    """All of a county, read one by one. Cost: one query."""
    allowed = Review.objects.filter(point=OuterRef("pk"), reason__code=COMPLIANT).standing()
    rows = ChangePoint.objects.filter(county_id=county, state__in=[*CHANGED, *UNCHANGED]).exclude(features={})
    decided = rows.exclude(Exists(allowed)).order_by("pk").values_list("features", "state", "run_id")
    for features, state, run in decided.iterator(1000):
        yield Lesson(features, state in CHANGED, run)


def opinions(county: str, patches: Sequence[Mapping[str, float]]) -> list[float | None]:
    """How sure the county's re-ranker is that each patch is real change, 0…1; None where there is no re-ranker.

    Args:
        county: code.
        patches: features of each.

    Cost: one query, two when the re-ranker has changed.
    """
    version = Reranker.objects.filter(county_id=county).values_list("version", flat=True).first()
    trees = _served(county, version) if version else None
    if trees is None or not patches:
        return [None] * len(patches)
    import numpy as np

    from imagery.detect.features import row_of

    return [round(float(sure), 3) for sure in trees(np.array([row_of(one) for one in patches]))]


@lru_cache(maxsize=8)
def _served(county: str, version: str) -> Trees | None:
    from imagery.detect.trees import CorruptTrees, from_bytes  # numpy and the detectors, for those only who rank

    row = Reranker.objects.filter(county_id=county, version=version).values_list("data", "sha256").first()
    if row is None:
        return None
    try:
        if hashlib.sha256(bytes(row[0])).hexdigest() != row[1]:
            raise CorruptTrees(f"the bytes are not those of version {version}")
        return from_bytes(bytes(row[0]))
    except CorruptTrees:
        log.exception("the re-ranker of county %s cannot be read; the detector's score serves. Train again.", county)
        return None
