"""The bands that detection knows, and which of a file's bands they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

COMMON = ("blue", "green", "red", "nir", "swir1", "swir2")
"""Order of bands in every array; what a sensor has of them. No red edge: it shows the season, not change."""

CLOUDS = "clouds"
"""Name of a band that is none: where it is not 0, a cloud (1) or its shadow (2) hides the ground."""

_BY_COUNT = {3: ("red", "green", "blue"), 4: COMMON[:4], 6: COMMON}
"""Bands without names. Source: the usual order of deliveries (RGB; RGB and NIR; Landsat TM without thermal)."""

_SENTINEL = dict(zip(("2", "3", "4", "8", "11", "12"), COMMON, strict=True))
"""Common band by number. Source: Sentinel-2 MSI, ESA User Handbook, table of spectral bands."""

_OLI = dict(zip(("2", "3", "4", "5", "6", "7"), COMMON, strict=True))
_TM = dict(zip(("1", "2", "3", "4", "5", "7"), COMMON, strict=True))
"""Source: USGS, band designations of the Landsat satellites; 6 of TM and ETM+ is thermal."""

_TM_ORDER = ("1", "2", "3", "4", "5", "6", "7")
_SENTINEL_ORDER = ("1", "2", "3", "4", "5", "6", "7", "8", "8A", "9", "10", "11", "12")
_BY_COUNT_OF_SENTINEL = {
    13: _SENTINEL_ORDER,
    12: tuple(number for number in _SENTINEL_ORDER if number != "10"),
    10: tuple(number for number in _SENTINEL_ORDER if number not in ("1", "9", "10")),
}
"""What is left of a scene: all, without cirrus (level 2A), without all that is 60 m."""

_NUMBERED = re.compile(r"(?:^|[^A-Za-z0-9])B(\d{1,2}A?)(?=$|[^A-Za-z0-9])", re.IGNORECASE)
_LANDSAT = re.compile(r"(?:^|[^A-Za-z0-9])L[COTEM]0?(\d)(?:_|\d)", re.IGNORECASE)
_WORD = re.compile(r"(?:^|[^a-z0-9])(blue|green|red|nir|swir[ _-]?1|swir[ _-]?2)(?=$|[^a-z0-9])", re.IGNORECASE)

_MICROMETRES = (
    ("blue", 0.44, 0.52),
    ("green", 0.52, 0.60),
    ("red", 0.62, 0.69),
    ("nir", 0.76, 0.91),
    ("swir1", 1.5, 1.8),
    ("swir2", 2.0, 2.4),
)
"""Centres of a common band lie between these. Source: band centres of Landsat TM/ETM+/OLI, Sentinel-2 and GF-1."""


class BandsError(ValueError):
    """The bands of a file cannot be told; the message says why."""


def is_named(text: str) -> bool:
    """Whether a file name or a description tells which band this is (``…_B08.tif``, ``B11``, ``red``)."""
    return bool(_NUMBERED.search(text) or _WORD.search(text))


def by_name(names: Sequence[str], files: Sequence[str] = ()) -> dict[str, int]:
    """Common band → position, from words (``red``) or the numbers of Sentinel-2 and Landsat; the first that fits.

    Args:
        names: of the bands.
        files: names of their files: they may say whose numbers these are.
    """
    numbers = [found[1].upper().lstrip("0") if (found := _NUMBERED.search(text)) else "" for text in names]
    table = _numbering([*names, *files], set(numbers))
    known: dict[str, int] = {}
    for position, (text, number) in enumerate(zip(names, numbers, strict=True)):
        word = None if number else _WORD.search(text)
        name = re.sub(r"[ _-]", "", word[1].lower()) if word else table.get(number)
        if name:
            known.setdefault(name, position)
    return known


def named(text: str) -> str | None:
    """The common band that one text tells, numbers as Sentinel-2 counts them; None where it tells none."""
    return next(iter(by_name([text])), None)


def _numbering(names: Sequence[str], numbers: set[str]) -> dict[str, str]:
    """Whose numbers these are: the file names' product says it, else which of them are there; else Sentinel-2's."""
    if product := next((found for text in names if (found := _LANDSAT.search(text))), None):
        return _OLI if int(product[1]) >= 8 else _TM
    if numbers & {"8", "8A", "11", "12"} or "7" not in numbers:
        return _SENTINEL
    return _OLI if "6" in numbers else _TM


def by_wavelength(micrometres: Sequence[float]) -> dict[str, int]:
    """Common band → position, by the band's centre; the first that fits."""
    found: dict[str, int] = {}
    for position, centre in enumerate(micrometres):
        for name, low, high in _MICROMETRES:
            if low <= centre <= high:
                found.setdefault(name, position)
    return found


def positions(
    names: Sequence[str], micrometres: Sequence[float] = (), *, count: int, files: Sequence[str] = ()
) -> dict[str, int]:
    """Which of a file's bands are common ones.

    Args:
        names: a description, or the name of its own file, for each band; may be empty strings.
        micrometres: centre of each band, when the file tells.
        count: how many bands there are.
        files: names of their files, for whose numbers these are.

    Returns:
        Common band → position, from 0. Names win over wavelengths, these over the count alone: thirteen, twelve or ten
        nameless bands are taken for Sentinel-2 in ESA's order, seven for Landsat TM.

    Raises:
        BandsError: nothing tells which bands these are.
    """
    enough = min(2, count)
    if len(found := by_name(names, files)) >= enough or len(found := by_wavelength(micrometres)) >= enough:
        return found
    if order := _BY_COUNT_OF_SENTINEL.get(count):
        return {name: order.index(number) for number, name in _SENTINEL.items()}
    if count == len(_TM_ORDER):
        return {name: _TM_ORDER.index(number) for number, name in _TM.items()}
    if count in _BY_COUNT:
        return {name: position for position, name in enumerate(_BY_COUNT[count])}
    if count <= 2:
        return {COMMON[position]: position for position in range(count)}
    raise BandsError(f"{count} bands without names or wavelengths: say which (--bands) are {', '.join(COMMON)}")
