"""A canary in every private column of reports, orders and all that hangs on them: no public face sings.

Every address of the product is a face that is listened to (``FACES``), closed to whoever has not signed in, or named
with its reason in ``APART``. A new address fails until it is one of the three.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
from django.contrib.admindocs.views import simplify_regex
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from accounts.selectors import viewer_of
from incidents.models import Follower
from incidents.selectors import confirm_token, stop_token
from kernel import clock
from kernel.cells import public_point
from layers import ledger
from layers.live.stream import event
from layers.live.topics import news, subscribe
from media.models import Photo
from tests.contracts import nest as built
from tests.contracts.nest import CODE, HOME, VILLAGE, Nest
from tests.factories import media, people, places
from tests.layers.tile_of import tile_of

pytestmark = pytest.mark.django_db


class Ear(Client):
    """Somebody who has not signed in, and the routes of all addresses that answered."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: set[str] = set()

    def get_body(self, path: str) -> bytes:
        return self.body(self.get(path))

    def sent(self, path: str, body: dict[str, Any]) -> bytes:
        return self.body(self.post(path, body, content_type="application/json"))

    def body(self, answer: Any) -> bytes:
        """What an answer says, its head included."""
        said = (answer.status_code, answer.request["PATH_INFO"])
        assert answer.status_code in (200, 201, 204, 302), (*said, answer.content)
        self.heard.add(answer.resolver_match.route)
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode()
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return head + (gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body)


Face = str | Callable[[Ear, Nest, Path], bytes]


def drawn(ear: Ear, layer: str) -> list[dict[str, Any]]:
    """Features of a layer in the tile that holds ``HOME``."""
    x, y = tile_of(*public_point(HOME, 200), 14)
    body = ear.get(f"/api/layers/{layer}/tiles/14/{x}/{y}.mvt")
    ear.heard.add(body.resolver_match.route)
    found = mapbox_vector_tile.decode(
        gzip.decompress(body.content) if body.content[:2] == b"\x1f\x8b" else body.content
    )
    features: list[dict[str, Any]] = found[layer]["features"]
    assert features
    return features


def _tile(layer: str) -> Face:
    return lambda ear, nest, tmp_path: str(drawn(ear, layer)).encode()


def _export(ear: Ear, nest: Nest, tmp_path: Path) -> bytes:
    path = tmp_path / "incidents.gpkg"
    call_command("export_layer", "incidents", "--out", str(path), stdout=io.StringIO())
    return path.read_bytes()


def _short_link(ear: Ear, nest: Nest, tmp_path: Path) -> bytes:
    """What a shared link tells, made and followed."""
    made = ear.post("/api/links", {"path": f"/?sel=incidents:{nest.names['number']}"}, content_type="application/json")
    return ear.body(made) + ear.get_body(f"/s/{made.json()['code']}")


def _live(ear: Ear, nest: Nest, tmp_path: Path) -> bytes:
    """The first event of a stream; test_rights of the live channel reads one off a socket."""
    heard = subscribe(
        viewer_of(AnonymousUser(), places.COUNTY),
        ("incidents", "projects", "facilities", "villages", "devices", "changepoints"),
    )
    return event(news(heard.versions(ledger.counts(heard.tables)), ""))


def _submitted(ear: Ear, nest: Nest, tmp_path: Path) -> bytes:
    body = {"lon": HOME[0], "lat": HOME[1], "text": "路口的灯不亮", "category": "noise"}
    return ear.sent("/api/incidents/", body)


def _uploaded(ear: Ear, nest: Nest, tmp_path: Path) -> bytes:
    file = SimpleUploadedFile("x.jpg", media.jpeg(exif=media.exif((1, 1), text=nest.token("EXIF of an upload"))))
    return ear.body(ear.post("/api/incidents/photos", {"file": file}))


def _sent(path: str, **body: Any) -> Callable[[Ear, Nest, Path], bytes]:
    return lambda ear, nest, tmp_path: ear.sent(path.format(**nest.names), body)


