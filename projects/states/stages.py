"""The life of a project: which stages there are, which follow which, and who may move it."""

from enum import StrEnum

from kernel.machine import Machine, Move
from kernel.viewer import Role


class Stage(StrEnum):
    """Where a project stands."""

    PLANNED = "planned"
    TENDERING = "tendering"
    CONSTRUCTION = "construction"
    PAUSED = "paused"
    ACCEPTANCE = "acceptance"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


OWNERS = frozenset({Role.HANDLER, Role.OFFICIAL})
"""Who moves a project on: the owner unit's handler, and officials."""

START_STAGES = frozenset({Stage.PLANNED, Stage.TENDERING, Stage.CONSTRUCTION})
"""Stages in which a project may be entered: works that already run are entered as they stand."""

machine = Machine(
    Stage,
    Stage.PLANNED,
    {Stage.COMPLETED, Stage.CANCELLED},
    [
        Move("tender", (Stage.PLANNED,), Stage.TENDERING, OWNERS, title="招标"),
        Move("start", (Stage.PLANNED, Stage.TENDERING), Stage.CONSTRUCTION, OWNERS, ("actual_start",), "开工"),
        Move("pause", (Stage.CONSTRUCTION,), Stage.PAUSED, OWNERS, ("reason",), "停工"),
        Move("resume", (Stage.PAUSED,), Stage.CONSTRUCTION, OWNERS, title="复工"),
        Move("finish", (Stage.CONSTRUCTION,), Stage.ACCEPTANCE, OWNERS, ("actual_end",), "完工待验"),
        Move("redo", (Stage.ACCEPTANCE,), Stage.CONSTRUCTION, OWNERS, ("reason",), "整改"),
        Move("accept", (Stage.ACCEPTANCE,), Stage.COMPLETED, frozenset({Role.OFFICIAL}), title="验收通过"),
        Move(
            "cancel",
            (Stage.PLANNED, Stage.TENDERING, Stage.PAUSED),
            Stage.CANCELLED,
            frozenset({Role.OFFICIAL}),
            ("reason",),
            "取消",
        ),
    ],
)
