"""What the next scene shows again is the point that it was: three dates of invented ground, taken in as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import Polygon
from pyproj import Transformer

from imagery import services
from imagery.ingest import run_carry_out
from imagery.models import ChangePoint, ChangeRun, Scene, Sighting
from kernel.viewer import Viewer
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.grounds import COMES, GOES, NEAR, STAYS, Ground, ground
from tests.imagery.rasters_of import UTM, raster

BY = Viewer(county=places.COUNTY, label="change_detect")
NAMES = ("blue", "green", "red", "nir", "swir1", "swir2")
DAYS = ("2025-09-11", "2026-03-08", "2026-06-01")
NEAR_M = 20.0
"""What is farther apart is never linked; 50 m are asked for."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path) -> None:
    settings.RASTERS_ROOT = tmp_path / "rasters"
    settings.RASTERS_ROOT.mkdir()
    settings.CHANGE_EXECUTOR = "threads"
    places.village(make.VILLAGE)


def scenes_of(made: Ground, folder: Path) -> list[Scene]:
    scenes = []
    for day, bands in zip(DAYS, made.scenes, strict=True):
        brought = raster(folder / f"{day}.tif", np.clip(bands, 1, 65_535).astype("uint16"), NAMES, nodata=0)
        told = services.Told(acquired_at=make.at(day), sensor="demo")
        scenes.append(services.scene_add(by=BY, files=[brought], told=told)[0])
    return scenes


def compared(before: Scene, after: Scene, **params: float) -> tuple[ChangeRun, services.FoundPoints]:
    named = {"before": before, "after": after, "detector": "fusion", "code_version": services.CODE_VERSION}
    run = services.run_add(by=BY, **named, **params)[0]
    found = run_carry_out(by=BY, run=run)
    run.refresh_from_db()
    return run, found


class Truth:
    """Outlines on the earth of what was planted."""

    def __init__(self, made: Ground) -> None:
        lonlat, place = Transformer.from_crs(UTM["crs"], "EPSG:4326", always_xy=True), UTM["transform"]
        corners = [
            [(cols.start, rows.start), (cols.stop, rows.start), (cols.stop, rows.stop), (cols.start, rows.stop)]
            for rows, cols in (one.at for one in made.planted)
        ]
        self.shapes = [shapely.Polygon([lonlat.transform(*(place @ at)) for at in ring]) for ring in corners]
        self.tree = shapely.STRtree(self.shapes)

    def below(self, outline: Polygon, share: float = 0.0) -> set[int]:
        """Numbers of the planted that an outline covers, at least by so much of them."""
        seen = shapely.from_wkb(bytes(outline.wkb))
        near = self.tree.query(seen, "intersects").tolist()
        return {at for at in near if seen.intersection(self.shapes[at]).area >= share * self.shapes[at].area}

    def of(self, keys: tuple[int, ...]) -> set[int]:
        """Those that have a point of their own among these."""
        points = ChangePoint.objects.filter(pk__in=keys)
        return {at for point in points for at in self.below(point.geom, 0.3)}


@pytest.mark.parametrize("seed", [3])
def test_what_was_planted_is_linked_with_itself_and_what_is_new_is_new(tmp_path, seed):
    """300 patches stay, 40 go again, 70 come later, 40 of these 20–60 m beside an old one; half a pixel of shift."""
    made = ground(seed)
    truth, (one, two, three) = Truth(made), scenes_of(made, tmp_path)
    first = compared(one, two)[1]
    outlines = {point.pk: point.geom for point in ChangePoint.objects.all()}
    stays = set(made.of(STAYS)) & truth.of(first.added)
    assert len(stays) >= 0.95 * 300, "else little is proved"

    again, repeated = compared(one, three)
    assert again.shift_px is not None
    assert again.shift_px == pytest.approx(0.5 * 2**0.5, abs=0.06), "half a pixel of 10 m down and right, not of 8.2 m"
    sightings = list(Sighting.objects.all())
    own = {seen.pk: truth.below(outlines[seen.point_id]) & truth.below(seen.geom) for seen in sightings}
    linked = stays & {at for several in own.values() for at in several}
    assert len(linked) >= 0.95 * len(stays)
    planted = [seen for seen in sightings if truth.below(seen.geom) or truth.below(outlines[seen.point_id])]
    crossed = [seen for seen in planted if not own[seen.pk]]
    assert len(crossed) <= 0.01 * len(sightings), "with a neighbour within 20 m, where the patch itself is not found"
    assert max(_apart_m(seen.geom, outlines[seen.point_id]) for seen in sightings) <= NEAR_M
    assert set(made.of(COMES)) <= truth.of(repeated.added)

    told = {
        at: point for point in ChangePoint.objects.filter(pk__in=first.added) for at in truth.below(point.geom, 0.3)
    }
    gone = {at for at, point in told.items() if point.gone_on}
    went = set(made.of(GOES)) & set(told)
    assert len(went) > 30
    assert len(gone & went) >= 0.9 * len(went), "what the third scene does not show any more is said to be gone"
    assert not gone & stays, "and nothing that it shows"
    assert (again.gone, again.again) == (len(repeated.gone), len(repeated.again))

    latest = compared(two, three, share=0.012)[1]
    assert set(made.of(GOES)) <= truth.of(latest.added), "what is gone again has changed again"
    assert set(made.of(NEAR)) <= truth.of(repeated.added + latest.added), "beside an old one, too"


def _apart_m(one: Polygon, other: Polygon) -> float:
    metric = [geom.transform(32651, clone=True) for geom in (one, other)]
    return float(metric[0].distance(metric[1]))
