"""Trains the text help. The only module that imports scikit-learn; no web process imports it.

A multinomial logistic regression over characters 1–4 (sublinear TF, IDF, unit length), rare kinds as weighty as
frequent ones, the everyday words of every kind as a prior: they are learned from like reports, and weigh in once more
when a text is judged. What is told of its quality comes from cross-validation in which no stock phrase, no clause and
no text worded alike is both trained on and tested; shuffling would test the memory of phrases.

Source: Pedregosa et al., Scikit-learn, JMLR 12 (2011); Guo et al., On Calibration of Modern Neural Networks, ICML 2017
(one temperature); Nigam et al., Using Maximum Entropy for Text Classification, 1999.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from incidents.text.features import grams, word_hits
from incidents.text.model import LEAST_COUNT, TextModel

FOLDS = 5
MOST_FEATURES = 12_000
STRENGTH = 10.0
"""Inverse regularisation of the regression (scikit-learn's C); chosen on real letters, see ADR 0014."""

PRIOR_SHARE = 0.1
"""Weight of all everyday words together against all reports."""

PRECISION = 0.95
"""Of the proposals above the threshold so many must be right."""

URGENT_PRECISION = 0.8
LEAST_URGENT = 30
"""Urgent reports fewer than these teach nothing; words alone decide then."""

ALIKE = 0.6
"""Cosine of the longest clauses from which two texts are worded alike."""

STRIPPED = 4
"""Clauses shorter than this (thanks, greetings) may be trained on and tested."""

WORD_WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
TEMPERATURES = tuple(float(t) for t in np.geomspace(0.25, 8, 41))

Words = Mapping[str, Sequence[str]]
"""Everyday words by kind."""

_Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """A report that a person decided on.

    Attributes:
        plain: its text as ``features.prepared`` gives it.
        category: what the person decided.
        is_urgent: whether the person called it urgent.
        source: who reported; what one source says twice counts once where features are chosen.
        stock: the stock phrases it is made of, for texts that a program wrote.
    """

    plain: str
    category: str
    is_urgent: bool
    source: str
    stock: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Found:
    """What cross-validation gave for each sample: scores and hits by kind, probability of urgency, whether tested, and
    the kind that the baseline says."""

    classes: tuple[str, ...]
    scores: _Matrix
    hits: _Matrix
    urgency: _Matrix
    tested: NDArray[np.bool_]
    baseline: NDArray[np.intp]


class TooFewError(ValueError):
    """There are too few decided reports to learn from."""


def train(samples: Sequence[Sample], words: Words, titles: Mapping[str, str]) -> TextModel:
    """Train on what people decided.

    Args:
        samples: decided reports.
        words: everyday words of the kinds in use.
        titles: names of the kinds.

    Raises:
        TooFewError: fewer than 50 samples or than two kinds.

    Cost: 3,000 reports of 28 kinds take about half a minute of CPU.
    """
    ordered = _ordered(samples)
    if len(ordered) < 50 or len({one.category for one in ordered}) < 2:
        raise TooFewError("at least 50 decided reports of two kinds are needed")
    priors = {code: " ".join((*words.get(code, ()), titles.get(code, ""))).strip() for code in sorted(words)}
    model = _fit(ordered, priors)
    found = _cross_validated(ordered, priors, words)
    return _judged(model, ordered, words, found)


def _ordered(samples: Sequence[Sample]) -> list[Sample]:
    return sorted(samples, key=lambda one: (one.plain, one.category, one.source, one.is_urgent))


def history_of(samples: Sequence[Sample]) -> str:
    """Names what a model was trained on, whatever the order: the beginning of the SHA-256 of the samples."""
    said = json.dumps([asdict(one) for one in _ordered(samples)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def baseline() -> Any:
    """What every text classifier has to beat: characters 1–3, TF-IDF, a linear support vector machine."""
    return make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LinearSVC())


def chosen_features(samples: Sequence[Sample], priors: Mapping[str, str]) -> list[str]:
    """Runs of characters that at least three sources used, and those of the everyday words; the frequent ones first.

    The everyday words are the county's own and public.
    """
    sources: dict[str, set[str]] = defaultdict(set)
    for one in samples:
        for gram in set(grams(one.plain)):
            sources[gram].add(one.source)
    own = {gram for text in priors.values() for gram in grams(text)}
    frequent = sorted((g for g, who in sources.items() if len(who) >= LEAST_COUNT), key=lambda g: (-len(sources[g]), g))
    return sorted(own | set(frequent[:MOST_FEATURES]))


def pipeline(features: Sequence[str]) -> tuple[TfidfVectorizer, LogisticRegression]:
    """scikit-learn's own form of the model, not trained yet."""
    vectors = TfidfVectorizer(analyzer=grams, sublinear_tf=True, vocabulary=list(features))
    return vectors, LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=400, tol=1e-5)


def _with_priors(samples: Sequence[Sample], priors: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The texts and their kinds, and behind them the everyday words of those kinds as texts of their own."""
    seen = {one.category for one in samples}
    known = [(text, code) for code, text in priors.items() if text and code in seen]
    texts = [one.plain for one in samples] + [text for text, _code in known]
    return texts, [one.category for one in samples] + [code for _text, code in known]


def fitted(
    samples: Sequence[Sample], priors: Mapping[str, str]
) -> tuple[list[str], TfidfVectorizer, LogisticRegression]:
    """The features, and the trained pipeline."""
    features = chosen_features(samples, priors)
    vectors, regression = pipeline(features)
    texts, labels = _with_priors(samples, priors)
    known = len(texts) - len(samples)
    weights = np.ones(len(texts))
    weights[len(samples) :] = PRIOR_SHARE * len(samples) / max(known, 1)
    regression.fit(vectors.fit_transform(texts), labels, sample_weight=weights)
    return features, vectors, regression


def _fit(samples: Sequence[Sample], priors: Mapping[str, str]) -> TextModel:
    features, vectors, regression = fitted(samples, priors)
    classes = tuple(str(code) for code in regression.classes_)
    weights, bias = regression.coef_, regression.intercept_
    if len(classes) == 2:  # scikit-learn keeps one row for two kinds
        weights, bias = np.vstack([-weights / 2, weights / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    matrix = vectors.transform([one.plain for one in samples])
    counts = np.zeros((len(features), len(classes)), dtype=np.uint16)
    for column, code in enumerate(classes):
        rows = [at for at, one in enumerate(samples) if one.category == code]
        own = np.asarray((matrix[rows] > 0).sum(axis=0)).ravel()
        counts[:, column] = np.where(own >= LEAST_COUNT, np.minimum(own, 65535), 0)
    urgent, urgent_bias = _urgency(matrix, np.array([one.is_urgent for one in samples]))
    return TextModel(
        classes=classes,
        features=tuple(features),
        idf=np.asarray(vectors.idf_, dtype=np.float32),
        weights=np.asarray(weights.T, dtype=np.float16).astype(np.float32),
        bias=np.asarray(bias, dtype=np.float32),
        counts=counts,
        urgent_weights=np.asarray(urgent, dtype=np.float16).astype(np.float32),
        urgent_bias=round(float(urgent_bias), 6),
        urgent_from=2.0,
        word_weight=0.0,
        temperature=1.0,
        threshold=1.0,
        figures={},
    )


def _urgency(matrix: Any, is_urgent: NDArray[np.bool_]) -> tuple[_Matrix, float]:
    if is_urgent.sum() < LEAST_URGENT or is_urgent.all():
        return np.zeros(matrix.shape[1]), -20.0
    regression = LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-5).fit(matrix, is_urgent)
    return regression.coef_[0], float(regression.intercept_[0])


def stock_of(samples: Sequence[Sample]) -> list[tuple[str, ...]]:
    """What may not be trained on when a sample is tested: its stock phrases, or the family of texts worded alike."""
    longest = [max(one.plain.split() or [""], key=len) for one in samples]
    bare = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), use_idf=False)
    vectors = bare.fit_transform([text or "　" * 3 for text in longest])
    alike = vectors @ vectors.T
    alike.data[alike.data < ALIKE] = 0
    alike.eliminate_zeros()
    _count, family = connected_components(alike, directed=False)
    first: dict[int, str] = {}
    for number, text in zip(family, longest, strict=True):
        first.setdefault(int(number), text)
    return [one.stock or (first[int(number)],) for one, number in zip(samples, family, strict=True)]


def folds(samples: Sequence[Sample]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Positions to train on and to test, ``FOLDS`` times; nothing that is tested has been trained on.

    A phrase belongs to the fold that its hash names. A sample is tested where all of its phrases belong, and trained on
    where none does; samples of several phrases may be tested nowhere.
    """
    own = [{hashlib.sha256(phrase.encode()).digest()[0] % FOLDS for phrase in stock} for stock in stock_of(samples)]
    for number in range(FOLDS):
        train_on = np.array([at for at, numbers in enumerate(own) if number not in numbers], dtype=np.intp)
        yield train_on, np.array([at for at, numbers in enumerate(own) if numbers == {number}], dtype=np.intp)


def without_clauses(samples: Sequence[Sample], tested: Sequence[Sample]) -> list[Sample]:
    """``samples`` without the clauses that the tested ones have, too."""
    seen = {clause for one in tested for clause in one.plain.split() if len(clause) >= STRIPPED}
    rest = (replace(s, plain=" ".join(c for c in s.plain.split() if c not in seen)) for s in samples)
    return [one for one in rest if one.plain]


def _cross_validated(samples: Sequence[Sample], priors: Mapping[str, str], words: Words) -> _Found:
    classes = tuple(sorted({one.category for one in samples}))
    column = {code: at for at, code in enumerate(classes)}
    scores, hits = np.zeros((len(samples), len(classes))), np.zeros((len(samples), len(classes)))
    urgency, tested = np.zeros(len(samples)), np.zeros(len(samples), dtype=bool)
    plainly = np.full(len(samples), -1, dtype=np.intp)
    for train_on, test in folds(samples):
        rest = without_clauses([samples[at] for at in train_on], [samples[at] for at in test])
        if not len(test) or len({one.category for one in rest}) < 2:
            continue
        model = _fit(rest, priors)
        texts, labels = _with_priors(rest, priors)  # it may know the everyday words, too
        simple = baseline().fit(texts, labels)
        plainly[test] = [column[code] for code in simple.predict([samples[at].plain for at in test])]
        columns = [column[code] for code in model.classes]
        for at in test:
            seen = model.vector(samples[at].plain)
            row = model.scores(seen)
            scores[at] = row.min()
            scores[at, columns] = row
            urgency[at] = model.urgency(seen)
            for code, own in word_hits(samples[at].plain, words).items():
                if code in column:
                    hits[at, column[code]] = sum(map(len, own))
        tested[test] = True
    return _Found(classes, scores, hits, urgency, tested, plainly)


def _judged(model: TextModel, samples: Sequence[Sample], words: Words, found: _Found) -> TextModel:
    """The model with word weight, temperature and thresholds of cross-validation, and its figures."""
    rows = np.flatnonzero(found.tested).tolist()
    truth = np.array([found.classes.index(samples[at].category) for at in rows])
    scores, hits = found.scores[rows], found.hits[rows]
    _least, weight, temperature = min(
        (_loss(scores + weight * hits, truth, temperature), weight, temperature)
        for weight in WORD_WEIGHTS
        for temperature in TEMPERATURES
    )
    sure = _softmax((scores + weight * hits) / temperature)
    guess, confidence = sure.argmax(axis=1), sure.max(axis=1)
    threshold, share, precision = threshold_for(confidence, guess == truth, PRECISION)
    is_urgent = np.array([samples[at].is_urgent for at in rows])
    urgent_from = 2.0
    if is_urgent.sum() >= LEAST_URGENT:
        urgent_from, _share, _right = threshold_for(found.urgency[rows], is_urgent, URGENT_PRECISION)
    by_words = np.where(hits.max(axis=1) > 0, hits.argmax(axis=1), -1)
    most = Counter(truth.tolist()).most_common(1)[0][0]
    figures = {
        "history": history_of(samples),
        "reports": len(samples),
        "tested": len(rows),
        "tested_kinds": len(set(truth.tolist())),
        "kinds": len(found.classes),
        "features": len(model.features),
        "most_frequent": _quality(truth, np.full(len(truth), most)),
        "words": _quality(truth, by_words),
        "baseline": _quality(truth, found.baseline[rows]),
        "model": _quality(truth, guess),
        "sure": {"share": round(share, 3), "precision": round(precision, 3)},
        "calibration_error": round(calibration_error(confidence, guess == truth), 3),
    }
    return replace(
        model,
        word_weight=weight,
        temperature=round(temperature, 6),
        threshold=round(threshold, 4),
        urgent_from=round(urgent_from, 4),
        figures=figures,
    )


def _softmax(scores: _Matrix) -> _Matrix:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _loss(scores: _Matrix, truth: NDArray[np.intp], temperature: float) -> float:
    chance = _softmax(scores / temperature)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(chance, 1e-12)).mean())


