"""Files that commands write: there as a whole or not at all, whatever they are called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kernel.errors import Invalid
from kernel.whole_file import whole_file


@pytest.mark.parametrize("name", ["荷塘村.gpkg", "roads [2026].gpkg", "*?.gpkg"])
def test_what_fails_leaves_no_trace_and_keeps_the_old_file(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    out.write_text("before", encoding="utf-8")
    with pytest.raises(RuntimeError):
        _fail_halfway(out)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert out.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize("name", ["x" * 250 + ".html", "荷" * 83 + "x.gpkg"])
def test_the_longest_names_that_the_disk_takes(tmp_path: Path, name: str) -> None:
    assert len(os.fsencode(name)) >= 254
    with whole_file(tmp_path / name) as new:
        new.write_text("whole", encoding="utf-8")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [(name, "whole")]


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".html", "荷" * 90 + ".gpkg", "a/" * 2500 + "b.html", "x" * 300 + "/b.html"]
)
def test_longer_ones_are_said_in_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid, match="File name too long"), whole_file(tmp_path / name) as new:
        new.write_text("never", encoding="utf-8")
    assert list(tmp_path.iterdir()) == []


def _fail_halfway(out: Path) -> None:
    with whole_file(out) as new:
        new.write_text("half", encoding="utf-8")
        new.with_name(f"{new.name}-journal").write_text("half", encoding="utf-8")
        raise RuntimeError
