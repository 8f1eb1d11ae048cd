"""Taking scenes in. The file is written first, then its row (docs/adr/0009); a refusal leaves neither."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from imagery.detect.bands import CLOUDS
from imagery.models import Scene
from imagery.rasters import store
from kernel import clock
from kernel.errors import Invalid
from kernel.viewer import Viewer
from places.models import Level, Place
from records.services import audit_write

if TYPE_CHECKING:
    from imagery.rasters.sources import Source

DIGEST = 10
"""Digits of the digest of a scene's files in its key: 40 bits, by which the same files are known again."""

BAND = re.compile(r"[a-z][a-z0-9_]{0,11}", re.ASCII)

EARLIEST = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
"""Nobody has older pictures of a county from above; a day of the calendar's first year can be written, but not read."""

CLOCKS_APART = dt.timedelta(days=1)
"""A day without its hour may be tomorrow somewhere. What is to come proves nothing: see ``imagery.selectors.facts``."""

LEFTOVER_AGE = dt.timedelta(days=1)
"""No scene takes that long to write."""


@dataclass(frozen=True)
class Told:
    """What the person who brings a scene says of it; what is left empty is read out of the files.

    Attributes:
        acquired_at: aware.
        bands: names in the order of the bands.
        cloud: percent; None: by the mask, else it is estimated.
        clouds: a mask of them, and the key of its values in ``CLOUD_CODES``; "" by the name of the file.
        is_public: whether everybody may see its tiles.
        again: make another scene of files whose scene was withdrawn: something wrong was said of it.
    """

    title: str = ""
    sensor: str = ""
    acquired_at: dt.datetime | None = None
    bands: tuple[str, ...] = ()
    cloud: float | None = None
    clouds: Path | None = None
    clouds_as: str = ""
    licence: str = ""
    is_public: bool = False
    again: bool = False


def scene_add(*, by: Viewer, files: Sequence[Path], told: Told | None = None) -> tuple[Scene, bool]:
    """Make a scene out of rasters: one of several bands, or several of one.

    Args:
        by: into whose county; the caller decides who may.
        files: in any format that GDAL reads.
        told: what is known of the scene.

    Returns:
        The scene, and whether it was written: the same files again are the scene that is there, unchanged. If its own
        file is gone it is written anew, from what was brought.

    Raises:
        Invalid: no georeference, damaged, bands or a mask that do not fit, no date that can be, outside of the county.
        TooLarge: more pixels than SCENE_MEGAPIXELS.
    """
    from imagery.rasters import clouds, cog, facts, sources  # 0.4 s of rasterio, for those only who bring a scene

    told = told or Told()
    _check_told(told)
    most = settings.SCENE_MEGAPIXELS * 1_000_000
    with ExitStack() as stack:
        found = stack.enter_context(sources.opened(files, bands=told.bands, pixels_most=most))
        mask = None
        if told.clouds:
            mask = stack.enter_context(clouds.cloud_mask(told.clouds, found[0].data, told.clouds_as))
        digest = facts.digest([*(one.data for one in found), *([mask.data] if mask else [])])[:DIGEST]
        known = Scene.objects.filter(county_id=by.county, key__regex=rf"-{digest}(-\d+)?$").order_by("-pk")
        in_use = known.exclude(status=Scene.Status.WITHDRAWN).first()
        there = in_use if in_use or told.again else known.first()
        if there and (store.root() / there.path).exists():
            return there, False
        scene = _described(by, found, told, f"{digest}-{known.count() + 1}" if known else digest)
        scene.bands += [CLOUDS] * bool(mask)
        county = _county_outline(by.county)
        _check_inside(Polygon.from_bbox(found[0].box), county, scene.source_crs)
        with store.new_file() as new:
            cog.cog_write(found, new, pixels_most=most, clouds=mask)
            parts = [GEOSGeometry(memoryview(one.wkb)) for one in facts.outline_of(new).geoms]
            scene.footprint = MultiPolygon(parts, srid=4326)
            _check_inside(scene.footprint, county, scene.source_crs)
            if scene.cloud is None:
                scene.cloud = clouds.cloud_share(new) if mask else clouds.cloud_estimate(new, scene.bands)
            scene.sha256, scene.size = store.sha256_of(new), new.stat().st_size
            return _restored(by, there, scene, new) if there else _kept(by, scene, new)


