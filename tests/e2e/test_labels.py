"""Where names find room on the map: the pure part of the front end, run as it is."""

import json
import subprocess
from pathlib import Path

import pytest

from scripts.frontend import environment

FRONTEND = Path(__file__).parents[2] / "frontend"
CALL = """
const ts = require('typescript');
const source = require('fs').readFileSync('src/layers/labels.ts', 'utf8');
const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2021 };
const made = {};
new Function('exports', ts.transpileModule(source, { compilerOptions }).outputText)(made);
const drawn = new Proxy({}, { get: (_, name) => (name === 'measureText' ? () => ({ width: 60 }) : () => undefined) });
const palette = { scale: 1, font: 'f', get: () => '' };
console.log(JSON.stringify(JSON.parse(process.argv[1]).map(([labels, obstacles]) => {
  const written = made.paintLabels(drawn, labels, obstacles, 12, palette);
  return labels.map((label) => written.get(label) ?? null);
})));
"""
EDGE = {"x": 0, "y": 0, "w": 0, "h": 1e5}
"""The left edge of the map, over which no name may be cut."""
RING = {"x": 70, "y": 70, "w": 60, "h": 60}
"""All around the place at 100, 100."""


def name(x=100.0, y=100.0, **more):
    return {"text": "Fengxi", "kind": "township", "rank": 1, "x": x, "y": y, **more}


SCENES = {
    "alone, at its place": ([name()], []),
    "beside the edge, moved in": ([name(20)], [EDGE]),
    "no room near, no name of a township": ([name()], [RING]),
    "a village's name may lie farther away": ([name(kind="village")], [RING]),
    "what is selected is named anyhow": ([name(selected=True)], [RING]),
    "below another's name lies its figure": (
        [name(below={"x": -20, "y": 10, "w": 40, "h": 20}), name(y=122, rank=2)],
        [],
    ),
}


@pytest.fixture(scope="module")
def written():
    asked = json.dumps(list(SCENES.values()))
    done = subprocess.run(["node", "-e", CALL, asked], cwd=FRONTEND, env=environment(), capture_output=True, check=True)
    return dict(zip(SCENES, json.loads(done.stdout), strict=True))


def test_names_find_room(written):
    middles = {
        scene: [box and (box["x"] + box["w"] / 2, box["y"] + box["h"] / 2) for box in boxes]
        for scene, boxes in written.items()
    }
    assert middles["alone, at its place"] == [(100, 100)]
    [moved] = written["beside the edge, moved in"]
    assert 0 <= moved["x"] < 20
    assert middles["no room near, no name of a township"] == [None]
    [[x, y]] = middles["a village's name may lie farther away"]
    assert (x, abs(y - 100)) == (100, pytest.approx(39)), "above or below, where the marks end"
    assert middles["what is selected is named anyhow"] != [None]
    [first, second] = middles["below another's name lies its figure"]
    assert first == (100, 100)
    assert second[1] - 122 > 9 or second[0] != 100, "it steps aside"
