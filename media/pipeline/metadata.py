"""When and where a picture was taken, from EXIF. What is broken or absurd counts as not there."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from PIL import ExifTags, Image

from kernel import clock

Moment = dt.datetime
LonLat = tuple[float, float]

EARLIEST = dt.datetime(2000, 1, 2, tzinfo=clock.ZONE)
"""A camera that lost its clock says 1970, 1980 or 2000-01-01."""

_TAKEN = (
    (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
    (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
)


def read_exif(image: Image.Image) -> tuple[Moment | None, LonLat | None, int]:
    """When (aware) and where (EPSG:4326) ``image`` was taken, and its EXIF orientation 1…8.

    A picture must not be refused because a tool wrote broken EXIF, and Pillow's reader raises a dozen kinds of
    errors for it: whatever goes wrong means "unknown".
    """
    try:
        exif = image.getexif()
        orientation = exif.get(ExifTags.Base.Orientation, 1)
    except Exception:
        return None, None, 1
    if orientation not in range(1, 9):
        orientation = 1
    return _taken_at(exif), _lonlat(exif), orientation


def _taken_at(exif: Image.Exif) -> Moment | None:
    try:
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        for date_tag, offset_tag in _TAKEN:
            moment = _moment(inner.get(date_tag), inner.get(offset_tag))
            if moment is not None:
                return moment
        return _moment(exif.get(ExifTags.Base.DateTime), None)
    except Exception:
        return None


def _moment(date: Any, offset: Any) -> Moment | None:
    if not isinstance(date, str):
        return None
    try:
        naive = dt.datetime.strptime(date.strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # zone follows
    except ValueError:
        return None
    moment = naive.replace(tzinfo=_zone(offset))
    in_range = EARLIEST <= moment <= clock.now() + dt.timedelta(days=1)
    return moment.astimezone(clock.ZONE) if in_range else None


def _zone(offset: Any) -> dt.tzinfo:
    """The zone of "+08:00" (EXIF 2.31 OffsetTimeOriginal), else the county's own."""
    try:
        return dt.datetime.strptime(str(offset).strip("\x00 "), "%z").tzinfo or clock.ZONE
    except ValueError:
        return clock.ZONE


def _lonlat(exif: Image.Exif) -> LonLat | None:
    try:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "NS")
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "EW")
    except Exception:
        return None
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        return None
    # Phones without a fix write zeros; the Gulf of Guinea has no village of ours.
    return None if lon == 0 and lat == 0 else (lon, lat)


def _degrees(dms: Any, ref: Any, letters: str) -> float:
    degrees, minutes, seconds = (float(part) for part in dms)
    sign = {letters[0]: 1, letters[1]: -1}[str(ref).strip("\x00 ").upper()]
    return sign * (degrees + minutes / 60 + seconds / 3600)
