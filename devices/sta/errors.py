"""What the standard names and we do not have."""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import DomainError


class NotOffered(DomainError):
    """A part of the standard that is not here."""

    status: ClassVar[int] = 501
    default_code: ClassVar[str] = "not_offered"
