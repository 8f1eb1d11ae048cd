"""Every write of projects: ``entity_verb(*, by, …)``, one transaction with its audit row."""

from projects.services.notices import attachment_add, attachment_remove, notice_create, notice_update
from projects.services.photos import (
    PhotoDetails,
    PhotoOutcome,
    PhotoProposal,
    Upload,
    photos_match,
    project_photo_add,
    project_photo_remove,
    project_photo_update,
    project_photos_add,
)
from projects.services.progress import (
    ProgressOutcome,
    ProgressRow,
    SheetReport,
    progress_paste,
    progress_put,
    progress_set,
)
from projects.services.projects import (
    ProjectFields,
    project_create,
    project_move,
    project_unpublish,
    project_update,
)
from projects.services.summary import projects_recompute

__all__ = [
    "PhotoDetails",
    "PhotoOutcome",
    "PhotoProposal",
    "ProgressOutcome",
    "ProgressRow",
    "ProjectFields",
    "SheetReport",
    "Upload",
    "attachment_add",
    "attachment_remove",
    "notice_create",
    "notice_update",
    "photos_match",
    "progress_paste",
    "progress_put",
    "progress_set",
    "project_create",
    "project_move",
    "project_photo_add",
    "project_photo_remove",
    "project_photo_update",
    "project_photos_add",
    "project_unpublish",
    "project_update",
    "projects_recompute",
]
