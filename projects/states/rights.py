"""Who may do what with projects: one table, walked by one function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kernel.viewer import Role, Viewer


class Act(StrEnum):
    """Something that is done with a project."""

    CREATE = "create"
    UPDATE = "update"
    MOVE = "move"
    PUBLISH = "publish"
    PROGRESS = "progress"
    PHOTO_ADD = "photo_add"
    PHOTO_EDIT = "photo_edit"
    NOTICE = "notice"


class Reach(StrEnum):
    """How far a right goes."""

    UNIT = "unit"
    """Projects of the viewer's own unit, wherever they lie."""
    AREA = "area"
    """Projects (photos) in the viewer's jurisdiction."""
    NEAR = "near"
    """Places in the jurisdiction, and for somebody who answers for a grid also the village around it."""
    OWN_UPLOAD = "own_upload"
    """As NEAR, and only what the viewer has put there."""


_OWNERS: Mapping[Role, Reach] = {Role.HANDLER: Reach.UNIT, Role.OFFICIAL: Reach.AREA}

RIGHTS: Mapping[Act, Mapping[Role, Reach]] = {
    Act.CREATE: _OWNERS,
    Act.UPDATE: _OWNERS,
    Act.MOVE: _OWNERS,
    Act.PUBLISH: _OWNERS,
    Act.PROGRESS: _OWNERS,
    Act.PHOTO_ADD: {**_OWNERS, Role.VILLAGE_AGENT: Reach.NEAR, Role.GRID_MANAGER: Reach.NEAR},
    Act.PHOTO_EDIT: {**_OWNERS, Role.VILLAGE_AGENT: Reach.OWN_UPLOAD, Role.GRID_MANAGER: Reach.OWN_UPLOAD},
    Act.NOTICE: {**_OWNERS, Role.DESK: Reach.AREA},
}
"""Roles that are not named in a line may not do it: nobody without a role, no citizen, supervisor or administrator."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an act is done to.

    Attributes:
        unit_id: the unit that owns the project.
        villages: codes of the places it is about; None stands for "outside every village".
        uploaded_by: user who put the photo there, for acts on photos.
    """

    unit_id: int | None
    villages: tuple[str | None, ...]
    uploaded_by: int | None = None


def may(viewer: Viewer, act: Act, target: Target) -> bool:
    """Whether ``viewer`` may do ``act`` to ``target``."""
    reach = RIGHTS[act].get(viewer.role) if viewer.role else None
    match reach:
        case Reach.UNIT:
            return viewer.unit_id is not None and viewer.unit_id == target.unit_id
        case Reach.AREA:
            return any(viewer.covers(code) for code in target.villages)
        case Reach.NEAR:
            return any(_is_near(viewer, code) for code in target.villages)
        case Reach.OWN_UPLOAD:
            is_own = viewer.user_id is not None and viewer.user_id == target.uploaded_by
            return is_own and any(_is_near(viewer, code) for code in target.villages)
    return False


def _is_near(viewer: Viewer, code: str | None) -> bool:
    return viewer.covers(code) or any(own.startswith(code) for own in viewer.jurisdiction if code)
