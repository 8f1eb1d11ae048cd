"""Tiles and chips: the right ground in the right colours, for those who may see it, kept within bounds."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from imagery.models import ChangePoint, ChangeRun, Scene
from imagery.selectors.chips import SIDES, chips_of
from imagery.services import Told, chips_render, chips_wait, scene_add
from imagery.tiles import kept
from imagery.tiles.looks import looks_of
from kernel.viewer import Role, Viewer
from tests.factories import imagery, people, places
from tests.imagery.rasters_of import field, raster

pytestmark = pytest.mark.django_db

BY = Viewer(county=places.COUNTY, label="test")
ZOOM, COLUMN, ROW = 14, 13_657, 6_729
"""The tile that holds the middle of the test rasters."""


@pytest.fixture(autouse=True)
def folders(settings, tmp_path) -> Path:
    for name in ("RASTERS_ROOT", "TILES_ROOT"):
        setattr(settings, name, tmp_path / name)
    settings.RASTERS_ROOT.mkdir()
    places.county()
    return tmp_path


def a_scene(folders: Path, day: str = "20260308", *, is_public: bool = False) -> Scene:
    bands = field(4, 128, "uint16")
    bands[:, :, :64] = np.array([100, 200, 300, 900], "uint16")[:, None, None]  # meadow in the west, bare in the east
    bands[:, :, 64:] = np.array([300, 350, 400, 420], "uint16")[:, None, None]
    bands[:, 0, 0] = int(day[4:])  # equal content would be the same scene
    path = raster(folders / f"{day}.tif", bands, ("blue", "green", "red", "nir"))
    return scene_add(by=BY, files=[path], told=Told(is_public=is_public, sensor="demo"))[0]


def shown(response) -> Image.Image:
    return Image.open(io.BytesIO(response.content))


def address(scene: Scene, z: int = ZOOM, x: int = COLUMN, y: int = ROW) -> str:
    return f"/imagery/scenes/{scene.key}/tiles/{z}/{x}/{y}"


def test_tiles(folders, django_assert_num_queries):
    scene, reader = a_scene(folders, is_public=True), Client()
    found = {}
    for x in (COLUMN - 1, COLUMN, COLUMN + 1):
        for y in (ROW - 1, ROW, ROW + 1):
            answer = reader.get(address(scene, ZOOM, x, y))
            found[x, y] = answer.status_code
    assert set(found.values()) == {200, 204}  # the scene covers some of the nine, and there it is clear at its edge
    seen = reader.get(address(scene))
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/webp")
    assert seen["Cache-Control"] == "public, max-age=3600"
    again = reader.get(address(scene), headers={"If-None-Match": seen["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    green, bare = _west_and_east(shown(reader.get(address(scene) + "?look=ndvi")))
    assert green[1] > green[0]
    assert bare[0] > green[0]
    red, pale = _west_and_east(shown(reader.get(address(scene) + "?look=infrared&stretch=soft")))
    assert red[0] - red[2] > 100 > pale[0] - pale[2]
    assert reader.get(address(scene, ZOOM + 3, COLUMN * 8 + 3, ROW * 8 + 3)).status_code == 200  # finer than the scene
    assert len([path for path in (folders / "TILES_ROOT").rglob("*") if path.is_file()]) == 12


def _west_and_east(picture: Image.Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Colours at the western and at the eastern end of what is to be seen."""
    pixels = np.asarray(picture.convert("RGBA"))
    rows, columns = np.nonzero(pixels[..., 3] > 200)
    row = int(np.median(rows))
    of_row = columns[rows == row]
    return tuple(int(one) for one in pixels[row, of_row.min() + 4]), tuple(
        int(one) for one in pixels[row, of_row.max() - 4]
    )


