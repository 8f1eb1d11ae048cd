"""Files on disk: sealed originals by content, public files by random name, and a journal that cleans up.

Files are written before the row that names them is committed: a row never points to nothing. What a crash leaves behind
is the other case, files without a row; nobody can open those (every view asks the database first), and the journal
knows them, so ``media.services.leftovers_remove`` can take them away.

Layout::

    SEALED_ROOT/<sha[:2]>/<sha>              original, 0400, folders 0700; equal bytes are one file
    SEALED_ROOT/.journal/<token>.json        what is being written now
    MEDIA_ROOT/p/<token[:2]>/<token>-<size>.jpg
    MEDIA_ROOT/d/<token[:2]>/<token>
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from kernel.whole_file import sync


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: files that belong to a row that is not yet known to be committed.

    Attributes:
        token: of the row.
        sha256: of the sealed original; "" when nothing is sealed.
        files: paths below MEDIA_ROOT.
        at: when writing began, ISO 8601 with offset.
    """

    token: str
    sha256: str
    files: tuple[str, ...]
    at: str

    @property
    def began(self) -> dt.datetime:
        """When writing began, aware."""
        return dt.datetime.fromisoformat(self.at)


def sealed_path(sha256: str) -> str:
    """Path of a sealed original below SEALED_ROOT."""
    return f"{sha256[:2]}/{sha256}"


def photo_path(token: str, size: str) -> str:
    """Path of a derivative below MEDIA_ROOT."""
    return f"p/{token[:2]}/{token}-{size}.jpg"


def document_path(token: str) -> str:
    """Path of a document below MEDIA_ROOT."""
    return f"d/{token[:2]}/{token}"


def seal(sha256: str, data: bytes) -> str:
    """Keep an original; the path below SEALED_ROOT. Bytes that are there already are not written again."""
    path = Path(settings.SEALED_ROOT) / sealed_path(sha256)
    if not path.exists():
        _write(path, data, mode=0o400, folder_mode=0o700)
    return sealed_path(sha256)


def unseal(sha256: str) -> None:
    """Remove an original."""
    (Path(settings.SEALED_ROOT) / sealed_path(sha256)).unlink(missing_ok=True)


def publish(name: str, data: bytes) -> None:
    """Write a file below MEDIA_ROOT."""
    _write(Path(settings.MEDIA_ROOT) / name, data, mode=0o644, folder_mode=0o755)


def withdraw(names: tuple[str, ...]) -> None:
    """Remove files below MEDIA_ROOT."""
    for name in names:
        (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)


def journal_open(entry: Entry) -> None:
    """Note what will be written, before it is."""
    data = json.dumps(asdict(entry)).encode()
    _write(_journal(entry.token), data, mode=0o600, folder_mode=0o700)


def journal_close(token: str) -> None:
    """Forget a line: its row is committed, or its files are gone."""
    _journal(token).unlink(missing_ok=True)


def journal_entries() -> Iterator[Entry]:
    """All open lines; one that can't be read is passed over."""
    for path in sorted(_journal("x").parent.glob("*.json")):
        try:
            fields = json.loads(path.read_bytes())
            yield Entry(**(fields | {"files": tuple(fields["files"])}))
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _journal(token: str) -> Path:
    return Path(settings.SEALED_ROOT) / ".journal" / f"{token}.json"


def _write(path: Path, data: bytes, *, mode: int, folder_mode: int) -> None:
    """Write a whole file or none: into a new name, to the disk, then renamed."""
    _make_folder(path.parent, folder_mode)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        sync(path.parent)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _make_folder(folder: Path, mode: int) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent, mode)
    folder.mkdir(mode=mode, exist_ok=True)
