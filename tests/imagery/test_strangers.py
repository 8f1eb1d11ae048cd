"""Those who answer for another place: they are told nothing of the points here at any address, and change nothing."""

from __future__ import annotations

import hashlib
import re
import uuid

import pytest
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern

from dispatch.models import WorkOrder
from imagery import services
from imagery.api.urls import urlpatterns
from imagery.models import ChangeGroup, ChangePoint, FieldCheck, FieldPhoto, Review
from kernel import clock
from kernel.viewer import Role
from media.selectors import document_link
from tests.factories import dispatch, media, people, places
from tests.factories import imagery as make
from tests.imagery.conftest import say
from tests.imagery.test_api import client_of, post
from tests.imagery.test_field import check, send

pytestmark = pytest.mark.django_db

TOWNSHIP, ELSEWHERE = "990521004", "990522"
SECRET = "石桥的秘密"
"""In every text that somebody wrote of the points."""


@pytest.fixture
def here():
    """Points of a village with everything that can hang on one; ids by the name of their parameter."""
    office, by = dispatch.office(), make.who()
    waiting, checked, righted, grouped = (make.point(number=770_000 + number) for number in range(4))
    say(by, checked, "change", note=SECRET)
    services.point_move(by=by, point_id=checked.pk, move="check", unit=office.unit.pk)
    send(office.handler, checked, check(note=SECRET))
    paper = media.document(by)
    ChangePoint.objects.filter(pk=righted.pk).update(state="found_illegal", basis=paper)
    services.point_move(by=by, point_id=righted.pk, move="rectify", unit=office.unit.pk)
    group = services.group_make(by=by, point_ids=[waiting.pk, grouped.pk], title=SECRET)
    photos = [f"/media/p/{one.token[:2]}/{one.token}" for one in (row.photo for row in FieldPhoto.objects.all())]
    files = [f"{path}-{size}.jpg" for path in photos for size in ("thumb", "medium", "large")]
    return {
        "points": [waiting.pk, checked.pk, righted.pk, grouped.pk],
        "groups": [group.pk],
        "runs": [waiting.run_id],
        "files": [*files, document_link(paper)["url"]],
        "chips": [f"/imagery/points/{number}/chips/after" for number in range(770_000, 770_004)],
        "orders": list(WorkOrder.objects.values_list("pk", flat=True)),
    }


def strangers() -> dict[str, Client]:
    """Everybody who works with points, of another township, unit or county."""
    rival = people.unit("other", "别的单位")
    made = {
        "official of another township": make.who(Role.OFFICIAL, TOWNSHIP),
        "supervisor of another township": make.who(Role.SUPERVISOR, TOWNSHIP),
        "desk of another township": make.who(Role.DESK, TOWNSHIP),
        "handler of another unit": make.who(Role.HANDLER, TOWNSHIP, unit=rival),
        "grid manager of another village": make.who(Role.GRID_MANAGER, f"{TOWNSHIP}001", unit=rival),
    }
    clients = {name: client_of(one) for name, one in made.items()}
    for role in (Role.OFFICIAL, Role.GRID_MANAGER, Role.DESK):
        clients[f"{role.value} of another county"] = Client()
        clients[f"{role.value} of another county"].force_login(
            people.user(role, county=ELSEWHERE, jurisdiction=[ELSEWHERE])
        )
    return clients


def told() -> str:
    """All that is known of the points, to be compared."""
    rows = (model.objects.order_by("pk") for model in (ChangePoint, ChangeGroup, FieldCheck, FieldPhoto, Review))
    return "\n".join(serializers.serialize("json", found) for found in rows)


QUERIES = {
    "api-review-redlines": "bbox=119,30,121,31",
    "api-review-statistics": "by=month",
    "api-review-statistics-table": "by=kind",
    "api-field-route": "lon=120&lat=30.6",
    **dict.fromkeys(("api-review-queue-export", "api-change-points-export", "api-published-export"), "format=csv"),
}

BODIES = {
    "review": {"client_id": uuid.UUID(int=1), "version": 1, "verdict": "change"},
    "find": {"finding": "legal"},
    "check": {},
    "checks": {
        "client_id": uuid.UUID(int=2),
        "at": "2026-06-30T09:00:00+08:00",
        "lonlat": [120.1, 30.5],
        "accuracy_m": 5,
        "finding": "legal",
    },
    "add": {"ids": [1]},
    "remove": {"ids": [1]},
}
"""What is sent to an address that ends so; elsewhere nothing."""

