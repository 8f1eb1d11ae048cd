"""The queue learns from what people decided, and only where that is better."""

from __future__ import annotations

import io

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from imagery.detect.features import FEATURES
from imagery.detect.rank import TooFewReviewsError, trained
from imagery.detect.trees import Trees
from imagery.models import ChangePoint, ChangeRun, Reranker
from imagery.selectors.learning import lessons, opinions
from imagery.services import reranker_set
from imagery.states.priority import MOST
from kernel.errors import Invalid
from kernel.viewer import Viewer
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.conftest import say

pytestmark = pytest.mark.django_db

BY = Viewer(county=places.COUNTY, label="command · train_ranker")


def trees(limit: float = 0.5, **figures: float) -> Trees:
    """One tree that asks for the share that survives a shift: up to a limit log odds of −2, else 2."""
    asked = np.array([FEATURES.index("tolerant"), -1, -1])
    here = np.array([1, 0, 0]), np.array([2, 0, 0])
    values = np.array([0.0, -2.0, 2.0])
    return Trees(np.array([0]), asked, np.array([limit, 0, 0]), *here, np.array([True] * 3), values, 0.0, dict(figures))


def decided(state: str, tolerant: float, run: ChangeRun | None = None) -> ChangePoint:
    point = make.point(state=state, features={"tolerant": tolerant, "score_mean": 1.0})
    if run:
        ChangePoint.objects.filter(pk=point.pk).update(run=run)
    return point


def other_run() -> ChangeRun:
    scenes = {"before": make.scene("2026-03-08"), "after": make.scene("2026-06-01")}
    return ChangeRun.objects.create(county_id=places.COUNTY, detector="fusion", params_hash="y", **scenes)


def test_a_re_ranker_orders_the_queue_and_says_so():
    sure, doubtful = decided("queued", 0.9), decided("queued", 0.1)
    assert reranker_set(by=BY, data=trees(ap_model=0.9).to_bytes()) == 2
    for point, likely, weight in ((sure, 0.881, "up"), (doubtful, 0.119, "down")):
        point.refresh_from_db()
        told = next(one for one in point.why if one["code"] == "learnt")
        assert (told["percent"], told["weight"]) == (round(100 * likely), weight)
        assert point.version == 1
    assert sure.priority == round(0.881 / MOST, 3), "instead of the detector's score"
    assert doubtful.priority == 0.0, "and mostly an edge that moved"


def test_what_was_changed_behind_its_back_is_not_served():
    decided("queued", 0.9)
    reranker_set(by=BY, data=trees().to_bytes())
    assert opinions(places.COUNTY, [{"tolerant": 0.9}]) == [0.881]
    Reranker.objects.update(version="another", data=trees(0.95).to_bytes())
    assert opinions(places.COUNTY, [{"tolerant": 0.9}]) == [None]
    with pytest.raises(Invalid):
        reranker_set(by=BY, data=b"no trees")


def test_only_what_people_decided_teaches():
    by, later = make.who(), other_run()
    say(by, decided("queued", 0.3), "no_change", reason=make.reason("approved").code)
    for state, tolerant in (("confirmed", 0.9), ("rejected", 0.2), ("found_no_change", 0.1), ("disputed", 0.5)):
        decided(state, tolerant, later if state == "rejected" else None)
    make.point(state="confirmed")
    found = {(one.features["tolerant"], one.is_change, one.pair == later.pk) for one in lessons(places.COUNTY)}
    assert found == {(0.9, True, False), (0.2, False, True), (0.1, False, False)}, "what is allowed is change, too"
    with pytest.raises(CommandError, match="1 of 3 reviewed patches changed, in 2 pairs of scenes"):
        call_command("train_ranker", f"--county={places.COUNTY}")
    lessons_of = [one for one in lessons(places.COUNTY) if one.pair != later.pk]
    with pytest.raises(TooFewReviewsError, match="in 1 pair of scenes"):
        trained(np.zeros((len(lessons_of), 1)), np.ones(len(lessons_of), bool), [one.pair for one in lessons_of])
    with pytest.raises(CommandError, match="no county 999999"):
        call_command("train_ranker", "--county=999999")


def test_the_command_serves_what_is_better_than_the_score_alone(tmp_path):
    pairs = (make.run(), other_run())
    for at in range(48):
        is_change = at % 4 < 2
        decided("confirmed" if is_change else "rejected", 0.8 if is_change else 0.1, pairs[at % 2])

    def said(*more: str) -> str:
        out = io.StringIO()
        call_command("train_ranker", f"--county={places.COUNTY}", *more, stdout=out)
        return out.getvalue()

    assert "0.500 (score alone) → 1.000" in said(f"--out={tmp_path / 'x.npz'}")
    assert not Reranker.objects.exists(), "a file changes nothing"
    assert "it orders the queue now" in said()
    kept = Reranker.objects.get()
    assert bytes(kept.data) == (tmp_path / "x.npz").read_bytes()
    assert kept.sha256.startswith(kept.version)
    for point in ChangePoint.objects.all():
        point.features["score_mean"] = point.features["tolerant"]
        point.save()
    assert "nothing changes" in said()
    assert Reranker.objects.get().at == kept.at
