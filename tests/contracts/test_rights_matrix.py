"""Who sees which rows and which fields of which layer, in every form it leaves the server.

Anonymous and the eight roles × where they stand × every registered layer × every face. ``samples`` says what is
expected; canaries in every private field say what leaked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mapbox_vector_tile
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.layerspec import LayerSpec, layers
from kernel.viewer import AUDIENCE_OF_ROLE, Audience, Role
from tests.contracts import canaries, samples
from tests.factories import people, places
from tests.layers.tile_of import tile_of

pytestmark = pytest.mark.django_db

SAMPLES = samples.samples()
KEYS = sorted({*(spec.key for spec in layers), "shops"})
JURISDICTIONS = {
    "inside": samples.INSIDE,
    "county": samples.HOME,
    "abroad": samples.OTHER_COUNTY,
}

COUNTY_BOX = places.bbox(samples.HOME)
TILE = (9, 426, 210)
"""Holds the whole county of the tests."""

MAX_QUERIES = {"features": 2, "tile": 2, "clusters": 2, "counts": 2, "feature": 2, "catalogue": 2, "search": 5}
"""Of an anonymous request: the version and the answer. Search asks the gazetteer and its areas, kinds of things, and
for names of villages; beside that once for each layer."""

SIGNED_IN_QUERIES = 3
"""Session, user, jurisdiction."""


@dataclass
class Scene:
    """A viewer before the planted rows of one layer."""

    spec: LayerSpec
    sample: samples.Sample
    rows: dict[str, Any]
    planted: dict[bytes, canaries.Planted]
    client: Client
    role: Role | None
    stand: str

    @property
    def audience(self) -> str:
        return (AUDIENCE_OF_ROLE[self.role] if self.role else Audience.PUBLIC).name.lower()

    @property
    def answers_for(self) -> str:
        return self.stand if self.role in self.sample.keepers else "anonymous"

    @property
    def visible(self) -> set[str]:
        return set(self.sample.rows[self.answers_for]) & set(self.rows)

    def opened(self, fields: frozenset[str]) -> set[tuple[str, str]]:
        """(label, field) of the private values this viewer sees, among ``fields``."""
        level = Audience[self.audience.upper()]
        own = self.sample.own[self.answers_for] & self.visible
        return {
            (label, name)
            for name, needed in self.sample.private.items()
            if name in fields and level >= Audience[needed.upper()]
            for label in own
        }

    def get(self, path: str, face: str, **query: Any) -> bytes:
        allowed = MAX_QUERIES[face] + (SIGNED_IN_QUERIES if self.role else 0)
        if face == "search":
            allowed += len([spec for spec in layers if spec.search])
        if face == "catalogue":
            allowed += sum(sample.catalogue_queries for sample in SAMPLES.values())
        with CaptureQueriesContext(connection) as queries:
            response = self.client.get(path, query)
        assert response.status_code == 200, response.content
        assert len(queries) <= allowed, [query["sql"][:200] for query in queries]
        return response.content

    def leaks(self, answer: bytes) -> set[tuple[str, str]]:
        return canaries.found(answer, self.planted)

    def labels(self, ids: Any) -> set[str]:
        by_id = {str(row.pk): label for label, row in self.rows.items()}
        return {by_id[str(one)] for one in ids}


def scenes(key: str, role: Role | None) -> Iterator[Scene]:
    """The rows of a layer, planted once, and before them one after the other everybody of a role."""
    spec, sample = layers[key], SAMPLES[key]
    places.county(samples.HOME)
    places.county(samples.OTHER_COUNTY, "邻县")
    rows = sample.make()
    planted = canaries.plant(spec, rows)
    if role is None:
        yield Scene(spec, sample, rows, planted, Client(), role, "anonymous")
        return
    for stand, place in JURISDICTIONS.items():
        client = Client()
        client.force_login(people.user(role, jurisdiction=[place]))
        yield Scene(spec, sample, rows, planted, client, role, stand)


def test_every_layer_has_a_sample() -> None:
    missing = [spec.key for spec in layers if spec.key not in SAMPLES]
    assert not missing, f"add rows and expectations of {missing} to tests/contracts/samples"


def test_samples_name_every_private_field() -> None:
    """A private field that the table forgot would be tested by nobody."""
    for spec in layers:
        assert set(SAMPLES[spec.key].private) == {field.name for field in spec.fields if field.private}, spec.key


@pytest.mark.parametrize("role", people.ROLES, ids=lambda role: role or "anonymous")
@pytest.mark.parametrize("key", [key for key in KEYS if key in SAMPLES])
def test_matrix(key: str, role: Role | None) -> None:
    root = f"/api/layers/{key}"
    for scene in scenes(key, role):
        try:
            _features(scene, root)
            _single(scene, root)
            _tile(scene, root)
            _aggregates(scene, root)
            _search(scene)
            _catalogue(scene)
        except BaseException as error:
            error.add_note(f"answering for: {scene.stand}")
            raise


def _features(scene: Scene, root: str) -> None:
    answer = scene.get(f"{root}/features", "features")
    features = json.loads(answer)["features"]
    assert scene.labels(feature["id"] for feature in features) == scene.visible
    expected = scene.sample.fields[scene.audience]
    assert {frozenset(feature["properties"]) for feature in features} <= {expected}
    assert scene.leaks(answer) == scene.opened(expected)
    boxed = scene.get(f"{root}/features", "features", bbox=",".join(map(str, COUNTY_BOX)))
    assert json.loads(boxed)["features"] == features


def _single(scene: Scene, root: str) -> None:
    for label, row in scene.rows.items():
        path = f"{root}/features/{row.pk}"
        if label not in scene.visible:
            refused = scene.client.get(path)
            assert (refused.status_code, refused.json()["code"]) == (404, "not_found"), label
            continue
        answer = scene.get(path, "feature")
        opened = {(at, name) for at, name in scene.opened(scene.sample.fields[scene.audience]) if at == label}
        assert scene.leaks(answer) == opened


def _tile(scene: Scene, root: str) -> None:
    z, x, y = TILE if TILE[0] >= scene.spec.zooms[0] else _deeper(scene.spec.zooms[0])
    answer = scene.get(f"{root}/tiles/{z}/{x}/{y}.mvt", "tile")
    tile = mapbox_vector_tile.decode(answer) if answer else {}
    features = tile.get(scene.spec.key, {"features": []})["features"]
    ids = {str(int(row.pk)): label for label, row in scene.rows.items()}
    shown = {ids[str(feature["id"])] for feature in features}
    assert shown == scene.visible if z == TILE[0] else shown <= scene.visible
    expected = scene.sample.tile_fields[scene.audience]
    assert {name for feature in features for name in feature["properties"]} <= expected
    leaked = scene.leaks(json.dumps(tile).encode())
    assert leaked == {(at, name) for at, name in scene.opened(expected) if at in shown}


def _deeper(zoom: int) -> tuple[int, int, int]:
    """The tile of a zoom that holds the village of ``inside``."""
    return zoom, *tile_of(*places.lonlat(samples.INSIDE_VILLAGE), zoom)


def _aggregates(scene: Scene, root: str) -> None:
    clusters = scene.get(f"{root}/clusters", "clusters", zoom=9)
    assert json.loads(clusters)["total"] == len(scene.visible)
    fine = json.loads(scene.get(f"{root}/clusters", "clusters", zoom=18))["clusters"]
    assert scene.labels(cluster["id"] for cluster in fine if "id" in cluster) <= scene.visible
    assert scene.leaks(clusters) == set()
    if not scene.spec.area:
        assert scene.client.get(f"{root}/counts").status_code == 404
        return
    for level in ("township", "village"):
        answer = scene.get(f"{root}/counts", "counts", level=level)
        counts = json.loads(answer)
        assert sum(place["count"] for place in counts["counts"]) + counts["outside"] == len(scene.visible)
        assert scene.leaks(answer) == set()


def _search(scene: Scene) -> None:
    """Visible rows are found by their name; a canary finds nothing, not even for those who may read it."""
    title = next(field.path for field in scene.spec.fields if field.name == scene.spec.title_field)
    names = {str(row.pk): getattr(row, title, "") for row in scene.rows.values()}
    if scene.spec.search:
        shared = max(set.intersection(*map(set, names.values())))
        answer = scene.get("/api/search", "search", q=shared, limit=50)
        hits = {(hit["id"], hit["title"]) for hit in json.loads(answer)["results"]}
        assert scene.labels(pk for pk, name in names.items() if (pk, name) in hits) == scene.visible
        assert scene.leaks(answer) == set()
    for token in [*scene.planted][:1]:
        assert json.loads(scene.get("/api/search", "search", q=token.decode()))["results"] == []


def _catalogue(scene: Scene) -> None:
    answer = scene.get("/api/layers/", "catalogue")
    entry = next(layer for layer in json.loads(answer)["layers"] if layer["key"] == scene.spec.key)
    assert entry["count"] == len(scene.visible)
    assert {field["name"] for field in entry["fields"]} == scene.sample.fields[scene.audience]
    assert scene.leaks(answer) == set()


@pytest.mark.parametrize("key", [key for key in KEYS if key in SAMPLES])
def test_a_filter_does_not_tell_what_is_hidden(key: str, client: Client) -> None:
    """Selecting by a private value finds the viewer's own rows only, and by a field of a higher audience is refused."""
    places.county(samples.HOME)
    spec, sample = layers[key], SAMPLES[key]
    rows = sample.make()
    planted = canaries.plant(spec, rows)
    filters = {field.name: field for field in spec.fields if field.private and field.filter}
    client.force_login(people.user(Role.GRID_MANAGER, jurisdiction=[samples.INSIDE]))
    for token, where in planted.items():
        if where.field not in filters or filters[where.field].audience > Audience.GRID:
            continue
        query = {where.field: token.decode()}
        found = client.get(f"/api/layers/{key}/features", query).json()["features"]
        assert bool(found) == (where.label in sample.own["inside"]), where
        assert Client().get(f"/api/layers/{key}/features", query).status_code == 400


@pytest.mark.parametrize("key", [key for key in KEYS if key in SAMPLES])
def test_an_answer_kept_by_one_viewer_is_not_still_true_for_another(key: str, client: Client) -> None:
    places.county(samples.HOME)
    SAMPLES[key].make()
    path = f"/api/layers/{key}/features"
    client.force_login(people.user(Role.OFFICIAL, jurisdiction=[samples.HOME]))
    kept = client.get(path)["ETag"]
    assert client.get(path, headers={"If-None-Match": kept}).status_code == 304
    assert Client().get(path, headers={"If-None-Match": kept}).status_code == 200
    other = Client()
    other.force_login(people.user(Role.OFFICIAL, jurisdiction=[samples.INSIDE]))
    assert other.get(path, headers={"If-None-Match": kept}).status_code == 200