@pytest.mark.parametrize(
    "path, status, code",
    [
        ("tiles/14/13657/6729?look=x", 400, "invalid"),
        ("tiles/14/13657/6729?look=ndbi", 400, "no_such_look"),
        ("tiles/14/13657/6729?size=512", 400, "unknown_parameter"),
        ("tiles/14/16384/0", 404, "not_found"),
        ("tiles/25/0/0", 404, "not_found"),
    ],
)
def test_refused(path, status, code):
    scene = imagery.scene(is_public=True)
    answer = Client().get(f"/imagery/scenes/{scene.key}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_whose_eyes(folders):
    hidden, gone = a_scene(folders), imagery.scene("2026-01-01", is_public=True)
    asked = address(hidden)
    assert Client().get(asked).status_code == 404
    for role, status in ((Role.OFFICIAL, 200), (Role.HANDLER, 200), (Role.CITIZEN, 404), (Role.DESK, 404)):
        reader = Client()
        reader.force_login(people.user(role))
        answer = reader.get(asked)
        assert answer.status_code == status, role
        if status == 200:
            assert answer["Cache-Control"].startswith("private")
            assert "Cookie" in answer["Vary"]
    missing = Client().get(address(gone))
    assert (missing.status_code, missing.json()["code"]) == (503, "scene_missing")
    Scene.objects.filter(pk=hidden.pk).update(is_public=True, status="withdrawn")
    assert Client().get(asked).status_code == 404


def a_point(folders: Path) -> ChangePoint:
    """In the middle of two scenes, without chips."""
    before, after = a_scene(folders, "20250911"), a_scene(folders, "20260308")
    point = imagery.point(lonlat=tuple(after.footprint.centroid))
    ChangeRun.objects.update(before=before, after=after)
    return ChangePoint.objects.get(pk=point.pk)


def a_reviewer() -> Client:
    reader = Client()
    reader.force_login(people.user(Role.OFFICIAL, jurisdiction=(places.COUNTY,)))
    return reader


def test_chips_are_there_before_anybody_looks(folders):
    point = a_point(folders)
    run, lonlat, after = point.run, tuple(point.center), point.run.after
    assert chips_render(run) == 1
    assert chips_render(run) == 0
    west, south, east, north = ChangePoint.objects.get().chips["box"]
    assert west < lonlat[0] < east
    assert south < lonlat[1] < north
    Path(folders / "RASTERS_ROOT" / after.path).unlink()  # nobody waits for the scene any more
    reader = a_reviewer()
    for side in ("before", "after"):
        answer = reader.get(f"/imagery/points/{point.number}/chips/{side}")
        assert shown(answer).size == (384, 384)
    again = reader.get(f"/imagery/points/{point.number}/chips/after", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert reader.get(f"/imagery/points/{point.number}/chips/side").status_code == 404
    assert Client().get(f"/imagery/points/{point.number}/chips/after").status_code == 404


def test_a_point_without_chips_says_where_they_are_drawn(folders):
    point, reader = a_point(folders), a_reviewer()
    (card,) = reader.get("/api/imagery/queue/").json()["items"]
    assert ChangePoint.objects.get().chips == {}
    assert {shown(reader.get(card["chips"][side])).size for side in SIDES} == {(384, 384)}
    assert chips_render() == 1
    assert ChangePoint.objects.get().chips == card["chips"] == chips_of(point), "drawn before or after, it is the same"


def test_a_scene_without_data_there_is_named_on_the_card(folders):
    point, reader = a_point(folders), a_reviewer()
    bands = field(4, 128, "uint16")
    bands[:, :, 30:] = 0  # data only in the west of the point
    path = raster(folders / "west.tif", bands, ("blue", "green", "red", "nir"), nodata=0)
    west, _is_new = scene_add(by=BY, files=[path], told=Told(sensor="demo", acquired_at=imagery.at("2026-03-09")))
    ChangeRun.objects.update(after=west)

    def told(language: str) -> tuple[list[str], str]:
        (card,) = reader.get(f"/api/imagery/queue/?lang={language}").json()["items"]
        return card["blank"], card["blank_note"]

    assert told("en") == ([], ""), "nobody has tried yet"
    assert chips_render() == 1
    assert told("en") == (["after"], "No picture here: the scene has no data.")
    assert told("zh")[1] == "这里没有画面：这景影像没有数据。"
    assert reader.get(f"/imagery/points/{point.number}/chips/after").status_code == 204


def test_a_picture_that_cannot_be_drawn_is_tried_once_and_stops_no_other(folders, caplog):
    drawn = a_point(folders)
    lost = imagery.point(priority=1)
    ChangePoint.objects.filter(pk=lost.pk).update(run=_without_file(drawn.run))
    assert chips_render() == 1
    assert "chips of 1 points were not drawn" in caplog.text
    assert (ChangePoint.objects.filter(chips={}).count(), chips_wait()) == (0, False)
    answer = a_reviewer().get(ChangePoint.objects.get(pk=lost.pk).chips["after"])
    assert (answer.status_code, answer.json()["code"]) == (503, "scene_missing")


def _without_file(run: ChangeRun) -> ChangeRun:
    told = {"after": imagery.scene("2026-03-09"), "params_hash": "y", "detector": run.detector}
    return ChangeRun.objects.create(county_id=run.county_id, before=run.before, **told)


def test_points_of_a_withdrawn_scene_get_their_chips_when_it_is_back(folders):
    point = a_point(folders)
    Scene.objects.filter(pk=point.run.before_id).update(status=Scene.Status.WITHDRAWN)
    assert (chips_wait(), chips_render(), ChangePoint.objects.get().chips) == (False, 0, {})
    Scene.objects.update(status=Scene.Status.READY)
    assert (chips_wait(), chips_render(), chips_wait()) == (True, 1, False)


def test_what_is_kept_is_bounded(settings, folders):
    settings.TILE_CACHE_MB = 1
    for at in range(30):
        kept.write(f"a/{at}", bytes(50_000))
        os.utime(settings.TILES_ROOT / f"a/{at}", (at, at))
    kept.sweep(2**20)
    left = sorted(int(path.name) for path in (settings.TILES_ROOT / "a").iterdir())
    assert left[-1] == 29
    assert sum(path.stat().st_size for path in (settings.TILES_ROOT / "a").iterdir()) <= 2**20
    assert kept.read("a/29") == bytes(50_000)
    assert kept.read("a/0") is None


def test_looks_follow_the_bands():
    assert looks_of(["blue", "green", "red", "nir"]) == ["natural", "infrared", "ndvi", "ndwi"]
    assert looks_of(["pan"]) == ["natural"]
    assert len(looks_of(["blue", "green", "red", "nir", "swir1", "swir2"])) == 6


def test_a_titiler_beside_us(settings, folders):
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
            settings.TITILER_URL = f"http://127.0.0.1:{door.getsockname()[1]}"
            scene = a_scene(folders, is_public=True)
            seen = Client().get(address(scene))
            assert (seen.status_code, seen["Content-Type"]) == (200, "image/png")
            green, bare = _west_and_east(shown(seen))
            assert bare[0] > green[0]
            assert Client().get(address(scene, ZOOM, 0, 0)).status_code == 204
        finally:
            server.should_exit = True
            beside.join()
    other = Client().get(address(scene, ZOOM + 1, COLUMN * 2 + 1, ROW * 2 + 1))  # it is gone: we draw ourselves
    assert (other.status_code, other["Content-Type"]) == (200, "image/webp")


FIRST = """
import sys, threading
from pathlib import Path
from imagery.tiles import drawing
path, start, failed = Path(sys.argv[1]), threading.Barrier(8), []
bands = ("blue", "green", "red", "nir")
def draw(number):
    start.wait()
    try:
        if number % 2:
            drawing.tile(path, bands, (14, 13_650 + number, 6_729))
        else:
            drawing.chip(path, bands, (120.07, 30.57, 120.08, 30.58))
    except BaseException as error:
        failed.append(repr(error))
threads = [threading.Thread(target=draw, args=(number,)) for number in range(8)]
[one.start() for one in threads]; [one.join() for one in threads]
print(failed)
"""


def test_the_first_pictures_of_a_process_are_drawn_by_many_threads_at_once(folders, settings):
    scene = a_scene(folders)
    done = subprocess.run(
        [sys.executable, "-c", FIRST, str(settings.RASTERS_ROOT / scene.path)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