FILES = {"photos": ("a.jpg", media.jpeg((40, 30))), "documents": ("批复.pdf", media.PDF)}


def addresses(here) -> list[tuple[str, str]]:
    """Every address of the review, with what there is: (path below /api/, name of the route)."""
    found = []
    for one in urlpatterns:
        assert isinstance(one, URLPattern)
        route = str(one.pattern)
        whose = re.match(r"imagery/(\w+)/<", route)
        keys = here[whose[1]] if whose else [0]
        found += [(re.sub(r"<(?:int:)?pk>", str(key), route), one.name or "") for key in keys]
    return found


def test_nothing_is_read(here):
    secrets = [SECRET, *(f"{number}" for number in range(770_000, 770_004))]
    secrets += [one.photo.token for one in FieldPhoto.objects.all()]
    around = ["/api/layers/changepoints/features", "/stac/search", f"/api/places/{make.VILLAGE}/panel"]
    around += [f"/api/search?q={word}" for word in ("YG-770001", SECRET)]
    around += ["/api/layers/changepoints/export?format=csv", "/api/orders/"]
    around += [f"/api/orders/{key}" for key in here["orders"]]
    asked = [(f"/api/{path}?{QUERIES.get(route, '')}", path) for path, route in addresses(here)]
    own = client_of(make.who())
    seen = "".join(own.get(address).getvalue().decode("utf-8", "replace") for address, _path in asked)
    assert [one for one in secrets if one not in seen] == [], "whoever answers for the place reads all of it"
    assert {own.get(path).status_code for path in here["files"]} == {200}
    for name, client in strangers().items():
        for path in (*here["files"], *here["chips"]):
            assert client.get(f"{path}?county={places.COUNTY}").status_code == 404, (name, path)
        for address, path in (*asked, *((path, "") for path in around)):
            answer = client.get(f"{address}{'&' if '?' in address else '?'}county={places.COUNTY}")
            assert answer.status_code in (200, 400, 403, 404, 405), (name, address, answer.status_code)
            assert not (path.startswith("imagery/points/") and "/" in path[15:] and answer.status_code == 200), address
            said = answer.getvalue().decode("utf-8", "replace")
            assert [one for one in secrets if one in said.replace("q=YG-770001", "")] == [], (name, address)


def test_nothing_is_written(here):
    before, orders = told(), list(WorkOrder.objects.order_by("pk").values_list("pk", "state", "version"))
    sha256 = hashlib.sha256(FILES["photos"][1]).hexdigest()
    shot = {"azimuth": "90", "taken_at": clock.now().isoformat(), "sha256": sha256}
    for name, client in strangers().items():
        for path, _route in addresses(here):
            if not re.match(r"imagery/(points|groups)/\d", path):
                continue
            body = BODIES.get(re.split("[:/]", path)[-1], {})
            where = f"{path.removeprefix('imagery/')}?county={places.COUNTY}"
            answer = post(client, where, **body)
            assert answer.status_code in (400, 403, 404, 405, 409, 415), (name, path, answer.content)
            if path.endswith(tuple(FILES)):
                form = {**shot, "client_id": uuid.uuid4(), "check": uuid.uuid4()} if path.endswith("photos") else {}
                file = SimpleUploadedFile(*FILES[path.rpartition("/")[2]])
                answer = client.post(f"/api/imagery/{where}", {**form, "file": file})
            if "/" in path[len("imagery/points/") :]:
                assert answer.status_code in (403, 404, 405), (name, path, answer.content)
        post(client, f"queue:next?county={places.COUNTY}")
        ids = here["points"]
        said = {"batch": uuid.uuid4(), "verdict": "change", "ids": ids}
        batch = post(client, f"reviews:batch?county={places.COUNTY}", **said)
        assert batch.status_code == 403 or not any(line["ok"] for line in batch.json()["items"]), name
        made = post(client, f"groups/?county={places.COUNTY}", ids=ids, title="x")
        assert made.status_code in (403, 404), name
    assert told() == before
    assert list(WorkOrder.objects.order_by("pk").values_list("pk", "state", "version")) == orders
