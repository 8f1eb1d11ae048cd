"""Tiles and chips: the right ground in the right colours, for those who may see it, kept within bounds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.gis.geos import Polygon
from django.test import Client

from imagery.models import ChangePoint, ChangeRun, Scene
from imagery.selectors.chips import SIDES, chips_of
from imagery.services import Told, chips_render, chips_wait, scene_add
from imagery.tiles import kept
from imagery.tiles.looks import looks_of
from kernel.viewer import Role
from tests.factories import imagery, people, places
from tests.imagery.pictures import BY, COLUMN, ROW, ZOOM, a_scene, address, shown, west_and_east
from tests.imagery.rasters_of import field, raster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folders")]


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
    etag = seen["ETag"]
    for kept_by_the_reader in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        again = reader.get(address(scene), headers={"If-None-Match": kept_by_the_reader})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert reader.get(address(scene), headers={"If-None-Match": '"x"'}).status_code == 200
    assert "Content-Type" not in reader.get(address(scene, ZOOM, 0, 0)).headers
    green, bare = west_and_east(shown(reader.get(address(scene) + "?look=ndvi")))
    assert green[1] > green[0]
    assert bare[0] > green[0]
    red, pale = west_and_east(shown(reader.get(address(scene) + "?look=infrared&stretch=soft")))
    assert red[0] - red[2] > 100 > pale[0] - pale[2]
    assert reader.get(address(scene, ZOOM + 3, COLUMN * 8 + 3, ROW * 8 + 3)).status_code == 200  # finer than the scene
    assert len([path for path in (folders / "TILES_ROOT").rglob("*") if path.is_file()]) == 13


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
    for role, status in ((Role.OFFICIAL, 200), (Role.HANDLER, 200), (Role.DESK, 200), (Role.CITIZEN, 404)):
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


def test_a_chip_shows_what_the_point_is_now_whatever_had_its_number_before(folders):
    point, reader = a_point(folders), a_reviewer()
    address = f"/imagery/points/{point.number}/chips/after"
    before = reader.get(address)
    west, south, east, north = point.geom.extent
    ChangePoint.objects.update(geom=Polygon.from_bbox((west + 0.0004, south, east + 0.0004, north)))
    now = reader.get(address, headers={"If-None-Match": before["ETag"]})
    assert now.status_code == 200
    assert now.getvalue() != before.getvalue()


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
