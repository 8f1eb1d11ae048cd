"""The door: names are cleaned, sizes are limited while reading."""

from __future__ import annotations

import unicodedata
from typing import Protocol

from django.utils.translation import gettext as _

from kernel.errors import Invalid, TooLarge
from media.pipeline.limits import MAX_NAME


class Readable(Protocol):
    """Anything that hands out bytes: an upload of Django, an open file, ``io.BytesIO``."""

    def read(self, size: int = ..., /) -> bytes:
        """At most ``size`` further bytes."""
        ...


def clean_name(name: str, *, otherwise: str) -> str:
    """``name`` as it may be kept and shown: without folders, control, bidirectional and invisible characters.

    "年报\\u202Efdp.exe" reads like a PDF because of a bidirectional mark; such marks (category Cf) are dropped.

    Args:
        name: as the browser sent it.
        otherwise: used when nothing is left.

    Raises:
        Invalid: code "name_too_long", more than 120 characters.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in _HIDDEN)
    shown = " ".join(shown.split()).strip(". ")
    if len(shown) > MAX_NAME:
        said = _("文件名太长：%(n)d 个字，最多 %(max)d 个。") % {"n": len(shown), "max": MAX_NAME}
        raise Invalid(said, code="name_too_long", field="file", hint=_("请把文件名改短再上传。"))
    return shown or otherwise


# Control, format, surrogate, private use, unassigned; line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def read_limited(file: Readable, most: int) -> bytes:
    """All bytes of ``file``; stops reading one byte after ``most``.

    Raises:
        TooLarge: code "file_too_large".
        Invalid: code "empty_file".
    """
    data = file.read(most + 1)
    if len(data) > most:
        said = _("文件太大，最多 %d MB。") % (most // 2**20)
        raise TooLarge(said, code="file_too_large", field="file")
    if not data:
        raise Invalid(_("文件是空的。"), code="empty_file", field="file")
    return data
