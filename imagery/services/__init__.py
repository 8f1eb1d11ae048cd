"""Every write of imagery: ``entity_verb(*, by, …)``, one transaction with its history and audit row."""

from imagery.services.basis import basis_add
from imagery.services.batches import BatchLine, batch_undo, points_review
from imagery.services.checks import CheckFields, ShotFields, check_add, check_photo_add
from imagery.services.chips import CHIPS_AT_ONCE, chip_file, chips_render, chips_wait
from imagery.services.claims import Claimed, point_claim, point_claim_next, point_release
from imagery.services.exports import points_exported
from imagery.services.found import FoundPatch, FoundPoints, points_found
from imagery.services.groups import (
    group_add,
    group_check,
    group_dissolve,
    group_make,
    group_recall,
    group_rectify,
    group_refuse,
    group_remove,
    group_review,
    group_verify,
)
from imagery.services.learning import reranker_set
from imagery.services.moves import point_move
from imagery.services.ordering import points_reorder
from imagery.services.orders import order_finished, order_given_up
from imagery.services.reasons import reasons_default
from imagery.services.redlines import GivenLine, RedLinesKept, redlines_put
from imagery.services.reviews import is_told, point_review, review_undo
from imagery.services.runs import (
    CODE_VERSION,
    PARAMS,
    run_add,
    run_begun,
    run_cancel,
    run_failed,
    run_finished,
    run_is_cancelled,
    run_is_lost,
    run_progress,
    run_progress_beside,
    run_reopen,
    run_resume,
    run_start,
    run_take,
    run_waits,
)
from imagery.services.scenes import Told, scene_add, scenes_tidy
from imagery.services.verdicts import ReviewFields
from imagery.services.zones import zones_apply, zones_wait

__all__ = [
    "CHIPS_AT_ONCE",
    "CODE_VERSION",
    "PARAMS",
    "BatchLine",
    "CheckFields",
    "Claimed",
    "FoundPatch",
    "FoundPoints",
    "GivenLine",
    "RedLinesKept",
    "ReviewFields",
    "ShotFields",
    "Told",
    "basis_add",
    "batch_undo",
    "check_add",
    "check_photo_add",
    "chip_file",
    "chips_render",
    "chips_wait",
    "group_add",
    "group_check",
    "group_dissolve",
    "group_make",
    "group_recall",
    "group_rectify",
    "group_refuse",
    "group_remove",
    "group_review",
    "group_verify",
    "is_told",
    "order_finished",
    "order_given_up",
    "point_claim",
    "point_claim_next",
    "point_move",
    "point_release",
    "point_review",
    "points_exported",
    "points_found",
    "points_reorder",
    "points_review",
    "reasons_default",
    "redlines_put",
    "reranker_set",
    "review_undo",
    "run_add",
    "run_begun",
    "run_cancel",
    "run_failed",
    "run_finished",
    "run_is_cancelled",
    "run_is_lost",
    "run_progress",
    "run_progress_beside",
    "run_reopen",
    "run_resume",
    "run_start",
    "run_take",
    "run_waits",
    "scene_add",
    "scenes_tidy",
    "zones_apply",
    "zones_wait",
]
