"""SQL files of the apps: ``<app>/sql/NNNN_name.sql``, run once by a migration."""

from __future__ import annotations

from pathlib import Path


def sql_file(migration: str, name: str) -> str:
    """The text of ``<app>/sql/<name>``.

    Args:
        migration: ``__file__`` of the migration that runs it.
        name: file name with its number, "0001_append_only.sql".
    """
    return (Path(migration).parent.parent / "sql" / name).read_text(encoding="utf-8")
