"""Several labelled pairs at once, and re-rankers that learn of some of them and judge the others."""

import io
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from imagery.detect import labelled
from imagery.detect.features import FEATURES
from imagery.detect.labelled import Studied, held_out, learnt
from imagery.detect.rank import TooFewReviewsError
from imagery.detect.trees import LIKELY, from_bytes
from tests.imagery.pairs import pair
from tests.imagery.test_change_eval import PLACE, whole, write

TELLS = FEATURES.index("tolerant")


def studied(seed: int, patches: int = 60, share: float = 0.25) -> Studied:
    """Patches of 100 pixels of which a quarter are real, told by one feature, if not quite."""
    draw = np.random.default_rng(seed)
    rows = draw.normal(0, 1, (patches, len(FEATURES)))
    real = draw.random(patches) < share
    rows[:, TELLS] = np.where(real, 0.6, 0.3) + draw.normal(0, 0.15, patches)
    changed = np.where(real, 70, 0)
    return Studied(rows, changed, 100 - changed, int(changed.sum()) + 300)


def test_no_re_ranker_knows_the_scene_it_judges(monkeypatch):
    monkeypatch.setattr(labelled, "FOLDS", 2)  # of five, each would be learnt of more than is needed to see it
    scenes = [studied(seed, 120) for seed in range(4)]
    found = held_out(scenes)
    assert len({id(one) for one in found}) == 2
    assert (found[0], found[1]) == (found[2], found[3])
    broken = [*scenes[:3], Studied(scenes[3].rows, scenes[3].unchanged, scenes[3].changed, 6000)]
    again = held_out(broken)
    assert again[3].to_bytes() == found[3].to_bytes(), "what its own labels say changes nothing"
    assert again[2].to_bytes() != found[2].to_bytes()
    with pytest.raises(TooFewReviewsError, match="one labelled scene"):
        held_out(scenes[:1])
    with pytest.raises(TooFewReviewsError, match="patches of one kind"):
        held_out([studied(seed, 8) for seed in range(3)])


def test_the_cut_is_learnt_where_f1_counts():
    scenes = [studied(seed) for seed in range(10)]
    trees = learnt(scenes)
    fresh = studied(99, 400)
    assert trees.cut < LIKELY, "change is rare, and a half too strict"
    assert from_bytes(trees.to_bytes()).cut == trees.cut
    sure = trees(fresh.rows)
    assert fresh.f1(sure >= trees.cut) > max(
        fresh.f1(sure >= 0.95), fresh.f1(sure >= 0), fresh.f1(sure >= LIKELY) - 0.02
    )
    assert learnt([studied(7, 200)]).cut == LIKELY, "nobody can tell by one scene"


PAIRS = 9
"""So many that what is left after the veto still teaches: twenty patches of either kind."""


@pytest.fixture(scope="module")
def listing(tmp_path_factory):
    """Pairs in folders of their own, and their list."""
    base, told = tmp_path_factory.mktemp("pairs"), []
    for number in range(PAIRS):
        ground, at = pair(192, 192, seed=number), base / f"town{number}"
        at.mkdir()
        for name, values in (("t1", ground.before), ("t2", ground.after)):
            write(at / f"{name}.tif", whole(values), **PLACE)
        write(at / "cm.png", ground.changed.astype(np.uint8) * 255, "PNG")
        told.append({name: f"{at.name}/{file}" for name, file in
                     (("before", "t1.tif"), ("after", "t2.tif"), ("changed", "cm.png"))})  # fmt: skip
    (base / "pairs.json").write_text(json.dumps(told), encoding="utf-8")
    return base / "pairs.json"


def said(*given: str, **options) -> str:
    out = io.StringIO()
    call_command("change_eval", *given, stdout=out, **options)
    return out.getvalue()


def test_pairs_have_figures_and_their_means(listing, tmp_path):
    told = json.loads(said(pairs=listing, rerank=True, cut="0.08", save_ranker=tmp_path / "x.npz", json=True))
    assert [one["name"] for one in told["pairs"]] == [f"town{number}" for number in range(PAIRS)]
    alone = json.loads(said(*(str(listing.parent / "town2" / name) for name in ("t1.tif", "t2.tif")),
                            changed=str(listing.parent / "town2/cm.png"), cut="0.08", json=True))  # fmt: skip
    same = ("precision", "recall", "f1", "ap", "found", "threshold")
    assert {key: told["pairs"][2][key] for key in same} == {key: alone[key] for key in same}
    for part in (told, told["reranked"]):
        assert part["macro"]["f1"] == pytest.approx(np.mean([one["f1"] for one in part["pairs"]]), abs=1e-6)
    assert told["reranked"]["macro"]["f1"] > told["macro"]["f1"] + 0.05
    by_file = json.loads(said(pairs=listing, ranker=tmp_path / "x.npz", cut="0.08", json=True))
    assert by_file["macro"]["f1"] > told["macro"]["f1"] + 0.05
    lines = said(pairs=listing, rerank=True, cut="0.08").splitlines()
    names = [*(f"town{n}" for n in range(PAIRS)), "macro"]
    assert [line.split()[0] for line in lines if line] == ["fusion", *names, "re-ranker,", *names]


def test_a_list_that_cannot_be_used_is_refused_in_a_sentence(listing, tmp_path):
    def refused(text: str, match: str) -> None:
        (tmp_path / "list.json").write_text(text, encoding="utf-8")
        with pytest.raises(CommandError, match=match):
            said(pairs=tmp_path / "list.json")

    scene = str(listing.parent / "town0/t1.tif")
    refused("[", "is no JSON")
    refused("{}", "is no list of pairs")
    refused('[{"before": "x"}]', "pair 1: before, after and changed are wanted")
    refused('[{"before": "x", "after": "y", "changed": "z", "label": 1}]', "'label' is none of")
    refused('[{"before": [1], "after": "y", "changed": "z"}]', "a scene is a path, or a list of paths")
    refused('[{"before": "x", "after": "y", "changed": ["z"]}]', "changed is one text")
    refused(json.dumps([{"name": "here", "before": scene, "after": "gone", "changed": scene}]), "here: gone does not")
    for given, options in (
        ((), {}),
        ((scene, scene), {}),
        ((scene, scene), {"changed": scene, "rerank": True}),
        ((scene, scene), {"pairs": listing}),
        ((), {"pairs": tmp_path / "none.json"}),
        ((), {"pairs": listing, "mask": tmp_path / "m.tif"}),
    ):
        with pytest.raises(CommandError):
            said(*given, **options)
    assert not (tmp_path / "m.tif").exists()
