"""A TiTiler beside us: its tiles are like ours, and the site never waits for it."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from imagery.models import Scene
from imagery.services import Told, scene_add
from imagery.tiles import sidecar
from tests.factories import imagery
from tests.imagery.pictures import BY, COLUMN, ROW, ZOOM, a_scene, address, shown
from tests.imagery.rasters_of import field, raster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folders")]

BANDS = ("blue", "green", "red", "nir")


@pytest.fixture(autouse=True)
def _it_was_never_asked(monkeypatch):
    monkeypatch.setattr(sidecar, "_rests_until", 0.0)


@contextmanager
def titiler() -> Iterator[str]:
    """One that serves, and its address."""
    import uvicorn
    from fastapi import FastAPI
    from titiler.core.errors import DEFAULT_STATUS_CODES, add_exception_handlers
    from titiler.core.factory import TilerFactory

    app = FastAPI()
    add_exception_handlers(app, DEFAULT_STATUS_CODES)
    app.include_router(TilerFactory(router_prefix="/cog").router, prefix="/cog")
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        beside = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        beside.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            beside.join()


def a_rough_scene(folders: Path) -> Scene:
    """Every pixel differs from the next one, and the west has no data."""
    bands = field(4, 512, "uint16") + np.random.default_rng(9).integers(1, 100, (4, 512, 512), "uint16")
    bands[:, :, :200] = 0
    path = raster(folders / "rough.tif", bands, BANDS, nodata=0)
    told = Told(is_public=True, sensor="demo", acquired_at=imagery.at("2026-03-09"))
    return scene_add(by=BY, files=[path], told=told)[0]


def test_its_tiles_are_like_ours(settings, folders, monkeypatch):
    scene, reader = a_rough_scene(folders), Client()
    around = [(ZOOM, COLUMN + x, ROW + y) for x in range(-1, 4) for y in range(-2, 4)]
    around += [(17, (COLUMN + 1 << 3) + x, (ROW + 1 << 3) + 1) for x in range(-10, 16)]  # finer than the scene
    ours = {place: reader.get(address(scene, *place)) for place in around}
    with titiler() as settings.TITILER_URL:
        monkeypatch.setattr("imagery.views.drawing.tile", None)
        settings.TILES_ROOT = folders / "its tiles"
        for place, drawn in ours.items():
            its = reader.get(address(scene, *place))
            assert (its.status_code, its.get("Content-Type")) == (drawn.status_code, drawn.get("Content-Type")), place
            if its.get("Content-Type") == "image/jpeg":  # another encoder: 9 grey levels in noise
                assert abs(np.asarray(shown(drawn)).astype(int) - np.asarray(shown(its))).mean() < 12, place
            else:
                assert its.content == drawn.content, place
    assert {one.get("Content-Type") for one in ours.values()} == {None, "image/webp", "image/jpeg"}


def test_it_is_gone_or_does_not_find_the_file(settings, folders, caplog):
    scene, reader = a_scene(folders, is_public=True), Client()
    with titiler() as settings.TITILER_URL:
        settings.TITILER_ROOT = "/nowhere"
        assert reader.get(address(scene)).status_code == 200, "what it does not find is no tile without data"
    assert "HTTP Error" in caplog.text
    sidecar._rests_until = 0.0
    assert reader.get(address(scene, ZOOM + 1, COLUMN * 2 + 1, ROW * 2 + 1)).status_code == 200
    assert "refused" in caplog.text


def _broken() -> bytes:
    """A PNG whose second part is none."""
    out = io.BytesIO()
    noise = np.random.default_rng(9).integers(0, 255, (256, 256, 4), "uint8")
    Image.fromarray(noise).save(out, "PNG")
    first, _sign, rest = out.getvalue().rpartition(b"IDAT")
    return first + b"\t\x02es" + rest


@pytest.mark.parametrize("body", [b"", b"<html>", _broken()], ids=["nothing", "a page", "a broken picture"])
def test_nothing_but_a_picture_is_believed(settings, folders, body):
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

    scene, reader = a_scene(folders, is_public=True), Client()
    with HTTPServer(("127.0.0.1", 0), Other) as server:
        beside = threading.Thread(target=server.handle_request)
        beside.start()
        settings.TITILER_URL = f"http://127.0.0.1:{server.server_port}"
        answer = reader.get(address(scene))
        beside.join()
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert sidecar._rests_until > 0


def test_nobody_waits_for_one_that_hangs(settings, folders, monkeypatch, caplog):
    scene, threads = a_scene(folders), 8
    path = settings.RASTERS_ROOT / scene.path
    start = threading.Barrier(threads)
    monkeypatch.setattr(sidecar, "PATIENCE_S", 1.0)

    def ask(_number: int) -> float:
        start.wait()
        began = time.monotonic()
        assert sidecar.tile(path, scene.bands, (ZOOM, COLUMN, ROW), "natural", "normal") is None
        return time.monotonic() - began

    def waited() -> int:
        """Of eight who ask at once so many wait."""
        return sum(took > 0.9 for took in pool.map(ask, range(threads)))

    with socket.create_server(("127.0.0.1", 0), backlog=64) as door, ThreadPoolExecutor(threads) as pool:
        settings.TITILER_URL = f"http://127.0.0.1:{door.getsockname()[1]}"
        assert waited() == threads // 2, "half of the site stays free"
        assert waited() == 0, "it is not asked again"
        monkeypatch.setattr(sidecar, "_rests_until", time.monotonic())
        assert waited() == 1, "one tries again, and nobody waits with it"
        assert waited() == 0
    assert caplog.text.count("TiTiler gives no tile") == threads // 2 + 1
