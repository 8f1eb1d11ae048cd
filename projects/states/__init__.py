"""Pure rules of project sites: stages and moves, the status people are told, who may do what. No Django here."""

from projects.states.rights import RIGHTS, Act, Reach, Target, may
from projects.states.stages import OWNERS, START_STAGES, Stage, machine
from projects.states.status import (
    LATE_POINTS,
    SOON_DAYS,
    WORST_FIRST,
    Month,
    Status,
    Summary,
    is_late_by_date,
    is_soon_due,
    summarise,
)

__all__ = [
    "LATE_POINTS",
    "OWNERS",
    "RIGHTS",
    "SOON_DAYS",
    "START_STAGES",
    "WORST_FIRST",
    "Act",
    "Month",
    "Reach",
    "Stage",
    "Status",
    "Summary",
    "Target",
    "is_late_by_date",
    "is_soon_due",
    "machine",
    "may",
    "summarise",
]
