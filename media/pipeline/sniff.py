"""What a picture really is, by its first bytes; the name and the type that the browser says are not asked."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _

from kernel.errors import UnsupportedType


class PictureType(StrEnum):
    """The kinds of pictures that are taken; the value is the media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"


# ISO/IEC 23008-12, Annex B: still pictures. Sequences ("msf1", "hevc", "hevx") and AVIF are not taken.
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})

# For a clear sentence only; whatever is not in PictureType is refused anyway.
_OTHERS = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
)


def picture_type(data: bytes) -> PictureType:
    """The kind of picture that ``data`` begins like.

    Raises:
        UnsupportedType: anything else, with the kind named where it is known.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return PictureType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureType.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PictureType.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS and b"avif" not in data[8:40]:
        return PictureType.HEIC
    hint = _("请上传 JPEG、PNG、WebP 或 HEIC 照片。")
    kind = _other(data)
    said = _("这不是照片，而是 %s 文件。") % kind if kind else _("这不是能识别的照片。")
    raise UnsupportedType(said, field="file", hint=hint)


def _other(data: bytes) -> str:
    for start, name in _OTHERS:
        if data.startswith(start):
            return name
    text = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "SVG"
    if text.startswith((b"<!doctype html", b"<html", b"<script", b"<head", b"<body")):
        return "HTML"
    return ""


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP, pixels, from its first chunk; (0, 0) when it is cut off.

    Read here because libwebp allocates the whole canvas as soon as a file is opened.

    Source: RFC 9649, sections 2.5-2.7.
    """
    head = data[:30]
    if len(head) < 30:
        return 0, 0
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    return 0, 0
