"""The trained text help as a value: a linear model over features, applied with numpy alone, and its compact bytes.

The bytes are an ``npz`` that is read without pickle. Their SHA-256 names the version, so equal models have equal names
and nobody can change one without changing its name.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from incidents.text.features import grams

Floats = NDArray[np.float32]
Vector = tuple[NDArray[np.intp], Floats]
"""A text as a model sees it: positions of features and their weights."""

FORMAT = 1
LEAST_COUNT = 3
"""Fewer reports than this are never told apart: neither as a feature nor as a number."""


class CorruptModel(ValueError):
    """The bytes are no model of this format."""


@dataclass(frozen=True)
class TextModel:
    """A trained model; V features, C kinds.

    Attributes:
        classes: codes of the kinds, C.
        features: V runs of characters, sorted.
        idf: inverse document frequency, V.
        weights, bias: of the kinds, V × C and C.
        counts: in how many reports of a kind a feature occurred, V × C; 0 also stands for fewer than ``LEAST_COUNT``.
        urgent_weights, urgent_bias: of urgency, V and a number; ``urgent_from`` the least probability that counts.
        word_weight: what one character of a kind's everyday words adds to its score.
        temperature: by which scores are divided so that confidences hold what they say.
        threshold: confidence from which a proposal may stand without a person.
        figures: what cross-validation found, JSON.
    """

    classes: tuple[str, ...]
    features: tuple[str, ...]
    idf: Floats
    weights: Floats
    bias: Floats
    counts: NDArray[np.uint16]
    urgent_weights: Floats
    urgent_bias: float
    urgent_from: float
    word_weight: float
    temperature: float
    threshold: float
    figures: dict[str, Any]
    _at: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Where each feature stands."""
        object.__setattr__(self, "_at", {feature: at for at, feature in enumerate(self.features)})

    def vector(self, plain: str) -> Vector:
        """A prepared text as positions of features and their weights: (1 + ln n) · idf, of length 1."""
        counted = Counter(self._at[gram] for gram in grams(plain) if gram in self._at)
        at = np.fromiter(counted.keys(), dtype=np.intp, count=len(counted))
        values = (1 + np.log(np.fromiter(counted.values(), dtype=np.float32, count=len(counted)))) * self.idf[at]
        length = float(np.sqrt((values**2).sum()))
        return at, (values / length if length else values).astype(np.float32)

    def scores(self, seen: Vector) -> Floats:
        """Score of every kind, C; the everyday words are not in it."""
        at, values = seen
        return np.asarray(values @ self.weights[at] + self.bias, dtype=np.float32)

    def urgency(self, seen: Vector) -> float:
        """Probability 0…1 that people call it urgent."""
        at, values = seen
        return float(1 / (1 + np.exp(-(values @ self.urgent_weights[at] + self.urgent_bias))))

    def telling(self, seen: Vector, code: str, most: int = 3) -> list[tuple[str, int]]:
        """The features that speak most for a kind, with how many of its reports had them; two characters at least."""
        column = self.classes.index(code)
        at, values = seen
        gain = values * (self.weights[at, column] - self.weights[at].mean(axis=1))
        told: list[tuple[str, int]] = []
        for index in np.argsort(-gain, kind="stable"):
            feature, count = self.features[at[index]], int(self.counts[at[index], column])
            if gain[index] <= 0 or len(told) == most:
                break
            if len(feature) >= 2 and count and not any(feature in one or one in feature for one, _count in told):
                told.append((feature, count))
        return told

    def to_bytes(self) -> bytes:
        """The model as bytes; equal models give equal bytes."""
        about = {
            **{"format": FORMAT, "classes": self.classes, "features": self.features, "figures": self.figures},
            **{"urgent_bias": self.urgent_bias, "urgent_from": self.urgent_from, "word_weight": self.word_weight},
            **{"temperature": self.temperature, "threshold": self.threshold},
        }
        text = json.dumps(about, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        out = io.BytesIO()
        np.savez_compressed(
            out,
            about=np.frombuffer(text, dtype=np.uint8),
            idf=self.idf.astype(np.float32),
            weights=self.weights.astype(np.float16),
            bias=self.bias.astype(np.float32),
            counts=self.counts,
            urgent_weights=self.urgent_weights.astype(np.float16),
        )
        return out.getvalue()


def version_of(data: bytes) -> str:
    """The name of a model: the first twelve digits of the SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()[:12]


def from_bytes(data: bytes) -> TextModel:
    """Read a model.

    Raises:
        CorruptModel: the bytes were cut, changed or are of another format.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(arrays.pop("about").tobytes())
        if about.pop("format") != FORMAT:
            raise CorruptModel("the text model is of another format")
        classes, features = tuple(about.pop("classes")), tuple(about.pop("features"))
        floats = {name: arrays.pop(name).astype(np.float32) for name in ("idf", "weights", "bias", "urgent_weights")}
        model = TextModel(classes=classes, features=features, counts=arrays["counts"], **floats, **about)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise CorruptModel(f"no readable text model: {error}") from error
    size, kinds = len(features), len(classes)
    shapes = (model.weights.shape, model.counts.shape, model.idf.shape, model.urgent_weights.shape, model.bias.shape)
    if shapes != ((size, kinds), (size, kinds), (size,), (size,), (kinds,)) or not np.isfinite(model.weights).all():
        raise CorruptModel("the parts of the text model do not fit together")
    return model
