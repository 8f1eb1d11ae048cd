"""Photos and documents for tests: real picture bytes, drawn here, with metadata where a test asks for it."""

from __future__ import annotations

import io
from typing import Any

import piexif
from django.contrib.auth import get_user_model
from PIL import Image, ImageDraw

from accounts.models import User
from accounts.selectors import viewer_of
from kernel.viewer import Role, Viewer
from media.models import Document, Photo, State
from media.services import document_add, photo_add
from tests.factories import people, places


def picture(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """A picture whose corners tell its orientation: red, lime above, blue, white below."""
    image = Image.new("RGB", size, "gray")
    draw, (width, height) = ImageDraw.Draw(image), size
    across, down = width // 4, height // 4
    corners = {"red": (0, 0), "lime": (width - across, 0), "blue": (0, height - down)}
    for colour, (x, y) in {**corners, "white": (width - across, height - down)}.items():
        draw.rectangle((x, y, x + across, y + down), fill=colour)
    return image.convert(mode)


def jpeg(size: tuple[int, int] = (640, 480), *, mode: str = "RGB", **options: Any) -> bytes:
    """A JPEG; ``options`` go to Pillow (exif=, comment=, xmp=, icc_profile=)."""
    return encoded("JPEG", picture(size, mode), **options)


def encoded(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    """A file of ``kind`` as Pillow names it."""
    out = io.BytesIO()
    (image or picture()).save(out, kind, **options)
    return out.getvalue()


def exif(
    lonlat: tuple[float, float] | None = None,
    taken: str = "",
    *,
    offset: str = "",
    direction: float | None = None,
    orientation: int = 1,
    text: str = "",
    thumbnail: bytes | None = None,
) -> bytes:
    """EXIF with a position, "2026:05:31 08:30:00", an offset "+08:00" and a direction in degrees from north.

    ``text`` goes into every text field.
    """
    tags: dict[str, Any] = {"0th": {piexif.ImageIFD.Orientation: orientation}, "Exif": {}, "GPS": {}, "1st": {}}
    if taken:
        tags["Exif"][piexif.ExifIFD.DateTimeOriginal] = taken
    if offset:
        tags["Exif"][piexif.ExifIFD.OffsetTimeOriginal] = offset
    if lonlat:
        tags["GPS"] = _gps(*lonlat)
    if direction is not None:
        tags["GPS"] |= {
            piexif.GPSIFD.GPSImgDirectionRef: "T",
            piexif.GPSIFD.GPSImgDirection: (round(direction * 100), 100),
        }
    if text:
        tags["0th"] |= {tag: text.encode() for tag in (piexif.ImageIFD.Artist, piexif.ImageIFD.ImageDescription)}
        tags["Exif"] |= {piexif.ExifIFD.UserComment: b"ASCII\0\0\0" + text.encode(), 0xA431: text.encode()}
    if thumbnail:
        tags |= {"thumbnail": thumbnail}
    return piexif.dump(tags)


def photo(by: Viewer | None = None, *, data: bytes | None = None, **fields: Any) -> Photo:
    """A photo with files, published by an official of the county."""
    fields = {"name": "IMG_0001.jpg", "alt": "沟槽里的蓝色供水管", "state": State.PUBLISHED} | fields
    return photo_add(by=by or uploader(), file=io.BytesIO(data or jpeg()), **fields)


PDF = b"%PDF-1.4\n1 0 obj\n%%EOF\n"


def document(by: Viewer | None = None, *, data: bytes = PDF, name: str = "环评.pdf") -> Document:
    """A published document with its file."""
    return document_add(by=by or uploader(), file=io.BytesIO(data), name=name)


def uploader(county: str = places.COUNTY) -> Viewer:
    """An official of the whole county, with a row behind; a second call returns the same."""
    users = get_user_model().objects.filter(role=Role.OFFICIAL, county=county, jurisdictions__place=county)
    found: User = users.first() or people.user(Role.OFFICIAL, county=county, jurisdiction=(county,))
    return viewer_of(found, county)


def _gps(lon: float, lat: float) -> dict[int, Any]:
    return {
        piexif.GPSIFD.GPSLatitudeRef: "N" if lat >= 0 else "S",
        piexif.GPSIFD.GPSLatitude: _dms(abs(lat)),
        piexif.GPSIFD.GPSLongitudeRef: "E" if lon >= 0 else "W",
        piexif.GPSIFD.GPSLongitude: _dms(abs(lon)),
    }


def _dms(degrees: float) -> tuple[tuple[int, int], ...]:
    whole, rest = divmod(degrees, 1)
    minutes, rest = divmod(rest * 60, 1)
    return (int(whole), 1), (int(minutes), 1), (round(rest * 60 * 10000), 10000)
