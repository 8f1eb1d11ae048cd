"""Who is looking: the only permission value that domain code ever sees."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """The part a signed-in person plays; Chinese titles are in ``accounts``."""

    CITIZEN = "citizen"
    VILLAGE_AGENT = "village_agent"
    GRID_MANAGER = "grid_manager"
    DESK = "desk"
    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    OFFICIAL = "official"
    ADMIN = "admin"


class Audience(IntEnum):
    """For whom a layer, a field or a section exists; each level includes those below it.

    Reaching a level is necessary, not sufficient: private fields are opened row by row as well.
    """

    PUBLIC = 0
    GRID = 1
    STAFF = 2
    OFFICIAL = 3


AUDIENCE_OF_ROLE: dict[Role, Audience] = {
    Role.CITIZEN: Audience.PUBLIC,
    Role.VILLAGE_AGENT: Audience.GRID,
    Role.GRID_MANAGER: Audience.GRID,
    Role.DESK: Audience.STAFF,
    Role.HANDLER: Audience.STAFF,
    Role.SUPERVISOR: Audience.STAFF,
    Role.OFFICIAL: Audience.OFFICIAL,
    # An administrator looks after users and lists, not after cases: no more of the map than a grid manager,
    # and (having no jurisdiction) no private field of any row.
    Role.ADMIN: Audience.GRID,
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at which county.

    Attributes:
        county: six-digit code of the county that is looked at; every read stays inside it.
        role: None for an anonymous visitor.
        user_id: primary key of the user, None for an anonymous visitor.
        unit_id: primary key of the user's unit.
        jurisdiction: codes of the places the viewer answers for today (6, 9, 12 or 15 digits). A place lies in
            the jurisdiction when its code starts with one of them.
        label: what the audit says of the viewer ("desk · desk01").
    """

    county: str
    role: Role | None = None
    user_id: int | None = None
    unit_id: int | None = None
    jurisdiction: tuple[str, ...] = ()
    label: str = "anonymous"

    @property
    def audience(self) -> Audience:
        """The highest audience this viewer belongs to."""
        return AUDIENCE_OF_ROLE[self.role] if self.role else Audience.PUBLIC

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is signed in."""
        return self.user_id is not None

    def may(self, audience: Audience) -> bool:
        """Whether things made for ``audience`` exist for this viewer."""
        return self.audience >= audience

    def has_role(self, *roles: Role) -> bool:
        """Whether the viewer plays one of ``roles``."""
        return self.role in roles

    def covers(self, code: str | None) -> bool:
        """Whether the place ``code`` lies in the viewer's jurisdiction, in the county that is looked at.

        Args:
            code: a place code, or None for an object outside every village: that belongs to the county.
        """
        code = code or self.county
        return code.startswith(self.county) and any(code.startswith(own) for own in self.jurisdiction)

    @property
    def rights_key(self) -> str:
        """A short digest that is equal for viewers who see the same rows and fields (part of every ETag)."""
        if not self.is_signed_in:
            return f"{self.county}-public"
        text = repr((self.county, self.role, self.unit_id, sorted(self.jurisdiction), self.user_id))
        return hashlib.sha256(text.encode()).hexdigest()[:16]
