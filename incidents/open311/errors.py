"""Errors as the standard writes them: 404 for what is not there, 403 for a key, 400 for all else asked wrongly.

429, 503 and the like stay what they are: they say when to come back, and their senders understand them.
"""

from __future__ import annotations

from typing import Any

from kernel.api.errors import domain_error
from kernel.errors import DomainError

_AS_ASKED_WRONGLY = frozenset({401, 409, 413, 415, 422})


def status_of(error: DomainError) -> int:
    """The HTTP status."""
    return 400 if error.status in _AS_ASKED_WRONGLY else error.status


def errors_of(error: DomainError) -> list[dict[str, Any]]:
    """The body: the status as code, and a sentence that names the field and says what to do."""
    told = error.as_dict()
    text = " ".join(filter(None, (told["message"], told.get("hint", ""))))
    field = told.get("field", "")
    return [{"code": status_of(error), "description": f"{field}: {text}" if field else text}]


def known_error(error: Exception) -> DomainError | None:
    """``error`` as one that the asker is told of; None for what nobody foresaw."""
    return domain_error(error)
