"""One decode of an uploaded picture: its facts, and clean derivatives in all sizes.

Derivatives are always encoded anew from pixels, so nothing that was packed into, between or behind the picture data
(EXIF, XMP, IPTC, comments, thumbnails, a second file) can be in them.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile

from kernel.errors import DomainError, Invalid, TooLarge, UnsupportedType
from media.pipeline.limits import MAX_PIXELS
from media.pipeline.metadata import LonLat, Moment, read_exif
from media.pipeline.sniff import PictureType, picture_type, webp_size

QUALITY = 82
"""JPEG quality of the derivatives: no visible loss at a quarter of the bytes of 95."""

SHAPES = {"L", "RGB", "RGBA", "LA", "P", "PA", "CMYK", "YCbCr", "1", "I", "I;16", "I;16B", "La", "RGBa"}
"""Pixel modes that the four kinds of files decode to."""

_OPENERS: dict[PictureType, Callable[[io.BytesIO], Image.Image]] = {
    PictureType.JPEG: JpegImageFile,
    PictureType.PNG: PngImageFile,
    PictureType.WEBP: WebPImageFile,
    PictureType.HEIC: HeifImageFile,
}

# EXIF 2.32, tag 274. Value 1 needs nothing.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the upright picture: its left upper corner and its size, as shares of the whole (0…1)."""

    x: float
    y: float
    width: float
    height: float


BLUR_CELLS = 4
"""Colours that stay along the longer side of a blurred part: of a face or a plate nothing can be computed back."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What was read out of an upload.

    Attributes:
        width, height: of the upright original, pixels.
        lonlat: where it was taken, EPSG:4326.
        derivatives: JPEG bytes by size name.
    """

    content_type: str
    width: int
    height: int
    taken_at: Moment | None
    lonlat: LonLat | None
    derivatives: dict[str, bytes]


def picture_read(data: bytes, sizes: Mapping[str, int], blurred: Sequence[Box] = ()) -> Picture:
    """Check and decode ``data`` once and encode it in every one of ``sizes``.

    Args:
        data: the whole file.
        sizes: longest side in pixels by name; pictures are never enlarged.
        blurred: parts that nobody shall recognise.

    Raises:
        UnsupportedType: not one of the four kinds, or animated.
        TooLarge: code "too_many_pixels", more than 50 megapixels; nothing was decoded then.
        Invalid: code "damaged_picture".

    Cost:
        0.18 s of CPU for a noisy 12-megapixel JPEG (decoded at half size by libjpeg), 0.4 s for such a PNG.
    """
    kind = picture_type(data)
    try:
        return _read(data, kind, sizes, blurred)
    except DomainError:
        raise
    except Exception as error:
        # The decoders raise OSError, SyntaxError, ValueError, struct.error, EOFError, MemoryError … for broken files.
        said = _("照片打不开：文件不完整或已损坏。")
        raise Invalid(said, code="damaged_picture", field="file", hint=_("请重新拍摄或从相册重新选择。")) from error


def _read(data: bytes, kind: PictureType, sizes: Mapping[str, int], blurred: Sequence[Box]) -> Picture:
    if kind is PictureType.WEBP:
        _check_pixels(*webp_size(data))
    # A switch for the whole process; the library that makes PDF turns it on: half a picture would pass as a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    image = _OPENERS[kind](io.BytesIO(data))
    _check_pixels(*image.size)
    if getattr(image, "is_animated", False):
        raise UnsupportedType(_("动态图片不能作为照片上传。"), code="animated", field="file")
    taken_at, lonlat, orientation = read_exif(image)
    width, height = image.size if orientation < 5 else image.size[::-1]
    return Picture(kind.value, width, height, taken_at, lonlat, _derivatives(image, orientation, sizes, blurred))


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        given = _("%(w)d×%(h)d 像素") % {"w": width, "h": height}
        said = _("照片太大：%(given)s，最多 %(max)d 万像素。") % {"given": given, "max": MAX_PIXELS // 10_000}
        raise TooLarge(said, code="too_many_pixels", field="file")


def _derivatives(
    image: Image.Image, orientation: int, sizes: Mapping[str, int], blurred: Sequence[Box]
) -> dict[str, bytes]:
    """Encoded JPEGs by name, each made from the next larger one."""
    found: dict[str, bytes] = {}
    made: dict[tuple[tuple[int, int], bool], bytes] = {}
    largest = max(sizes.values())
    image.draft(None, (largest, largest))  # JPEG: libjpeg decodes at 1/2, 1/4 or 1/8
    image.load()
    current = image
    for name, longest in sorted(sizes.items(), key=lambda item: -item[1]):
        current = _fit(current, longest)
        if not found:
            current = _upright_srgb(current, orientation, image.info.get("icc_profile"))
            current.info = {}  # Pillow would write a comment it finds here
            for box in blurred:
                _blur(current, box)
        kind = (current.size, longest > 640)
        if kind not in made:  # a small picture is the same in two sizes
            made[kind] = _encode(current, progressive=kind[1])
        found[name] = made[kind]
    return found


def _blur(image: Image.Image, box: Box) -> None:
    """Leave only a few mean colours of a part of ``image``, in place; the edges are moved outwards to whole pixels."""
    left, upper = math.floor(box.x * image.width), math.floor(box.y * image.height)
    right, lower = math.ceil((box.x + box.width) * image.width), math.ceil((box.y + box.height) * image.height)
    edges = (max(left, 0), max(upper, 0), min(right, image.width), min(lower, image.height))
    part = image.crop(edges)
    scale = BLUR_CELLS / max(part.size)
    few = tuple(max(1, min(BLUR_CELLS, round(side * scale))) for side in part.size)
    mean = part.resize((few[0], few[1]), Image.Resampling.BOX)
    image.paste(mean.resize(part.size, Image.Resampling.BILINEAR), edges)


def _fit(image: Image.Image, longest: int) -> Image.Image:
    """``image`` with its longest side at most ``longest``."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    if image.mode in ("P", "1", "I", "I;16", "I;16B", "CMYK", "PA"):
        image = _flat_rgb(image)  # palettes and unusual depths can't be filtered
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.HAMMING)


def _upright_srgb(image: Image.Image, orientation: int, profile: bytes | None) -> Image.Image:
    flat = _flat_rgb(image)
    if profile:
        flat = _to_srgb(flat, profile)
    turn = _UPRIGHT.get(orientation)
    return flat.transpose(turn) if turn is not None else flat


def _flat_rgb(image: Image.Image) -> Image.Image:
    """An RGB copy on white, without anything but pixels."""
    if image.mode not in SHAPES:
        raise ValueError(f"unknown pixel mode {image.mode}")
    if image.mode.startswith("I"):  # 16-bit grey; Pillow would clip instead of scaling
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if "A" in image.mode.upper() or "transparency" in image.info:
        over = image.convert("RGBA")
        flat = Image.new("RGB", image.size, "white")
        flat.paste(over, mask=over.getchannel("A"))
        return flat
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Pixels of an embedded profile (Display P3 of phones) as sRGB; unchanged when the profile can't be used."""
    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(embedded):
            return image
        converted = ImageCms.profileToProfile(image, embedded, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return converted or image


def _encode(image: Image.Image, *, progressive: bool) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, progressive=progressive, optimize=not progressive)
    return out.getvalue()
