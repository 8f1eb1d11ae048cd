"""From what somebody names (a file, a folder, several files) to a picture: which files, which bands, where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from affine import Affine
from rasterio.io import DatasetReader

from imagery.detect import bands as naming
from imagery.rasters.naming import Said, alpha_of, common, natural, said_of
from imagery.rasters.reading import MOST_PIXELS, BandFile, Picture, RasterError, data_of, opened

_NOT_RASTERS = frozenset(
    {".hdr", ".xml", ".txt", ".md", ".json", ".geojson", ".csv", ".zip", ".html"}
    | {".ovr", ".aux", ".sta", ".enp", ".tfw"}
)
"""What lies beside rasters and is none."""


@dataclass(frozen=True)
class _Found:
    """One band of one file, and what the file says of it."""

    band: BandFile
    said: Said
    is_whole: bool
    transform: Affine | None
    crs: str | None


def picture(named: str | Path | Sequence[str | Path], wanted: Sequence[str] = ()) -> Picture:
    """What can be read of a scene.

    Args:
        named: a file; a folder with single-band files or one file; several files, also as one text with commas.
        wanted: ``blue,green,red,nir`` for what the bands are in their order (``-`` for one to leave out, ``clouds``
            for a mask of them), when the files do not tell.

    Raises:
        RasterError: nothing there is a raster, its bands cannot be told, it is enormous, or its files do not cover
            the same ground.
    """
    found = [band for path in _files(named) for band in _bands(path)]
    try:
        chosen = _as_said(found, wanted) if wanted else common([one.said for one in found])
    except naming.BandsError as error:
        raise RasterError(f"{_short(named)}: {error}") from error
    clouds = chosen.pop(naming.CLOUDS, None)
    if not chosen:
        known = ", ".join(naming.COMMON)
        raise RasterError(f"{_short(named)}: none of its bands is one of {known}.", "no_band", known=known)
    finest = max((found[at] for at in chosen.values()), key=lambda one: one.band.rows * one.band.cols)
    rows, cols = finest.band.rows, finest.band.cols
    if rows * cols > MOST_PIXELS:
        raise RasterError(f"{_short(named)} has {rows:,} × {cols:,} pixels; at most {MOST_PIXELS:,} are read.")
    names = [name for name in naming.COMMON if name in chosen]
    used = [found[chosen[name]] for name in names]
    _same_ground(named, used, finest)
    is_zero_empty = all(one.is_whole and one.band.nodata is None for one in used)
    files = tuple(one.band for one in used)
    hidden = None if clouds is None else found[clouds].band
    return Picture(files, tuple(names), rows, cols, finest.transform, finest.crs, is_zero_empty, hidden)


def _short(named: str | Path | Sequence[str | Path]) -> str:
    return Path(named).name if isinstance(named, str | Path) else ", ".join(Path(one).name for one in named)


def _files(named: str | Path | Sequence[str | Path]) -> list[Path]:
    """The files that are meant; a folder's in natural order (B2 before B10)."""
    if isinstance(named, str) and not Path(named).exists() and "," in named:
        named = named.split(",")
    if not isinstance(named, str | Path):
        return [data_of(Path(one)) for one in named]
    path = Path(named)
    if not path.exists():
        raise RasterError(f"{path.name} does not exist.", "missing", name=path.name)
    if not path.is_dir():
        return [data_of(path)]
    return _rasters_in(path)


def _rasters_in(path: Path) -> list[Path]:
    inside = [one for one in path.iterdir() if one.is_file() and one.suffix.lower() not in _NOT_RASTERS]
    inside = [one for one in inside if not one.name.startswith(".")]
    if not inside:
        raise RasterError(f"There is no raster in the folder {path.name}.")
    if named_ones := [one for one in inside if naming.is_named(one.name)]:
        inside = named_ones
    return sorted(inside, key=lambda one: natural(one.name))


def file_of(named: str | Path) -> Path:
    """The one raster that is meant: a file, or the first of a folder, those that are no previews first.

    Raises:
        RasterError: it does not exist, or no raster is in the folder.
    """
    found = [path for path in _files(str(named).rstrip(",")) if path.exists()]
    if not found:
        raise RasterError(f"{Path(named).name} does not exist.")
    return min(found, key=lambda path: path.suffix.lower() in (".png", ".jpg", ".jpeg"))


def _bands(path: Path) -> list[_Found]:
    """The bands of a file, without a channel that says what is transparent."""
    with opened(path) as source:
        if any(kind.startswith("complex") for kind in source.dtypes):
            raise RasterError(f"{path.name} holds complex numbers (radar); detection wants an optical picture.")
        transform, crs, alpha = *_place(source), alpha_of(source)
        return [
            _Found(
                BandFile(str(path), index, source.height, source.width, source.nodatavals[index - 1]),
                said_of(source, index),
                source.dtypes[index - 1].startswith(("uint", "int")),
                transform,
                crs,
            )
            for index in source.indexes
            if index != alpha
        ]


def _place(source: DatasetReader) -> tuple[Affine | None, str | None]:
    """Transform and coordinate system, or None where the file has not both."""
    if source.crs is None or source.transform == Affine.identity():
        return None, None
    return source.transform, source.crs.to_wkt()


def _as_said(found: list[_Found], wanted: Sequence[str]) -> dict[str, int]:
    unknown = [name for name in wanted if name not in (*naming.COMMON, naming.CLOUDS, "-")]
    if unknown:
        raise RasterError(f"There is no band {unknown[0]!r}; they are called {', '.join(naming.COMMON)}.")
    twice = next((name for name in wanted if name != "-" and wanted.count(name) > 1), None)
    if twice:
        raise RasterError(f"The band {twice!r} is named twice.")
    if len(wanted) > len(found):
        raise RasterError(f"{len(wanted)} bands are named, and there are {len(found)}.")
    return {name: at for at, name in enumerate(wanted) if name != "-"}


def _same_ground(named: str | Path | Sequence[str | Path], used: list[_Found], finest: _Found) -> None:
    """Bands of other resolutions must cover what the finest covers, to a tenth of a coarse pixel's share of it."""
    for one in used:
        height, width = finest.band.rows / one.band.rows, finest.band.cols / one.band.cols
        if abs(height - width) > 0.02 * max(height, width):
            raise RasterError(
                f"{_short(named)}: {Path(one.band.path).name} has {one.band.rows} × {one.band.cols} pixels, "
                f"{Path(finest.band.path).name} {finest.band.rows} × {finest.band.cols}: not the same ground."
            )
        if one.crs != finest.crs:
            raise RasterError(f"{_short(named)}: its bands lie in different coordinate systems.")