def _quality(truth: NDArray[np.intp], guess: NDArray[np.intp]) -> dict[str, float]:
    kinds = sorted(set(truth.tolist()))
    macro = f1_score(truth, guess, labels=kinds, average="macro", zero_division=0)
    return {"accuracy": round(float((truth == guess).mean()), 3), "macro_f1": round(float(macro), 3)}


def threshold_for(confidence: _Matrix, is_right: NDArray[np.bool_], precision: float) -> tuple[float, float, float]:
    """The least confidence from which ``precision`` of the proposals are right.

    Returns:
        The threshold (2.0, which nothing reaches, when there is none with twenty proposals), the share of all texts
        that reach it, and how many of these are right.
    """
    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    ends = np.append(np.diff(confidence[order]) < 0, True)  # a threshold never parts equal confidences
    fits = np.flatnonzero((right >= precision) & ends & (np.arange(1, len(order) + 1) >= min(20, len(order))))
    if not len(fits):
        return 2.0, 0.0, 0.0
    last = int(fits[-1])
    return float(confidence[order[last]]), (last + 1) / len(order), float(right[last])


def calibration_error(confidence: _Matrix, is_right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: how far confidence and the share of right proposals are apart, on average."""
    slot = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(confidence[slot == n].mean() - is_right[slot == n].mean()) * (slot == n).mean()
            for n in range(bins)
            if (slot == n).any()
        )
    )
