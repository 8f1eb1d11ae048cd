"""``manage.py scene_add FILE…``: a satellite scene into a county."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imagery import services
from imagery.detect.clouds import CLOUD_CODES
from imagery.models import Scene
from kernel import clock
from kernel.errors import DomainError
from kernel.viewer import Viewer


class Command(BaseCommand):
    """Make a scene of rasters."""

    help = (
        "Add a satellite scene: GeoTIFF, ENVI or any raster that GDAL reads, one file with several bands or several "
        "files with one each. The same files again are the same scene."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Files, and what they do not say themselves."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--county", default=settings.COUNTY, help="six digits (the default county)")
        parser.add_argument(
            "--acquired", type=_moment, help="when it was taken: 2026-03-08 or 2026-03-08T10:30:00+08:00"
        )
        parser.add_argument("--sensor", default="", help="e.g. Sentinel-2 MSI")
        parser.add_argument("--title", default="")
        parser.add_argument("--bands", default="", help="names in their order: blue,green,red,nir,swir1,swir2")
        parser.add_argument("--cloud", type=float, help="percent under cloud, else by the mask or estimated")
        parser.add_argument(
            "--clouds", type=Path, metavar="FILE", help="a mask of clouds: Sentinel-2 SCL or QA60, Landsat QA_PIXEL "
            "(by the file's name), any other raster: all but 0; detection leaves them out",
        )  # fmt: skip
        parser.add_argument("--clouds-as", choices=sorted(CLOUD_CODES), default="", help="what its values mean")
        parser.add_argument("--licence", default="", help="under which it may be shown, with whose name")
        parser.add_argument("--public", action="store_true", help="everybody may see it")
        parser.add_argument(
            "--again", action="store_true", help="make another scene of files whose scene was withdrawn"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Add it and say what it is."""
        told = services.Told(
            title=options["title"],
            sensor=options["sensor"],
            acquired_at=options["acquired"],
            bands=tuple(filter(None, options["bands"].split(","))),
            cloud=options["cloud"],
            clouds=options["clouds"],
            clouds_as=options["clouds_as"],
            licence=options["licence"],
            is_public=options["public"],
            again=options["again"],
        )
        by = Viewer(county=options["county"], label="scene_add")
        try:
            scene, is_new = services.scene_add(by=by, files=options["files"], told=told)
        except DomainError as error:
            raise CommandError(" ".join(str(part) for part in (error.message, error.hint) if part)) from error
        self._warn(options["files"][0])
        day = f"{scene.acquired_at.astimezone(clock.ZONE):%Y-%m-%d}"
        cloud = "" if scene.cloud is None else f", {scene.cloud:g} % cloud"
        end = "" if is_new else f" It is as it was; /admin/imagery/scene/{scene.pk}/change/ changes it."
        if scene.status == Scene.Status.WITHDRAWN:
            end = " It was withdrawn; --again makes another one, with what you say of it now."
        self.stdout.write(
            f"{'Added' if is_new else 'There already'}: {scene.key}, {day}, "
            f"{scene.source_crs}, {scene.gsd_m:g} m, {', '.join(scene.bands)}{cloud}, {scene.size / 1e6:.1f} MB.{end}"
        )

    def _warn(self, file: Path) -> None:
        """Of what the scene will not show by itself."""
        from imagery.rasters import sources

        with sources.raster_opened(file) as data:
            if sources.is_beside_its_place(data):
                self.stderr.write(
                    f"Nobody has published how {sources.crs_name(data)} lies to WGS 84: the scene may be some 100 m "
                    "beside its place. Have it transformed with the parameters of your surveying office."
                )


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no moment: write 2026-03-08 or 2026-03-08T10:30:00+08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)
