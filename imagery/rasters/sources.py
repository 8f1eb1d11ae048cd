"""What a person brings: one raster of several bands, or several of one, opened and looked at before anything is read.

Whatever cannot become a scene is refused here with a sentence, from the headers alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj
import rasterio
from django.utils.translation import gettext as _
from pyproj.transformer import TransformerGroup
from rasterio._err import CPLE_BaseError
from rasterio.errors import CRSError, NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.warp import transform_bounds

from imagery.rasters.facts import bounds_of
from imagery.rasters.naming import alpha_of, in_order, names_of
from imagery.rasters.reading import data_of
from kernel.errors import Invalid, TooLarge
from kernel.geo import Bbox

KEPT = ("uint8", "uint16", "int16")
"""Types that a scene keeps; other whole and real numbers become ``float32``."""

BANDS_MOST = 64
"""No optical sensor of the catalogue has more; a cube of hundreds would be written whole, band by band."""

_POINTERS = frozenset(
    {"VRT", "WMS", "WMTS", "WCS", "HTTP", "STACIT", "STACTA", "GTI", "TIL", "MRF", "DERIVED", "ECRGTOC", "RPFTOC"}
    | {"DAAS", "EEDA", "EEDAI", "ESRIC", "PLMOSAIC"}
)
"""Formats of GDAL whose files name other files or addresses: whoever made one would choose what this machine reads, and
a scene's checksum would be that of a note."""

_RAW = ("ENVI", "EHdr")
"""Formats of numbers alone, described in a header beside them."""

WGS84_MAJOR_M = 6_378_137.0
"""Of the ellipsoid."""

_TILES_END = 85
"""Degrees of latitude north and south; the tile grid of the web ends a little beyond."""

_POLE = 91
"""Degrees: pixels whose centres lie on the poles reach half a pixel over them."""

_PIXEL_FREE = 1.0
"""Pixels (of the coarser band) by which edges of single-band files may differ: grids of 10 m and 60 m rarely agree."""


@dataclass(frozen=True)
class Source:
    """An opened raster.

    Attributes:
        data: the dataset; the caller's until the block of ``opened`` ends.
        indexes: its bands that are measurements, counted from 1; an alpha band is none.
        names: of these bands, as ``imagery.detect.bands`` has them.
        alpha: its band that says where there is data, or None.
        box: in EPSG:4326.
    """

    data: DatasetReader
    indexes: tuple[int, ...]
    names: tuple[str, ...]
    alpha: int | None
    box: Bbox


@contextmanager
def opened(files: Sequence[Path], *, bands: Sequence[str] = (), pixels_most: int) -> Iterator[list[Source]]:
    """Rasters of one scene, whose bands follow one another: as given, or as their files call them (``in_order``).

    Args:
        files: in any format that GDAL reads; of ENVI the header or the data.
        bands: names in the order of the bands; () reads them out of the files.
        pixels_most: rows × columns that a file may have.

    Raises:
        Invalid: unreadable, not georeferenced, or files that do not fit to each other.
        TooLarge: more pixels than allowed.
    """
    with ExitStack() as stack, warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        found = [stack.enter_context(raster_opened(path)) for path in files]
        if len({Path(data.name).resolve() for data in found}) < len(found):
            raise Invalid(_("同一个文件给了两次。"), code="bands_mismatch", field="files")
        found = found if bands else in_order(found)
        for data in found:
            _check_size(data, pixels_most)
            _placed(data)
        _check_agreement(found)
        try:
            sources = _named(found, bands)
        except RasterioError as error:
            raise broken(error) from error
        yield sources


def broken(error: Exception) -> Invalid:
    """What is said when pixels cannot be read; rasterio's own words only point to those of GDAL."""
    said = _("影像读到一半读不下去：文件不完整，或者已损坏。")
    return Invalid(said, code="raster_broken", field="files", hint=str(error.__cause__ or error)[:200])


def raster_opened(path: Path, field: str = "files") -> DatasetReader:
    """A file that is a raster itself and points to no other.

    Raises:
        Invalid: it is none; ``field`` is what the caller calls it.
    """
    _check_file(path, field)
    try:
        with rasterio.Env() as gdal:
            # `rasterio.open` takes one driver only, against its own documentation.
            return DatasetReader(str(data_of(path)), driver=sorted(gdal.drivers().keys() - _POINTERS))
    except (RasterioError, OSError) as error:
        if path.is_dir():
            said, hint = (
                _("“%s”是文件夹。") % (path.name or path.resolve().name),
                _("请给里面的文件：一个多波段的，或者几个单波段的。"),
            )
            raise Invalid(said, code="raster_broken", field=field, hint=hint) from error
        said = _("“%s”读不出来：不是影像，或者文件已损坏。") % path.name
        hint = _("只指向别的文件或网址的（VRT、WMS 等）不收，请给影像本身。")
        told = hint if path.suffix.lower() in (".vrt", ".xml") else str(error)[:200]
        raise Invalid(said, code="raster_broken", field=field, hint=told) from error


def _check_file(path: Path, field: str) -> None:
    """A file or a folder, and no pipe: whoever opens one waits until somebody writes to it."""
    name = str(path).encode("utf-8", "backslashreplace").decode()
    try:
        is_there = path.is_file() or path.is_dir()
    except OSError:  # the name is too long
        is_there = False
    if not is_there:
        said, hint = _("没有文件“%s”。") % Path(name).name[:80], _("找的是 %s。") % str(Path(name).absolute())[:400]
        raise Invalid(said, code="no_such_file", field=field, hint=hint)
    if name != str(path):
        raise Invalid(_("“%s”的名称不是 UTF-8，请先改名。") % Path(name).name, code="bad_name", field=field)


