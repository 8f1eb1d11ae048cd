"""How good the text help is on somebody's own letters, against the usual baseline on the very same split.

``./dev bench text --letters FILE``. FILE is CSV in UTF-8 with a heading: ``text``, ``class``, and ``split`` ("train" or
"test") where the collection has a split of its own; without one, five stratified folds, always the same ones. Nothing
is chosen by looking at what is tested: the model's own parameters come from cross-validation inside of the training
part (``incidents.text.training``), the baseline's are scikit-learn's.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Letter:
    """One line of the file; ``split`` is "" where the file has none."""

    text: str
    kind: str
    split: str


def read(path: Path) -> list[Letter]:
    """The letters of a file.

    Raises:
        ValueError: a column is missing, or a split is neither "train" nor "test".
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or {"text", "class"} - set(rows[0]):
        raise ValueError("the file needs a heading with text and class, and lines below it")
    letters = [Letter(row["text"], row["class"], row.get("split") or "") for row in rows]
    splits = {one.split for one in letters}
    if splits not in ({""}, {"train", "test"}):
        raise ValueError("split must be train or test in every line, or there is no such column")
    return letters


def parts(letters: Sequence[Letter]) -> Iterator[tuple[list[Letter], list[Letter]]]:
    """What is trained on and what is tested."""
    from sklearn.model_selection import StratifiedKFold

    if letters[0].split:
        yield [one for one in letters if one.split == "train"], [one for one in letters if one.split == "test"]
        return
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    for train, test in folds.split(letters, [one.kind for one in letters]):
        yield [letters[at] for at in train], [letters[at] for at in test]


def compare(letters: Sequence[Letter]) -> dict[str, tuple[float, float]]:
    """Accuracy and macro-F1 of the baseline and of the text help, on the same letters."""
    from sklearn.metrics import accuracy_score, f1_score

    from incidents.text.features import prepared
    from incidents.text.training import Sample, baseline, train

    truth: list[str] = []
    said: dict[str, list[str]] = {"characters 1-3, LinearSVC": [], "text help": []}
    for known, unknown in parts(letters):
        truth += [one.kind for one in unknown]
        simple = baseline().fit([one.text for one in known], [one.kind for one in known])
        said["characters 1-3, LinearSVC"] += simple.predict([one.text for one in unknown]).tolist()
        samples = [Sample(prepared(one.text), one.kind, False, str(at)) for at, one in enumerate(known)]
        kinds = sorted({one.kind for one in known})
        model = train(samples, dict.fromkeys(kinds, ()), {kind: kind for kind in kinds})
        said["text help"] += [
            model.classes[int(model.scores(model.vector(prepared(one.text))).argmax())] for one in unknown
        ]
    return {
        name: (float(accuracy_score(truth, guess)), float(f1_score(truth, guess, average="macro", zero_division=0)))
        for name, guess in said.items()
    }


def main(path: Path) -> int:
    """Print both; 0 when the text help is better in both figures."""
    try:
        letters = read(path)
        found = compare(letters)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{path}: {error}\n")
        return 2
    sys.stdout.write(f"{len(letters)} letters of {len({one.kind for one in letters})} classes\n")
    for name, (accuracy, macro) in found.items():
        sys.stdout.write(f"{name:26} accuracy {accuracy:.3f}  macro-F1 {macro:.3f}\n")
    base, ours = found.values()
    return 0 if all(mine > theirs for mine, theirs in zip(ours, base, strict=True)) else 1
