"""What every write does first: the right one asks, the version that was read is still there, and texts fit a column."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kernel.errors import Conflict, Forbidden, Invalid, NotSignedIn
from kernel.viewer import Role, Viewer


def require(viewer: Viewer, *roles: Role) -> None:
    """Refuse everybody but ``roles``; without roles, everybody who is not signed in.

    Raises:
        NotSignedIn: for an anonymous visitor.
        Forbidden: for another role.
    """
    if not viewer.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    if roles and not viewer.has_role(*roles):
        raise Forbidden(_("您没有做这件事的权限。"))


def same_version(current: int, read: int | None, said: str) -> None:
    """Refuse to write over what somebody has not seen.

    Args:
        current: version of the row, locked.
        read: version that the writer has read; None: whichever it is.
        said: what people are told whose thing has changed, for example "别人刚刚改过这张工单，…".

    Raises:
        Conflict: code "version_conflict".
    """
    if read is not None and read != current:
        raise overtaken(said)


def overtaken(said: str, field: str = "version") -> Conflict:
    """What somebody is answered who was overtaken, to be raised."""
    return Conflict(said, code="version_conflict", field=field, hint=_("请刷新，看过新的内容后再办。"))


def version_given(read: int | None) -> int:
    """The version that was read, where a write needs one.

    Raises:
        Invalid: none was sent: code "version_missing".
    """
    if read is None:
        raise Invalid(_("请带上读到的版本号。"), code="version_missing", field="version")
    return read


def storable(text: str, field: str = "") -> str:
    """``text``, unless it has the character that no column of PostgreSQL holds.

    Raises:
        Invalid: it has; ``field`` is what the API calls it.
    """
    if "\x00" in text:
        raise Invalid(_("文字中有不允许的字符。"), field=field)
    return text


def given(value: Any) -> Any:
    """A value from outside: a text without blanks around it, everything else as it is.

    Raises:
        Invalid: see ``storable``.
    """
    return storable(value).strip() if isinstance(value, str) else value