def _check_size(data: DatasetReader, most: int) -> None:
    pixels = data.width * data.height
    promised = pixels * sum(np.dtype(kind).itemsize for kind in data.dtypes if not kind.startswith("complex"))
    if data.driver in _RAW and Path(data.files[0]).stat().st_size < promised:  # GDAL reads what is missing as zeros
        said = _("“%s”不完整：数据比头文件说的少。") % Path(data.name).name
        raise Invalid(said, code="raster_broken", field="files")
    if pixels > most:
        said = _("“%(name)s”有 %(n).0f 百万像素，超过上限 %(most).0f 百万像素。")
        numbers = {"name": Path(data.name).name, "n": pixels / 1e6, "most": most / 1e6}
        raise TooLarge(said % numbers, code="raster_too_large", field="files", hint=_("请裁成几块分别入库。"))
    if data.count > BANDS_MOST:
        told = {"name": Path(data.name).name, "n": data.count, "most": BANDS_MOST}
        said = _("“%(name)s”有 %(n)d 个波段，最多 %(most)d 个。") % told
        raise TooLarge(said, code="raster_too_large", field="files")
    if any(name.startswith("complex") for name in data.dtypes):
        raise Invalid(_("复数影像不能入库。"), code="raster_type", field="files")


def _placed(data: DatasetReader) -> Bbox:
    """Its box in EPSG:4326.

    Raises:
        Invalid: it does not say where on earth it lies; with the coordinate system that was found, or none.
    """
    name, is_placed = Path(data.name).name, not (data.transform.is_identity or data.transform.is_degenerate)
    if data.crs is None:
        said = _("“%s”没有坐标系。") if is_placed else _("“%s”没有地理参考：既没有坐标系，也没有位置。")
        if not is_placed and data.gcps[0]:
            said = _("“%s”只有控制点，还没有纠正。")
        raise Invalid(said % name, code="no_georeference", field="files", hint=_("请先配准，再入库。"))
    found = crs_name(data)
    if not is_placed:
        said = _("“%(name)s”有坐标系 %(crs)s，但没有位置。") % {"name": name, "crs": found}
        raise Invalid(said, code="no_georeference", field="files", hint=_("请先配准，再入库。"))
    box = _box(data)
    if box is None:
        said = _("“%(name)s”的坐标系 %(crs)s 与它的位置对不上，换算不到经纬度。") % {"name": name, "crs": found}
        raise Invalid(said, code="no_georeference", field="files")
    south, north = box[1], box[3]
    if max(-south, north) > _TILES_END:
        told = {"name": name, "s": south, "n": north, "most": _TILES_END}
        said = _("“%(name)s”在纬度 %(s).1f 到 %(n).1f：地图只到南北纬 %(most)d 度。") % told
        raise Invalid(said, code="beyond_tiles", field="files", hint=_("请先裁到县域附近。"))
    return box


def _box(data: DatasetReader) -> Bbox | None:
    """Its box in EPSG:4326; None where that makes no sense."""
    try:
        west, south, east, north = transform_bounds(data.crs, "EPSG:4326", *bounds_of(data))
    except (RasterioError, CRSError, CPLE_BaseError):  # a plan's own system has no place on earth
        return None
    is_there = -180 <= west < east <= 180 and -_POLE <= south < north <= _POLE
    return (west, south, east, north) if is_there else None


def crs_name(data: DatasetReader) -> str:
    """Its coordinate system as people call it: "EPSG:32650", else the beginning of its description."""
    code = data.crs.to_epsg()
    return f"EPSG:{code}" if code else data.crs.to_wkt().split('"')[1][:60]


def is_beside_its_place(data: DatasetReader) -> bool:
    """Whether nobody knows how its datum lies to WGS 84: Xian 1980 has no public parameters, and is 100 m off.

    CGCS2000 has none either, and agrees to some centimetres: its ellipsoid is that of WGS 84.
    """
    crs = pyproj.CRS(data.crs.to_wkt())
    ways = TransformerGroup(crs, "EPSG:4326").transformers
    is_foreign = crs.ellipsoid is not None and crs.ellipsoid.semi_major_metre != WGS84_MAJOR_M
    return is_foreign and all(way.accuracy < 0 for way in ways)


def _check_agreement(found: Sequence[DatasetReader]) -> None:
    first = found[0]
    for other in found[1:]:
        names = {"a": Path(first.name).name, "b": Path(other.name).name}
        if other.crs != first.crs:
            said = _("“%(a)s”和“%(b)s”的坐标系不同：%(x)s、%(y)s。")
            systems = {"x": crs_name(first), "y": crs_name(other)}
            raise Invalid(said % {**names, **systems}, code="bands_mismatch", field="files")
        free = _PIXEL_FREE * max(*first.res, *other.res)
        if any(abs(a - b) > free for a, b in zip(first.bounds, other.bounds, strict=True)):
            raise Invalid(_("“%(a)s”和“%(b)s”的范围不同。") % names, code="bands_mismatch", field="files")


def _named(found: Sequence[DatasetReader], given: Sequence[str]) -> list[Source]:
    alphas = [None if len(given) == sum(one.count for one in found) else alpha_of(data) for data in found]
    kept = [tuple(i for i in data.indexes if i != alpha) for data, alpha in zip(found, alphas, strict=True)]
    count = sum(map(len, kept))
    if given and len(given) != count:
        said = _("影像有 %(n)d 个波段，给了 %(given)d 个名称。") % {"n": count, "given": len(given)}
        raise Invalid(said, code="bands_mismatch", field="bands")
    names = iter(given or names_of(found, kept))
    sources = []
    for data, indexes, alpha in zip(found, kept, alphas, strict=True):
        sources.append(Source(data, indexes, tuple(next(names) for _i in indexes), alpha, _placed(data)))
    return sources
