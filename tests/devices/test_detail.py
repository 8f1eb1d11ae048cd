"""One device in full, its curves, and the pictures of cameras."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from devices import selectors, services
from devices.models import AlarmRule, Snapshot
from devices.services import snapshots
from kernel import clock
from kernel.viewer import Role
from media.models import Photo
from tests.devices.conftest import NOW
from tests.factories import devices as make
from tests.factories import people

pytestmark = pytest.mark.django_db
END = dt.datetime.fromisoformat(NOW)


def get(path, user=None):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(path)


@pytest.fixture
def level(weeks):
    """A stream with a reading every ten minutes of eight days."""
    stream = make.stream(key="level", unit="cm", expected_s=600)
    make.take(*((stream, (END - dt.timedelta(minutes=10 * n)).isoformat(), float(n % 100)) for n in range(8 * 144)))
    services.rollups_refresh()
    return stream


def test_a_device_in_full(level):
    kind = level.device.type
    county = level.device.county
    limit = {"kind": "above", "level": 3, "on": 60, "off": 50}
    AlarmRule.objects.create(county=county, type=kind, key="level", title="水位高", **limit)
    url = reverse("api-device", args=[level.device_id])
    with CaptureQueriesContext(connection) as queries:
        said = get(url).json()
    assert len(queries) <= 9
    assert (said["state"], said["seen_at"], said["type"]) == ("online", "2026-06-30T02:20:00+00:00", "manhole")
    (stream,) = said["streams"]
    assert stream["latest"] == {"ts": "2026-06-30T02:20:00+00:00", "value": 0.0, "text": "", "quality": 0}
    assert stream["lines"] == [limit]
    assert (said["may_watch"], said["snapshots"], said["alarms"]) == (False, [], [])


def test_an_unpublished_device_is_there_for_its_own_staff_only(level):
    level.device.is_published = False
    level.device.save()
    own = people.user(Role.GRID_MANAGER, jurisdiction=(make.VILLAGE,))
    other = people.user(Role.GRID_MANAGER, jurisdiction=("990521003008",))
    for path in (f"/api/devices/{level.device_id}/", f"/api/devices/{level.device_id}/series?stream=level"):
        assert [get(path, who).status_code for who in (None, other, own)] == [404, 404, 200]


@pytest.mark.parametrize(
    "hours, step, points, low, high",
    [(24, 0, 145, 0.0, 99.0), (168, 0, 1009, 0.0, 99.0), (169, 3600, 169, 0.0, 99.0), (3000, 86_400, 9, 0.0, 99.0)],
)
def test_curves_keep_the_lowest_and_the_highest(level, hours, step, points, low, high):
    said = get(f"/api/devices/{level.device_id}/series?stream=level&hours={hours}").json()
    assert (said["step_s"], len(said["ts"])) == (step, points)
    assert (min(said["low"]), max(said["high"])) == (low, high)
    assert said["ts"] == sorted(said["ts"])
    assert said["expected"] == hours * 6


def test_many_readings_are_drawn_in_spans(level, monkeypatch):
    from devices.selectors import series

    monkeypatch.setattr(series, "POINTS_MOST", 100)
    said = get(f"/api/devices/{level.device_id}/series?stream=level").json()
    assert said["step_s"] == 1728
    assert len(said["ts"]) <= 51
    assert (min(said["low"]), max(said["high"]), said["count"]) == (0.0, 99.0, 145)


@pytest.mark.parametrize("query", ["stream=none", "", "stream=level&hours=0", "stream=level&until=yesterday"])
def test_curves_of_nothing(level, query):
    assert get(f"/api/devices/{level.device_id}/series?{query}").status_code in (400, 404)


def test_words_are_listed(weeks):
    stream = make.stream(key="state", unit="", is_text=True)
    make.take((stream, NOW, "open"), (stream, "2026-06-30T09:00:00+08:00", "shut"))
    said = get(f"/api/devices/{stream.device_id}/series?stream=state").json()
    assert (said["text"], said["count"]) == (["shut", "open"], 2)


def picture(colour="red") -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG")
    return file.getvalue()


def send(token, body=None, query=""):
    url = reverse("api-device-snapshot") + query
    return Client().post(url, body or picture(), "image/jpeg", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def camera(db):
    return make.device(type=make.kind("camera", title="摄像机", icon="cctv", takes_pictures=True))


def test_pictures_are_for_staff_of_the_village(camera, settings, tmp_path):
    settings.MEDIA_ROOT, settings.SEALED_ROOT = tmp_path / "media", tmp_path / "sealed"
    settings.CAMERA_STREAM_URL = "https://video.example/{code}"
    assert send(make.token(camera)).status_code == 201
    url = f"/api/devices/{camera.pk}/"
    own = people.user(Role.GRID_MANAGER, jurisdiction=(make.VILLAGE,))
    others = (None, people.user(Role.HANDLER), people.user(Role.GRID_MANAGER, jurisdiction=("990521003008",)))
    for who in others:
        said = get(url, who).json()
        assert (said["snapshots"], said["stream_url"], said["may_watch"]) == ([], "", False)
    said = get(url, own).json()
    (shot,) = said["snapshots"]
    assert said["stream_url"] == f"https://video.example/{camera.code}"
    thumb = shot["urls"]["thumb"]
    assert [get(thumb, who).status_code for who in (*others, own)] == [404, 404, 404, 200]


def test_the_newest_pictures_are_kept_with_a_pause_between(camera, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT, settings.SEALED_ROOT = tmp_path / "media", tmp_path / "sealed"
    monkeypatch.setattr(snapshots, "KEPT", 2)
    token = make.token(camera)
    assert [send(token).status_code, send(token).status_code] == [201, 429]
    for n, colour in enumerate(("green", "blue"), start=1):
        with clock.freeze(END + n * snapshots.PACE, everywhere=True):
            assert send(token, picture(colour)).status_code == 201
    assert Snapshot.objects.count() == Photo.objects.count() == 2


def test_who_may_send_pictures(camera):
    lamp = make.device()
    assert send("wrong").status_code == 401
    assert send(make.token(lamp)).json()["code"] == "no_camera"
    assert send(make.token(lamp), query=f"?device={camera.code}").json()["code"] == "foreign_device"
    assert send(make.token(camera), b"not a picture").status_code in (400, 415)
    assert Photo.objects.count() == 0


def test_a_gateway_sends_for_its_cameras(camera, settings, tmp_path):
    settings.MEDIA_ROOT, settings.SEALED_ROOT = tmp_path / "media", tmp_path / "sealed"
    gateway = make.device()
    camera.gateway = gateway
    camera.save()
    assert send(make.token(gateway), query=f"?device={camera.code}").status_code == 201
    assert selectors.file_shown(people.viewer(None), "photo", Photo.objects.get().pk) is False