OPEN311 = (
    *("discovery.xml", "v2/services.json", "v2/services/noise.xml", "v2/requests.json?extensions=true"),
    *("v2/requests.xml?extensions=true", "v2/requests/{number}.json?extensions=true", "v2/servicerequestupdates.json"),
    *("v2/requests/{number}.xml?extensions=true", "v2/tokens/{token}.json", "v2/tokens/{token}.xml"),
    "v2/servicerequestupdates.xml?service_request_id={number},2606-HIDEN,2606-WA1TS",
)
HERE = f"lon={HOME[0]}&lat={HOME[1]}"
TRACK = "/api/incidents/track/{code}"

FACES: dict[str, Face] = {
    **{
        name: name
        for name in (
            *("/", "/c/990521/", "/embed", f"/village/{VILLAGE}", f"/village/{VILLAGE}.pdf", f"/kiosk?place={VILLAGE}"),
            *("/report", "/track", "/sitemap.xml", "/follow/stop/{stop}", "/follow/confirm/{confirm}"),
            *("/api/county/", f"/api/places/at?{HERE}", f"/api/places/{VILLAGE}", f"/api/places/{VILLAGE}/panel"),
            *("/api/overview/", "/api/projects/", "/api/projects/{project}/", "/api/projects/{project}/progress/"),
            *("/api/projects/{project}/photos/", "/api/projects/photos/", "/api/projects/board"),
            *("/api/projects/board.csv", f"/api/projects/board/{VILLAGE}", "/api/notices/", "/api/notices/{notice}/"),
            *("/api/facilities/", f"/api/facilities/nearest?{HERE}", "/api/facilities/categories/"),
            *("/api/devices/{device}/", "/api/devices/{device}/series?stream=level"),
            *("/api/devices/alarms", "/api/devices/alarms/{alarm}"),
            "/api/imagery/published/export?format=csv",
            *("/api/layers/changepoints/features", "/api/layers/changepoints/features/{point}"),
            *("/api/layers/changepoints/clusters?zoom=18", "/api/layers/changepoints/counts?level=village"),
            *("/api/facilities/{facility}/", "/api/layers/", "/api/layers/changes?layers=incidents"),
            *("/api/layers/incidents/features", "/api/layers/incidents/features/{report}"),
            *("/api/layers/incidents/clusters?zoom=18", "/api/layers/incidents/counts?level=village"),
            *("/api/search?q=半夜", "/api/search?q=2606", "/api/search?q=canary", "/api/session/"),
            *("/api/incidents/", "/api/incidents/{number}", "/api/incidents/categories"),
            f"/api/devices/latest?bbox={','.join(map(str, places.bbox(VILLAGE)))}",
            f"/api/incidents/similar?{HERE}&text=半夜太吵",
            *(f"/open311/{path}" for path in OPEN311),
            *("/sta/v1.1", "/sta/v1.1/Things?$expand=Locations,Datastreams/Observations,Datastreams/Sensor"),
            *("/stac/", "/stac/openapi", "/stac/conformance", "/stac/collections", "/stac/search"),
            "/sta/v1.1/FeaturesOfInterest?$expand=Observations/Datastream/ObservedProperty",
        )
    },
    "tiles": _tile("incidents"),
    "tiles of points": _tile("changepoints"),
    "export": _export,
    "short link": _short_link,
    "live": _live,
    "submitted": _submitted,
    "uploaded": _uploaded,
    "proposals": _sent("/api/incidents/proposals", text="半夜太吵"),
    "follow": _sent("/api/incidents/{number}:follow", email="canary@example.org"),
    "stop": _sent("/api/incidents/follow/{stop}:stop"),
}

OWN_FACES: dict[str, Face] = {
    "own page": "/track/{code}",
    "own report": TRACK,
    "own photo": TRACK + "/photos/{photo}/large",
    "own document": TRACK + "/documents/{document}",
    "remark": _sent(TRACK + ":comment", text="还是吵"),
    "told": _sent(TRACK + ":tell", email="canary@example.org"),
}
"""What the holder of a tracking code reads: their own words, and of nothing else more than the public."""

