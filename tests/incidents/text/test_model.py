"""The trained value: the same as scikit-learn's, the same every time, and nothing of one person in it."""

from __future__ import annotations

import numpy as np
import pytest

from incidents.text.features import grams, place_words, prepared, word_hits
from incidents.text.model import CorruptModel, from_bytes, version_of
from incidents.text.training import (
    FOLDS,
    Sample,
    TooFewError,
    calibration_error,
    chosen_features,
    fitted,
    folds,
    threshold_for,
    train,
    without_clauses,
)
from incidents.text.urgency import urgent_words
from tests.incidents.text.conftest import AND_SO, SAID, TITLES, WORDS, history


@pytest.mark.parametrize(
    "text, plain",
    [
        ("荷塘村12组路灯不亮，电话13800138000。", "组路灯不亮 电话"),
        ("荷塘的路灯坏了", "的路灯坏了"),
        ("我在石桥镇荷塘村上班", "我在 上班"),
        ("一三八零零一三八零零零打我", "打我"),
        ("LED灯ABC坏", "灯 坏"),
        ("", ""),
        ("12345", ""),
    ],
)
def test_numbers_and_places_are_cut_out(text, plain):
    assert prepared(text, place_words(["荷塘村", "石桥镇"])) == plain


def test_features_never_reach_over_a_cut():
    found = grams("路灯 坏")
    assert found == ["路", "灯", "路灯", "坏"]
    assert word_hits("路灯坏", {"lamp": ("路灯", "灯杆"), "noise": ("吵",)}) == {"lamp": ("路灯",)}


@pytest.mark.parametrize(
    "text, found",
    [
        ("电线漏电，着火了，漏电", ("漏电", "着火")),
        ("检查过没有漏电", ()),
        ("井盖不见了", ("井盖不见",)),
        ("路灯不亮", ()),
        ("没修好，路面塌陷", ("塌陷",)),
    ],
)
def test_words_of_danger(text, found):
    assert urgent_words(text) == found


def test_served_scores_are_those_of_scikit_learn(trained):
    samples = sorted(history(), key=lambda one: (one.plain, one.category, one.source, one.is_urgent))
    priors = {code: " ".join((*WORDS[code], TITLES[code])) for code in sorted(WORDS)}
    features, vectors, regression = fitted(samples, priors)
    assert tuple(features) == trained.features
    texts = [one.plain for one in samples] + ["完全没有见过的话", "", "灯 吵"]
    expected = regression.decision_function(vectors.transform(texts))
    served = np.array([trained.scores(trained.vector(text)) for text in texts])
    assert np.allclose(served[:, 1] - served[:, 0], expected, atol=0.02), "weights are kept with 11 bits"
    matrix = vectors.transform(texts).toarray()
    for row, text in zip(matrix, texts, strict=True):
        at, values = trained.vector(text)
        dense = np.zeros(len(features))
        dense[at] = values
        assert np.allclose(dense, row, atol=1e-6)


def test_three_kinds_are_served_like_scikit_learn():
    third = [Sample(f"垃圾桶{word}", "waste", False, f"w{n}") for n, word in enumerate("满倒臭脏堆飞飘挤烂" * 3)]
    samples = sorted([*history(), *third], key=lambda one: (one.plain, one.category, one.source, one.is_urgent))
    model = train(samples, WORDS, TITLES)
    priors = {code: " ".join((*WORDS[code], TITLES[code])) for code in sorted(WORDS)}
    _features, vectors, regression = fitted(samples, priors)
    texts = [one.plain for one in samples]
    expected = regression.decision_function(vectors.transform(texts))
    assert np.allclose(np.array([model.scores(model.vector(text)) for text in texts]), expected, atol=0.02)
    assert list(model.classes) == list(regression.classes_)


def test_the_same_history_in_any_order_gives_the_same_bytes(trained):
    again = train(list(reversed(history())), WORDS, TITLES)
    data = trained.to_bytes()
    assert again.to_bytes() == data
    read = from_bytes(data)
    assert (read.features, read.classes, read.threshold) == (trained.features, trained.classes, trained.threshold)
    assert np.array_equal(read.weights, trained.weights)
    assert version_of(data) == version_of(read.to_bytes())


def test_what_fewer_than_three_people_said_is_no_feature():
    canary = "王大锤住石榴巷"
    twice = [Sample(f"路灯不亮 {canary}", "lamp", False, source) for source in ("x1", "x2")]
    often = [Sample("路灯不亮 赵铁柱欠钱", "lamp", False, "one phone") for _ in range(9)]
    model = train([*history(), *twice, *often], WORDS, TITLES)
    alone = {gram for text in (canary, "赵铁柱欠钱") for gram in grams(text) if len(gram) >= 2}
    assert not alone & set(model.features)
    data = model.to_bytes()
    assert not any(one.encode() in data for one in alone)
    for feature, counts in zip(model.features, model.counts, strict=True):
        assert all(count == 0 or count >= 3 for count in counts), feature
    said = [*history(), *twice, Sample(f"路灯不亮 {canary}", "lamp", False, "x3")]
    assert "石榴巷" in chosen_features(said, {}), "three people are the public"


def test_nothing_tested_was_trained_on():
    samples = [
        Sample(f"{said} {so}", kind, False, f"{kind}{said}{so}", stock=(said, so))
        for kind, sentences in SAID.items()
        for said in sentences
        for so in AND_SO
    ]
    parts = list(folds(samples))
    assert len(parts) == FOLDS
    tested = 0
    for train_on, test in parts:
        known = {phrase for at in train_on for phrase in samples[at].stock}
        assert not known & {phrase for at in test for phrase in samples[at].stock}
        tested += len(test)
    assert tested > 10


def test_texts_worded_alike_are_tested_together():
    samples = [Sample(f"村口第{word}盏路灯不亮了很久没人修", "lamp", False, word) for word in "一二三四五六七八九十"]
    assert sorted(len(test) for _train, test in folds(samples)) == [0, 0, 0, 0, 10]


def test_clauses_of_tested_texts_are_not_trained_on():
    rest = without_clauses(
        [Sample("路灯坏了 请尽快处理", "lamp", False, "a")], [Sample("请尽快处理 吵", "n", False, "b")]
    )
    assert [one.plain for one in rest] == ["路灯坏了"]


@pytest.mark.parametrize(
    "confidence, right, expected",
    [
        ([0.9] * 19 + [0.8], [True] * 19 + [False], (0.8, 1.0, 0.95)),
        ([0.9] * 30 + [0.5] * 30, [True] * 30 + [False] * 30, (0.9, 0.5, 1.0)),
        ([0.9] * 30, [False] * 30, (2.0, 0.0, 0.0)),
        ([0.9] * 20 + [0.9] * 20, [True] * 20 + [False] * 20, (2.0, 0.0, 0.0)),
    ],
)
def test_threshold(confidence, right, expected):
    assert threshold_for(np.array(confidence), np.array(right), 0.95) == pytest.approx(expected)


def test_calibration_error():
    assert calibration_error(np.full(100, 0.8), np.arange(100) < 80) == pytest.approx(0)
    assert calibration_error(np.full(100, 0.8), np.arange(100) < 30) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "break_it",
    [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"PK" + b[9:], lambda b: b[:200] + b"xx" + b[202:]],
)
def test_a_broken_file_is_told(trained, break_it):
    with pytest.raises(CorruptModel):
        from_bytes(break_it(trained.to_bytes()))


def test_too_little_history():
    with pytest.raises(TooFewError):
        train(history()[:20], WORDS, TITLES)
