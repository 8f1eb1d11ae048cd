"""A file that is there as a whole or not at all: what commands write for people to carry away."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from django.utils.translation import gettext as _

from kernel.errors import Invalid


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a new name beside ``path`` to write to, and rename it when the block ends well; else leave no trace.

    The new name is short (the wanted one may be as long as the disk allows) and keeps the ending, by which libraries
    choose a format. A file that is there already stays until the new one
    is whole.

    Raises:
        Invalid: the folder is not there, is not writable, or ``path`` is a folder; also when the disk refuses the
            name or the bytes.
    """
    new = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    try:
        _check(path)
        yield new
        new.replace(path)
    except OSError as error:
        raise Invalid(_("写不了文件 %(path)s：%(why)s") % {"path": path, "why": error.strerror or error}) from error
    finally:
        with suppress(OSError):  # such a folder cannot be, and what cannot be holds nothing
            for left in new.parent.glob(f"{escape(new.name)}*"):  # SQLite keeps a journal beside its file
                left.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk: after a power cut it is there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check(path: Path) -> None:
    if path.is_dir():
        raise Invalid(_("%s 是文件夹，要写成文件名。") % path, field="out")
    if not path.parent.is_dir():
        raise Invalid(_("没有文件夹 %s。") % path.parent, field="out", hint=_("先建好文件夹，再导出。"))
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise Invalid(_("不能在文件夹 %s 里写文件。") % path.parent, field="out")