OWN = {"incidents.report.text", "incidents.report.address", "incidents.report.attributes", "incidents.comment.text"}

BYTES = (".pdf", "export", "photo", "uploaded")
"""Compressed: numbers in them are no numbers."""

APART = {
    "api/devices/readings": "takes readings from whoever holds a device's token; says how many (tests/devices)",
    "api/devices/snapshot": "takes pictures, likewise",
    "api/schema/": "made of code",
    "api/docs/": "made of code",
    "api/qr.svg": "draws the address that it is given",
    "api/basemap/tiles/<int:z>/<int:x>/<int:y>.mvt": "roads and water, imported",
    "api/photos/<int:pk>/": "of those who keep the photo; 404 for all others (tests/media)",
    "api/orders/<int:pk>": "what one may not see is a 404 (tests/dispatch/test_api)",
    "open311/(?P<path>.*)$": "nothing is there",
    "healthz": "says that it runs",
    "readyz": "says what is missing",
    "imagery/scenes/<slug:key>/tiles/<int:z>/<int:x>/<int:y>": "pixels of public scenes (tests/imagery/test_tiles)",
    "imagery/points/<int:number>/chips/<str:side>": "pixels for reviewers; 404 for all others (likewise)",
    "stac/collections/<slug:key>": "made of public scenes (tests/imagery/test_stac)",
    "stac/collections/<slug:key>/items": "likewise",
    "stac/collections/<slug:key>/items/<slug:item>": "likewise",
    "login": "a form",
    "logout": "a redirect",
    "live/": "the head of the stream; its events are the face `live`",
    "sw.js": "made of code",
    "robots.txt": "made of code",
    r"^media/p/(?P<shelf>[0-9a-f]{2})/(?P<token>[0-9a-f]{32})-(?P<size>thumb|medium|large)\.jpg$": (
        "bytes that the pipeline makes anew (tests/media); who opens them: tests/contracts/test_files"
    ),
    r"^media/d/(?P<token>[0-9a-f]{32})/(?P<name>[^/]{1,120})$": "published as they are; who opens them: test_files",
}
"""Addresses that are neither listened to nor closed, and why."""


@pytest.fixture
def nest() -> Iterator[Nest]:
    with clock.freeze("2026-06-30", everywhere=True):
        made = built.built()
        follower = Follower.objects.get(report=made.names["report"])
        made.names |= {"stop": stop_token(follower), "confirm": confirm_token(follower)}
        yield made


def heard(ear: Ear, nest: Nest, face: Face, tmp_path: Path) -> bytes:
    return ear.get_body(face.format(**nest.names)) if isinstance(face, str) else face(ear, nest, tmp_path)


def sings(nest: Nest, face: str, said: bytes, allowed: set[str]) -> list[str]:
    """What of a private thing is in ``said``."""
    found = [where for token, where in nest.tokens.items() if token.encode() in said and where not in allowed]
    found += [exact for exact in (f"{at:.{digits}f}" for at in HOME for digits in (4, 5)) if exact.encode() in said]
    if not any(name in face for name in BYTES):
        # Among the digits of 40 random tokens there is a "telephone" in every fortieth run: letters end a number
        numbers = re.findall(rb"(?<![\w.])1[3-9]\d{9}(?!\w)", said)
        numbers += re.findall(rb"(?<![\w.])[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dX](?!\w)", said)
        found += [one.decode() for one in numbers]
    return found


def test_numbers_are_heard_and_tokens_are_not(nest: Nest) -> None:
    said = "电话13812345678，tel:15912345678 证330521199003071234".encode()
    assert sings(nest, "a page", said, set()) == ["13812345678", "15912345678", "330521199003071234"]
    assert sings(nest, "a page", b'"/media/p/ab/ab13812345678cd-thumb.jpg"', set()) == []


