"""A canary in every private field of a report and of all that hangs on it: no public face sings.

Add a face to ``FACES`` when the product grows one; add nothing else.
"""

from __future__ import annotations

import dataclasses
import gzip
import io
import re
from collections.abc import Callable
from typing import Any

import mapbox_vector_tile
import pytest
from django.contrib.gis.geos import Point
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client

from incidents.models import Attachment, CallBack, Comment, Follower, Rating, Report, Reporter, Submission
from incidents.states.cells import public_point, search_cell
from kernel import sealed
from media.models import Photo
from records.services import history_append
from tests.factories import incidents, media, people, places
from tests.layers.tile_of import tile_of

pytestmark = pytest.mark.django_db

HOME = (120.0834567, 30.5923456)
"""Where somebody lives; the category shows 200 m cells."""

VILLAGE = "990521003007"
OFFICE = "0572-0123 4567"
MODELS = (Report, Reporter, Follower, Comment, Attachment, Rating, CallBack, Submission)

PUBLIC_FIELDS = {
    *("id", "number", "state", "title", "public_text", "is_public", "is_urgent", "public_geom", "public_cell"),
    *("reopens", "followers", "submitted_at", "accepted_at", "answered_at", "closed_at", "first_reply_at"),
    *("search_text", "county", "category", "village", "grid", "order", "merged_into", "version", "updated_at"),
    *("report", "photo", "document", "is_published", "is_satisfied", "round", "at", "mode", "outcome", "is_sample"),
    *("created_at", "part", "audience", "channel", "confidence", "questions", "accept_by", "info_by", "appealed_at"),
    *("language", "crs_source", "asked_by", "by", "filed_by"),
}
"""Columns that hold nothing private in themselves (keys, states, moments, what moderation lets through)."""


class Nest:
    """Rows with canaries."""

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}

    def token(self, where: str) -> str:
        """A text that is nowhere else."""
        found = f"canary{len(self.tokens):03}x"
        self.tokens[found] = where
        return found

    def plant(self, row: models.Model) -> None:
        """One in every private text, JSON or sealed column."""
        for column in row._meta.concrete_fields:
            if column.name in PUBLIC_FIELDS or column.primary_key or column.is_relation or column.choices:
                continue
            where = f"{type(row).__name__}.{column.name}"
            value: Any
            if isinstance(column, models.BinaryField):
                value = sealed.seal(self.token(where))
            elif isinstance(column, models.JSONField):
                value = {"note": self.token(where)}
            elif isinstance(column, models.CharField | models.TextField):
                value = self.token(where)[: column.max_length]
            else:
                continue
            type(row)._default_manager.filter(pk=row.pk).update(**{column.attname: value})


def _report(nest: Nest, code: str, **fields: Any) -> Report:
    row = incidents.report(VILLAGE, lonlat=HOME, category=incidents.category("noise", precision_m=200), **fields)
    shown = public_point(HOME, 200)
    Report.objects.filter(pk=row.pk).update(public_geom=Point(*shown, srid=4326), public_cell=search_cell(shown))
    made: list[models.Model] = [row, incidents.reporter(row, code)]
    made.append(Follower.objects.create(report=row, client=code))
    made.append(Comment.objects.create(report=row, audience="public", text="x", part="reporter"))
    made.append(Comment.objects.create(report=row, audience="reporter", text="x", part="reporter"))
    made.append(Rating.objects.create(report=row, round=1, is_satisfied=True, text="x", part="reporter"))
    made.append(CallBack.objects.create(report=row, note="x"))
    made.append(Submission.objects.create(key=code, digest="x", report=row, answer=b""))
    photo = media.photo(
        people.viewer(None), data=media.jpeg(exif=media.exif(HOME, text=nest.token("EXIF"))), state="pending"
    )
    Photo.objects.filter(pk=photo.pk).update(original_name=nest.token("Photo.original_name"))
    made.append(Attachment.objects.create(report=row, photo=photo, part="reporter"))
    for one in made:
        nest.plant(one)
    who = people.viewer(None)
    by = dataclasses.replace(who, label=nest.token("History.actor"))
    with transaction.atomic():
        history_append(by=by, obj=row, move="submit", part="reporter", data={"note": nest.token("History.data")})
    return row


@pytest.fixture
def nest() -> Nest:
    made = Nest()
    places.grid()
    places.contact(places.village(), "监督", OFFICE, kind="supervision")
    made.shown = _report(made, "A" * 13, title="半夜太吵", public_text=f"半夜太吵，打 {OFFICE} 没人接")
    made.hidden = _report(made, "B" * 13, title=made.token("hidden title"), is_public=False, number="2606-HIDEN")
    made.tokens["2606-HIDEN"] = "number of a hidden report"
    made.waiting = _report(made, "C" * 13, title=made.token("waiting title"), state="submitted", number="2606-WA1TS")
    made.tokens["2606-WA1TS"] = "number of an unpublished report"
    return made


def _get(path: str) -> Callable[[Nest, Any], bytes]:
    def face(nest: Nest, tmp_path: Any) -> bytes:
        answer = Client().get(path.format(number=nest.shown.number))
        assert answer.status_code == 200, (path, answer.status_code)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body

    return face


