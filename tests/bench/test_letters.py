"""The text help against the baseline, on letters of a file."""

from __future__ import annotations

import csv

import pytest

from bench import letters
from tests.incidents.text.conftest import AND_SO, SAID


@pytest.fixture
def file(tmp_path):
    """Letters of two kinds; what follows from a matter is said in both."""
    path = tmp_path / "letters.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["text", "class", "split"])
        for kind, sentences in SAID.items():
            for n, said in enumerate(sentences):
                rows.writerows([f"{said}，{so}。", kind, "test" if n == 0 else "train"] for so in AND_SO)
    return path


def test_both_are_judged_on_the_files_own_split(file, capsys):
    assert letters.main(file) in (0, 1)
    told = capsys.readouterr().out
    assert told.startswith("96 letters of 2 classes\ncharacters 1-3, LinearSVC")
    assert told.count("accuracy 0.") + told.count("accuracy 1.") == 2
    (known, unknown), *more = letters.parts(letters.read(file))
    assert (len(known), len(unknown), more) == (80, 16, [])


def test_without_a_split_every_letter_is_tested_once(file):
    whole = [letters.Letter(one.text, one.kind, "") for one in letters.read(file)]
    tested = [one.text for _known, unknown in letters.parts(whole) for one in unknown]
    assert sorted(tested) == sorted(one.text for one in whole)


@pytest.mark.parametrize("content", ["", "text,kind\na,b\n", "text,class,split\na,b,train\nc,d,\n"])
def test_another_file_is_refused(tmp_path, content, capsys):
    path = tmp_path / "no.csv"
    path.write_text(content, encoding="utf-8")
    assert letters.main(path) == 2
    assert str(path) in capsys.readouterr().err
