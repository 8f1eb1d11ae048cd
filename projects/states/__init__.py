"""Pure rules of project sites: stages and moves, the status people are told, who may do what. No Django here."""

from projects.states.figures import Figure, Report, mean, project_figure, shown, standing
from projects.states.rights import RIGHTS, Act, Reach, Target, may
from projects.states.stages import OWNERS, START_STAGES, Stage, machine
from projects.states.status import (
    LATE_POINTS,
    SOON_DAYS,
    WORST_FIRST,
    Month,
    Point,
    Status,
    Summary,
    curve,
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
    "Figure",
    "Month",
    "Point",
    "Reach",
    "Report",
    "Stage",
    "Status",
    "Summary",
    "Target",
    "curve",
    "is_late_by_date",
    "is_soon_due",
    "machine",
    "may",
    "mean",
    "project_figure",
    "shown",
    "standing",
    "summarise",
]
