"""Errors of the domain: one line each. ``kernel.api`` turns them into the one shape that all APIs answer with.

The shape is ``{"code", "message", "field"?, "hint"?}``; ``code`` is for programs, ``message`` and ``hint`` for people.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DomainError(Exception):
    """Something that was asked for can't be done, for a reason that the asker is told."""

    status: ClassVar[int] = 400
    default_code: ClassVar[str] = "invalid"

    def __init__(
        self,
        message: StrOrPromise,
        *,
        code: str = "",
        field: str = "",
        hint: StrOrPromise = "",
        retry_after: float = 0,
    ) -> None:
        """Keep what is said; ``code`` falls back to the class's own.

        Args:
            message: for people.
            code: for programs.
            field: which part of the input is wrong.
            hint: what to do about it.
            retry_after: seconds after which asking again is of use, for the header ``Retry-After``; 0: nobody knows.
        """
        super().__init__(message)
        self.message, self.field, self.hint, self.retry_after = message, field, hint, retry_after
        self.code = code or self.default_code

    @property
    def headers(self) -> dict[str, str]:
        """Headers of the answer, beside its body: whole seconds, as RFC 9110 wants them."""
        return {"Retry-After": str(math.ceil(self.retry_after))} if self.retry_after else {}

    def as_dict(self) -> dict[str, str]:
        """The one error shape, without empty members."""
        shape = {"code": self.code, "message": str(self.message), "field": self.field, "hint": str(self.hint)}
        return {name: text for name, text in shape.items() if text}


class Invalid(DomainError):
    """The input is wrong."""


class NotSignedIn(DomainError):
    """Only signed-in people may do this."""

    status, default_code = 401, "not_signed_in"


class Forbidden(DomainError):
    """The viewer may see the thing but not do this with it."""

    status, default_code = 403, "forbidden"


class NotFound(DomainError):
    """There is no such thing for this viewer."""

    status, default_code = 404, "not_found"


class Conflict(DomainError):
    """Somebody else was faster, or the state does not allow it."""

    status, default_code = 409, "conflict"


class TooLarge(DomainError):
    """More was sent than is taken."""

    status, default_code = 413, "too_large"


class UnsupportedType(DomainError):
    """The file or body is of a kind that is not taken."""

    status, default_code = 415, "unsupported_type"


class Throttled(DomainError):
    """Too many requests of one client."""

    status, default_code = 429, "throttled"


class Unavailable(DomainError):
    """A part that is needed does not answer now."""

    status, default_code = 503, "unavailable"