def test_no_canary_sings(nest: Nest, tmp_path: Path) -> None:
    ear, found = Ear(), {}
    for faces, allowed in ((FACES, set[str]()), (OWN_FACES, OWN)):
        for name, face in faces.items():
            said = heard(ear, nest, face, tmp_path)
            if wrong := sings(nest, name, said, allowed):
                found[name] = wrong
            if name in SHOWS or "v2/requests" in name:
                assert "半夜太吵".encode() in said, f"{name} shows what is public"
    assert found == {}
    ajar = [route for route in routes() if route not in ear.heard and route not in APART and not is_closed(route)]
    assert ajar == [], "a face of FACES, or a reason in APART"


SHOWS = (
    *(
        "/api/incidents/",
        "/api/incidents/{number}",
        f"/api/places/{VILLAGE}/panel",
        f"/village/{VILLAGE}",
        "own report",
    ),
    "/api/layers/incidents/features",
)


def routes() -> list[str]:
    """The routes of all addresses but those of Django's admin, which shows nothing before the sign-in."""

    def below(resolver: URLResolver, before: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            route = f"{before}{str(one.pattern).removeprefix('^') if before else one.pattern}"  # as in a ResolverMatch
            if isinstance(one, URLPattern):
                yield route
            else:
                yield from below(one, route)

    return [route for route in below(get_resolver(), "") if not route.startswith("admin/")]


EXAMPLES = {"photo": 1, "attachment": 1, "move": "accept", "number": "2606-HIDEN", "code": "A" * 13}


def is_closed(route: str) -> bool:
    """Whether neither reading nor writing is answered to whoever has not signed in, but by a wish to do so."""
    examples = {**EXAMPLES, "pk": Photo.objects.earliest("pk").pk}  # of a file that is there: else nobody finds it
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda hit: str(examples[hit[1]]), simplify_regex(route).lstrip("/"))
    for answer in (Client().get(f"/{path}"), Client().post(f"/{path}", {}, content_type="application/json")):
        to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/login")
        if not (to_sign_in or answer.status_code in (401, 403, 405)):
            return False
    return True


def test_the_map_counts_and_names_published_points_only(nest: Nest) -> None:
    """Beside the published one lies one that is not: a number would tell of it as a name does."""
    ear, layer, published = Ear(), "/api/layers/changepoints", nest.names["point"]
    features, clusters, counts = (
        ear.get(f"{layer}/{face}").json() for face in ("features", "clusters?zoom=18", "counts?level=village")
    )
    assert [int(one["id"]) for one in features["features"]] == [published]
    assert ([one["id"] for one in clusters["clusters"]], clusters["total"]) == ([published], 1)
    assert ([one["count"] for one in counts["counts"]], counts["outside"]) == ([1], 0)
    assert [one["id"] for one in drawn(ear, "changepoints")] == [published]


def test_a_hundred_reads_give_the_same_masked_point(nest: Nest) -> None:
    """In the list, for 100 reads of one in full take seconds; both are ``selectors.public_line``."""
    points = {str([row["lonlat"] for row in Client().get("/api/incidents/").json()["items"]]) for _ in range(100)}
    assert len(points) == 1
    assert str(Client().get(f"/api/incidents/{nest.names['number']}").json()["lonlat"]) in min(points)


def test_the_canaries_are_everywhere_and_sing_where_they_may(nest: Nest) -> None:
    for model in built.own_models():
        label = model._meta.label_lower
        assert (label in nest.planted) != (label in built.NOT_PLANTED), f"plant a row of {label}, or say why not"
        for column in built.private_columns(model) if label in nest.planted else []:
            assert f"{label}.{column.name}" in nest.tokens.values()
    client = Client()
    client.force_login(people.user("desk", jurisdiction=["990521"]))
    said = client.get(f"/api/incidents/desk/{nest.names['report']}").content
    found = {where for token, where in nest.tokens.items() if token.encode() in said}
    assert {"incidents.report.text", "incidents.report.address"} <= found
    assert not {where for where in found if where.startswith("incidents.reporter.")}
    assert CODE.encode() not in said
