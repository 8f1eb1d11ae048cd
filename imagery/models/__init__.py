"""Tables of imagery: scenes and runs, points, and what people said of them."""

from imagery.models.areas import ChangeGroup, RedLine, RejectReason, SuppressionZone
from imagery.models.points import (
    FINDING_TITLES,
    FLAG_TITLES,
    KIND_TITLES,
    NUMBER_SIGN,
    STAGE_TITLES,
    STATE_TITLES,
    ChangePoint,
    PublishedPoint,
    Sighting,
)
from imagery.models.rankers import Reranker
from imagery.models.reviews import CONFIDENCE_TITLES, VERDICT_TITLES, FieldCheck, FieldPhoto, Review
from imagery.models.scenes import DETECTOR_TITLES, ChangeRun, Scene

__all__ = [
    "CONFIDENCE_TITLES",
    "DETECTOR_TITLES",
    "FINDING_TITLES",
    "FLAG_TITLES",
    "KIND_TITLES",
    "NUMBER_SIGN",
    "STAGE_TITLES",
    "STATE_TITLES",
    "VERDICT_TITLES",
    "ChangeGroup",
    "ChangePoint",
    "ChangeRun",
    "FieldCheck",
    "FieldPhoto",
    "PublishedPoint",
    "RedLine",
    "RejectReason",
    "Reranker",
    "Review",
    "Scene",
    "Sighting",
    "SuppressionZone",
]