def _tile(nest: Nest, tmp_path: Any) -> bytes:
    z, x, y = 14, *tile_of(*public_point(HOME, 200), 14)
    body = _get(f"/api/layers/incidents/tiles/{z}/{x}/{y}.mvt")(nest, tmp_path)
    found = mapbox_vector_tile.decode(body)["incidents"]
    assert found["features"]
    return str(found).encode()


def _export(nest: Nest, tmp_path: Any) -> bytes:
    path = tmp_path / "incidents.gpkg"
    call_command("export_layer", "incidents", "--out", str(path), stdout=io.StringIO())
    return path.read_bytes()


def _short_link(nest: Nest, tmp_path: Any) -> bytes:
    """What a shared link tells, made and followed."""
    body = {"path": f"/?sel=incidents:{nest.shown.number}"}
    made = Client().post("/api/links", body, content_type="application/json")
    assert made.status_code in (200, 201), made.content
    answer = Client().get(f"/s/{made.json()['code']}")
    assert answer.status_code == 302
    return made.content + str(answer.headers).encode()


OPEN311 = (
    *("discovery.xml", "v2/services.json", "v2/services/noise.xml", "v2/requests.json?extensions=true"),
    *("v2/requests.xml?extensions=true", "v2/requests/{number}.json?extensions=true", "v2/servicerequestupdates.json"),
    "v2/servicerequestupdates.xml?service_request_id={number},2606-HIDEN,2606-WA1TS",
)

FACES: dict[str, Callable[[Nest, Any], bytes]] = {
    "list": _get("/api/incidents/"),
    "one": _get("/api/incidents/{number}"),
    "similar": _get(f"/api/incidents/similar?lon={HOME[0]}&lat={HOME[1]}&text=半夜太吵"),
    "geojson": _get("/api/layers/incidents/features"),
    "tiles": _tile,
    "clusters": _get("/api/layers/incidents/clusters?zoom=18"),
    "counts": _get("/api/layers/incidents/counts?level=village"),
    "catalogue": _get("/api/layers/"),
    "panel": _get(f"/api/places/{VILLAGE}/panel"),
    "plain page": _get(f"/village/{VILLAGE}"),
    "sheet": _get(f"/village/{VILLAGE}.pdf"),
    "search": _get("/api/search?q=半夜"),
    "search by number": _get("/api/search?q=2606"),
    "board": _get("/api/projects/board"),
    "overview": _get("/api/overview/"),
    "county": _get("/api/county/"),
    "sitemap": _get("/sitemap.xml"),
    "home": _get("/"),
    "export": _export,
    "changes": _get("/api/layers/changes?layers=incidents"),
    "short link": _short_link,
    "kiosk": _get(f"/kiosk?place={VILLAGE}"),
    "report form": _get("/report"),
    "tracking page": _get("/track"),
    **{f"open311 {path}": _get(f"/open311/{path}") for path in OPEN311},
}


BINARY = ("sheet", "export")
"""Compressed: numbers in them are no numbers."""


@pytest.mark.parametrize("face", FACES)
def test_no_canary_sings(nest: Nest, face: str, tmp_path: Any) -> None:
    said = FACES[face](nest, tmp_path)
    found = [where for token, where in nest.tokens.items() if token.encode() in said]
    assert not found
    for exact in (f"{HOME[0]:.5f}", f"{HOME[1]:.5f}", f"{HOME[0]:.4f}", f"{HOME[1]:.4f}"):
        assert exact.encode() not in said
    if face in ("one", "list", "panel", "plain page", "geojson") or "v2/requests" in face:
        assert "半夜太吵".encode() in said, "the face shows what is public"
    assert not re.search(rb"(?<![\d.])1[3-9]\d{9}(?!\d)", said) or face in BINARY
    assert not re.search(rb"(?<![\d.])[1-9]\d{5}(19|20)\d{2}[01]\d[0-3]\d{4}[\dX]", said) or face in BINARY


def test_a_hundred_reads_give_the_same_masked_point(nest: Nest) -> None:
    path = f"/api/incidents/{nest.shown.number}"
    assert len({tuple(Client().get(path).json()["lonlat"]) for _ in range(100)}) == 1


def test_every_private_column_has_a_canary(nest: Nest) -> None:
    """A column that somebody adds is private until it is named in ``PUBLIC_FIELDS``."""
    planted = {where.split(".")[0] + "." + where.split(".")[-1] for where in nest.tokens.values()}
    for model in MODELS:
        for column in model._meta.concrete_fields:
            is_text = isinstance(column, models.CharField | models.TextField | models.BinaryField | models.JSONField)
            if is_text and column.name not in PUBLIC_FIELDS and not column.primary_key and not column.choices:
                assert f"{model.__name__}.{column.name}" in planted


def test_the_canaries_sing_where_they_may(nest: Nest) -> None:
    client = Client()
    client.force_login(people.user("desk", jurisdiction=["990521"]))
    said = client.get(f"/api/incidents/desk/{nest.shown.pk}").content
    heard = {where for token, where in nest.tokens.items() if token.encode() in said}
    assert {"Report.text", "Report.address"} <= heard
    assert not {where for where in heard if where.startswith("Reporter.")}
