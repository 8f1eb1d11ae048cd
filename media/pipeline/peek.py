"""What the beginning of a picture file says, without decoding a pixel."""

from __future__ import annotations

import io

from PIL import Image
from pillow_heif import HeifImageFile

from kernel.errors import DomainError
from media.pipeline.metadata import LonLat, Moment, read_exif
from media.pipeline.sniff import PictureType, picture_type

HEAD_BYTES = 256 * 1024
"""EXIF lies in the first 64 KiB of a JPEG (one APP1 segment): a phone need not send more."""


def picture_peek(head: bytes) -> tuple[Moment | None, LonLat | None]:
    """When (aware) and where (EPSG:4326) a picture was taken, by the beginning of its file.

    Never raises: what is no picture, or is cut off before its EXIF, says nothing.
    """
    try:
        kind = picture_type(head)
        source = io.BytesIO(head)
        if kind is PictureType.HEIC:
            return read_exif(HeifImageFile(source))[:2]  # type: ignore[no-untyped-call]
        with Image.open(source, formats=[kind.name]) as image:
            return read_exif(image)[:2]
    except DomainError:
        return None, None
    except Exception:  # decoders raise whatever they like for broken files
        return None, None
