"""What the bands of a raster show, out of what the file says of them: for scenes and for detection alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader

from imagery.detect.bands import BandsError, by_name, by_wavelength, is_named, positions

_WAVELENGTH = re.compile(r"\(?(\d*\.\d+) ?(?:Micrometers|um|µm)", re.IGNORECASE)
_COLOURS = {ColorInterp.red: "red", ColorInterp.green: "green", ColorInterp.blue: "blue"}


@dataclass(frozen=True)
class Said:
    """What a file says of one of its bands.

    Attributes:
        text: its description, or where that tells nothing the name of a file with this band alone.
        micrometres: its centre, where that is told.
        file: name of the file, which may say whose numbers its bands have.
    """

    text: str
    micrometres: float | None
    file: str


def said_of(data: DatasetReader, index: int) -> Said:
    """What is said of a band, counted from 1."""
    description, file = data.descriptions[index - 1] or "", Path(data.name).name
    text = description if data.count > 1 or is_named(description) else file
    return Said(text, _micrometres(data, index, description), file)


def _micrometres(data: DatasetReader, index: int, description: str) -> float | None:
    """From ENVI's tag, where nanometres are recognised by their size, or from "665 (0.665 Micrometers)"."""
    try:
        value = float(data.tags(index)["wavelength"])
    except (KeyError, ValueError):
        told = _WAVELENGTH.search(description)
        return float(told[1]) if told else None
    return value / 1000 if value > 100 else value


def natural(text: str) -> list[str | int]:
    """Key by which B2 comes before B10."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", text)]


def in_order(found: Sequence[DatasetReader]) -> list[DatasetReader]:
    """Files of one band each by what they call it, so that naming them in another order makes no other scene of them.

    Where one of them tells nothing, their order does, and stays.
    """
    texts = [said_of(data, 1).text if data.count == 1 else "" for data in found]
    if not all(map(is_named, texts)):
        return list(found)
    return [data for _text, data in sorted(zip(texts, found, strict=True), key=lambda one: natural(one[0]))]


def common(said: Sequence[Said]) -> dict[str, int]:
    """Common band → position among what is said.

    Raises:
        BandsError: nothing tells which bands these are.
    """
    centres = [one.micrometres for one in said if one.micrometres is not None]
    texts, files = [one.text for one in said], [one.file for one in said]
    return positions(texts, centres if len(centres) == len(said) else (), count=len(said), files=files)


def names_of(found: Sequence[DatasetReader], kept: Sequence[tuple[int, ...]]) -> list[str]:
    """A name for each band, no name twice: by wavelength, colour, description or file name; else its number ("b7").

    Where a file says nothing: one band is "pan", others come in the usual orders of deliveries.

    Args:
        found: the files in their order.
        kept: the bands of each that are measurements, counted from 1.
    """
    bands = [(data, index, indexes) for data, indexes in zip(found, kept, strict=True) for index in indexes]
    said = [said_of(data, index) for data, index, _indexes in bands]
    known = by_name([one.text for one in said], [one.file for one in said])
    told = {at: name for name, at in known.items()}
    for at, (data, index, indexes) in enumerate(bands):
        told[at] = _by_light(said[at]) or _colour(data, index, indexes) or told.get(at, "")
    if not any(told.values()):
        told = _by_count(said)
    names: list[str] = []
    for at in range(len(bands)):
        name = told.get(at, "")
        names.append(name if name and name not in names else f"b{at + 1}")
    return names


def _by_light(said: Said) -> str:
    return next(iter(by_wavelength([said.micrometres])), "") if said.micrometres is not None else ""


def _colour(data: DatasetReader, index: int, kept: tuple[int, ...]) -> str:
    is_guess = ColorInterp.alpha in data.colorinterp and len(kept) == data.count  # see ``alpha_of``
    return "" if is_guess else _COLOURS.get(data.colorinterp[index - 1], "")


def _by_count(said: Sequence[Said]) -> dict[int, str]:
    if len(said) == 1:
        return {0: "pan"}
    try:
        return {at: name for name, at in common(said).items()} if len(said) > 2 else {}
    except BandsError:
        return {}


def alpha_of(data: DatasetReader) -> int | None:
    """Its band that only says where there is data.

    GDAL calls the fourth band of every file of bytes so when nobody says otherwise: it is one if it holds only 0 and
    255 in each of up to 512 × 512 pixels.

    Raises:
        RasterioError: it is damaged. Whoever goes on with the dataset hears of that again, in whatever is asked next.
    """
    index: int | None = next((i for i in data.indexes if data.colorinterp[i - 1] == ColorInterp.alpha), None)
    if index is None or data.descriptions[index - 1]:
        return None
    seen = data.read(index, out_shape=(min(512, data.height), min(512, data.width)))
    is_mask = bool(np.isin(seen, (0, 255)).all())
    return int(index) if is_mask else None