def _check_told(told: Told) -> None:
    for field, most in (("title", 80), ("sensor", 40), ("licence", 120)):
        if len(getattr(told, field)) > most:
            raise Invalid(_("“%(field)s”最多 %(n)d 个字。") % {"field": field, "n": most}, field=field)
    if told.cloud is not None and not 0 <= told.cloud <= 100:
        raise Invalid(_("云量是 0 到 100 之间的百分数。"), field="cloud")
    if any(not BAND.fullmatch(name) for name in told.bands) or len(set(told.bands)) < len(told.bands):
        raise Invalid(_("波段名称是不重复的小写字母和数字，如 blue、nir、swir1。"), field="bands")
    if told.clouds_as and not told.clouds:
        raise Invalid(_("--clouds-as 说明云掩膜的数值，要同时给出云掩膜的文件（--clouds）。"), field="clouds_as")
    if CLOUDS in told.bands:  # warped as a measurement it would say cloud everywhere
        raise Invalid(_("云掩膜要单独给一个文件（--clouds）。"), field="bands")


def _described(by: Viewer, sources: Sequence[Source], told: Told, digest: str) -> Scene:
    from imagery.rasters import facts
    from imagery.rasters.sources import crs_name

    found = [one.data for one in sources]
    at = told.acquired_at or facts.acquired_at(found)
    if at is None:
        hint = _("用 --acquired 2026-03-08 说明。")
        raise Invalid(_("影像里没有拍摄时间。"), code="no_date", field="acquired", hint=hint)
    if not EARLIEST <= at <= clock.now() + CLOCKS_APART:
        said = _("拍摄时间不对：%s。") % f"{at:%Y-%m-%d}"
        raise Invalid(said, code="bad_date", field="acquired", hint=_("用 --acquired 2026-03-08 说明。"))
    sensor = (told.sensor or facts.sensor(found))[:40]
    day = f"{at.astimezone(clock.ZONE):%Y-%m-%d}"
    return Scene(
        county_id=by.county,
        key=f"{slugify(sensor)[:30]}-{day}-{digest}".strip("-"),
        title=told.title or f"{sensor} {day}".strip(),
        sensor=sensor,
        acquired_at=at,
        cloud=told.cloud,
        gsd_m=round(min(map(facts.ground_m, found)), 2),
        bands=[name for one in sources for name in one.names],
        source_crs=crs_name(found[0])[:60],
        licence=told.licence,
        is_public=told.is_public,
        added_by_id=by.user_id,
    )


def _county_outline(code: str) -> GEOSGeometry:
    place = Place.objects.filter(county_id=code, level=Level.COUNTY).first()
    if place is None or place.geom is None:
        raise Invalid(_("没有这个县，或者它没有边界：%s。") % code, code="no_county", field="county")
    return place.geom


def _check_inside(area: GEOSGeometry, county: GEOSGeometry, crs: str) -> None:
    if area.empty:
        raise Invalid(_("影像里没有数据。"), code="no_data", field="files")
    if not area.intersects(county):
        west, south, east, north = area.extent
        said = _("影像在县域之外：按它的坐标系 %(crs)s，在经度 %(w).3f 到 %(e).3f、纬度 %(s).3f 到 %(n).3f。")
        place = {"crs": crs, "w": west, "s": south, "e": east, "n": north}
        hint = _("如果坐标系写错了（如投影带、南北半球），请先改正。")
        raise Invalid(said % place, code="outside_county", field="files", hint=hint)


def _kept(by: Viewer, scene: Scene, new: Path) -> tuple[Scene, bool]:
    """Row, audit and file; of two who add the same at once the second gets the scene of the first."""
    scene.path = store.path_of(scene.sha256)
    try:
        with transaction.atomic():
            scene.save(force_insert=True)
            audit_write(by=by, action="scene.add", obj=scene, changes={"sha256": [None, scene.sha256]})
            store.keep(new, scene.sha256)
    except IntegrityError:
        return Scene.objects.exclude(status=Scene.Status.WITHDRAWN).get(county_id=by.county, sha256=scene.sha256), False
    return scene, True


def _restored(by: Viewer, lost: Scene, scene: Scene, new: Path) -> tuple[Scene, bool]:
    """The file of a scene that lost it; what people said of the scene stays."""
    changes = {"sha256": [lost.sha256, scene.sha256]}
    lost.sha256, lost.size, lost.footprint = scene.sha256, scene.size, scene.footprint
    lost.path = store.path_of(scene.sha256)
    with transaction.atomic():
        lost.save(update_fields=["sha256", "size", "footprint", "path"])
        audit_write(by=by, action="scene.restore", obj=lost, changes=changes)
        store.keep(new, scene.sha256)
    return lost, True


def scenes_tidy() -> int:
    """Remove files whose scene never came to be; how many."""
    known = set(Scene.objects.values_list("path", flat=True))
    return store.tidy(known, (clock.now() - LEFTOVER_AGE).timestamp())
