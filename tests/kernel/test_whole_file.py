"""Files that commands write: there as a whole or not at all, whatever they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.whole_file import whole_file


@pytest.mark.parametrize("name", ["荷塘村.gpkg", "roads [2026].gpkg", "*?.gpkg"])
def test_what_fails_leaves_no_trace_and_keeps_the_old_file(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    out.write_text("before", encoding="utf-8")
    with pytest.raises(RuntimeError):
        _fail_halfway(out)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert out.read_text(encoding="utf-8") == "before"


def _fail_halfway(out: Path) -> None:
    with whole_file(out) as new:
        new.write_text("half", encoding="utf-8")
        new.with_name(f"{new.name}-journal").write_text("half", encoding="utf-8")
        raise RuntimeError
