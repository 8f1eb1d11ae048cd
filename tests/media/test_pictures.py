"""Pure decoding: what is taken, what is refused and how, and that nothing private gets through."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageFile, ImageFilter
from pillow_heif import from_pillow

from kernel import clock
from kernel.errors import DomainError, Invalid, TooLarge, UnsupportedType
from media.models import WIDTHS
from media.pipeline.incoming import clean_name, read_limited
from media.pipeline.pictures import picture_read
from tests.factories import media

CANARY = "canary-5b1d"

# Pillow warns of each broken EXIF tag that it skips.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def corners(image: Image.Image) -> list[str]:
    """Names of the colours at top left, top right, below left, below right."""
    named = {(255, 0, 0): "red", (0, 255, 0): "lime", (0, 0, 255): "blue", (255, 255, 255): "white"}
    width, height = image.size
    at = [(3, 3), (width - 4, 3), (3, height - 4), (width - 4, height - 4)]
    rgb = image.convert("RGB")
    near = [min(named, key=lambda c: sum(abs(a - b) for a, b in zip(c, rgb.getpixel(xy), strict=True))) for xy in at]
    return [named[colour] for colour in near]


def heic(image: Image.Image | None = None, **options) -> bytes:
    out = io.BytesIO()
    from_pillow(image or media.picture()).save(out, quality=90, **options)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is huge and holds nothing."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IEND\xaeB`\x82"


KINDS = {
    "jpeg": (lambda: media.jpeg((2000, 1500)), "image/jpeg"),
    "png": (lambda: media.encoded("PNG", media.picture((2000, 1500))), "image/png"),
    "webp": (lambda: media.encoded("WEBP", media.picture((2000, 1500))), "image/webp"),
    "webp lossless": (lambda: media.encoded("WEBP", media.picture((2000, 1500)), lossless=True), "image/webp"),
    "heic": (lambda: heic(media.picture((2000, 1500))), "image/heic"),
    "grey jpeg": (lambda: media.jpeg((2000, 1500), mode="L"), "image/jpeg"),
    "cmyk jpeg": (lambda: media.jpeg((2000, 1500), mode="CMYK"), "image/jpeg"),
    "palette png": (lambda: media.encoded("PNG", media.picture((2000, 1500), "P")), "image/png"),
    "bilevel png": (lambda: media.encoded("PNG", media.picture((2000, 1500), "1")), "image/png"),
    "transparent png": (lambda: media.encoded("PNG", media.picture((2000, 1500), "RGBA")), "image/png"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_becomes_three_jpegs(kind):
    make, content_type = KINDS[kind]
    found = picture_read(make(), WIDTHS)
    assert (found.content_type, found.width, found.height) == (content_type, 2000, 1500)
    sizes = {name: opened(data).size for name, data in found.derivatives.items()}
    assert sizes == {"thumb": (320, 240), "medium": (960, 720), "large": (1600, 1200)}
    assert all(opened(data).format == "JPEG" for data in found.derivatives.values())
    if kind not in ("grey jpeg", "bilevel png"):
        assert corners(opened(found.derivatives["large"])) == ["red", "lime", "blue", "white"]


def test_pictures_are_never_enlarged_nor_empty():
    found = picture_read(media.jpeg((500, 200)), WIDTHS)
    sizes = {name: opened(data).size for name, data in found.derivatives.items()}
    assert sizes == {"thumb": (320, 128), "medium": (500, 200), "large": (500, 200)}
    sliver = picture_read(media.encoded("PNG", Image.new("RGB", (9000, 4))), WIDTHS)
    assert opened(sliver.derivatives["thumb"]).size == (320, 1)


def test_sixteen_bit_grey_is_scaled_not_clipped():
    grey = Image.new("I;16", (400, 300), 257 * 128)
    found = picture_read(media.encoded("PNG", grey), WIDTHS)
    assert abs(opened(found.derivatives["thumb"]).convert("L").getpixel((5, 5)) - 128) <= 2


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_orientation_is_applied(orientation, kind):
    stored = media.picture((640, 480))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Transpose that a camera's sensor needs to be undone by EXIF
    if orientation > 1:
        stored = stored.transpose(Image.Transpose(undo[orientation]))
    found = picture_read(media.encoded(kind, stored, exif=media.exif(orientation=orientation)), WIDTHS)
    assert (found.width, found.height) == (640, 480)
    for data in found.derivatives.values():
        assert corners(opened(data)) == ["red", "lime", "blue", "white"]
        assert opened(data).getexif().get(274) is None


def test_an_embedded_profile_becomes_srgb():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "BGRs".encode("utf-16-be"))
    found = picture_read(media.jpeg(icc_profile=swapped), WIDTHS)
    assert corners(opened(found.derivatives["large"])) == ["blue", "lime", "red", "white"]


def test_a_profile_that_can_not_be_used_is_ignored_and_dropped():
    plain = picture_read(media.jpeg(), WIDTHS)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    odd = picture_read(media.jpeg(icc_profile=profile), WIDTHS)
    assert odd.derivatives["thumb"] == plain.derivatives["thumb"]
    broken = picture_read(media.jpeg(icc_profile=b"no profile" * 20), WIDTHS)
    assert broken.derivatives["thumb"] == plain.derivatives["thumb"]
    assert "icc_profile" not in opened(odd.derivatives["large"]).info


def with_canaries() -> dict[str, bytes]:
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{CANARY}</x:xmpmeta>".encode()
    thumbnail = media.jpeg((160, 120), comment=CANARY.encode())
    exif = media.exif((119.9, 30.5), "2026:05:31 08:30:00", text=CANARY, thumbnail=thumbnail)
    jpeg = media.jpeg(exif=exif, xmp=xmp, comment=CANARY.encode())
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(CANARY) + 5)
    iptc += b"\x1c\x02\x78\x00" + bytes([len(CANARY)]) + CANARY.encode()
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", CANARY)
    info.add_itxt("XML:com.adobe.xmp", CANARY, zip=False)
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + CANARY.encode()
    return {
        "jpeg": jpeg[:2] + segment + jpeg[2:],
        "jpeg with a profile": media.jpeg(exif=exif, icc_profile=icc),
        "jpeg and zip": jpeg + b"PK\x03\x04" + CANARY.encode(),
        "png": media.encoded("PNG", pnginfo=info, exif=exif),
        "webp": media.encoded("WEBP", exif=exif, xmp=xmp),
        "heic": heic(exif=exif, xmp=xmp),
    }


@pytest.mark.parametrize("kind", with_canaries())
def test_nothing_private_is_left_in_derivatives(kind):
    data = with_canaries()[kind]
    assert CANARY.encode() in data
    for made in picture_read(data, WIDTHS).derivatives.values():
        for mark in (CANARY.encode(), b"Exif", b"http://ns.adobe.com", b"8BIM", b"ICC_PROFILE", b"xmpmeta", b"PK\x03"):
            assert mark not in made
        image = opened(made)
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


MOMENT = "2026:05:31 08:30:00"
TAKEN = [
    ("2026:05:31 08:30:00", "", "2026-05-31T08:30:00+08:00"),
    ("2026:05:31 08:30:00", "+00:00", "2026-05-31T16:30:00+08:00"),
    ("2026:05:31 08:30:00", "nonsense", "2026-05-31T08:30:00+08:00"),
    ("1970:01:01 00:00:00", "", None),
    ("2000:01:01 00:00:00", "", None),
    ("2036:01:01 00:00:00", "", None),
    ("2026:13:45 99:00:00", "", None),
    ("0000:00:00 00:00:00", "", None),
    ("           ", "", None),
    ("", "", None),
]


@pytest.mark.parametrize("taken, offset, expected", TAKEN)
def test_when_it_was_taken(taken, offset, expected):
    with clock.freeze("2026-06-30"):
        found = picture_read(media.jpeg(exif=media.exif(taken=taken, offset=offset)), WIDTHS)
    assert found.taken_at == (dt.datetime.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(
    "lonlat, expected",
    [
        ((119.9712, 30.5331), (119.9712, 30.5331)),
        ((-70.5, -33.25), (-70.5, -33.25)),
        ((0.0, 0.0), None),
        ((200.0, 30.0), None),
        ((119.0, 95.0), None),
        (None, None),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "HEIC"])
def test_where_it_was_taken(lonlat, expected, kind):
    tags = media.exif(lonlat)
    found = picture_read(media.jpeg(exif=tags) if kind == "JPEG" else heic(exif=tags), WIDTHS)
    if expected is None:
        assert found.lonlat is None
    else:
        assert found.lonlat == pytest.approx(expected, abs=1e-6)


def test_broken_exif_does_not_stop_a_photo():
    good = media.exif((119.9, 30.5), MOMENT, text="x" * 200)
    for cut in range(8, len(good), 7):
        found = picture_read(media.jpeg(exif=good[:cut] + b"\xff" * (len(good) - cut)), WIDTHS)
        assert found.width in (640, 480)


def moving(kind: str) -> bytes:
    frames = [media.picture((64, 48)), media.picture((64, 48)).transpose(Image.Transpose.ROTATE_180)]
    return media.encoded(kind, frames[0], save_all=True, append_images=frames[1:])


def blurred() -> Image.Image:
    return media.picture().filter(ImageFilter.BLUR)


REFUSED = {
    "cut jpeg": (lambda: media.jpeg()[:-2000], Invalid, "damaged_picture"),
    "cut png": (lambda: media.encoded("PNG", blurred())[:-300], Invalid, "damaged_picture"),
    "cut webp": (lambda: media.encoded("WEBP")[:-200], Invalid, "damaged_picture"),
    "cut heic": (lambda: heic()[:-200], Invalid, "damaged_picture"),
    "jpeg header only": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 100, Invalid, "damaged_picture"),
    "webp header only": (lambda: b"RIFF\x10\0\0\0WEBPVP8 ", Invalid, "damaged_picture"),
    "heic header only": (lambda: b"\0\0\0\x18ftypheic" + b"\0" * 200, Invalid, "damaged_picture"),
    "png without pixels": (lambda: png_header(64, 64), Invalid, "damaged_picture"),
    "png bomb": (lambda: png_header(40_000, 40_000), TooLarge, "too_many_pixels"),
    "large png": (lambda: png_header(10_001, 5_000), TooLarge, "too_many_pixels"),
    "webp bomb": (
        lambda: b"RIFF\xff\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xfe\x3f\0\xfe\x3f\0" + b"\0" * 60,
        TooLarge,
        "too_many_pixels",
    ),
    "gif": (lambda: media.encoded("GIF"), UnsupportedType, "unsupported_type"),
    "tiff": (lambda: media.encoded("TIFF"), UnsupportedType, "unsupported_type"),
    "bmp": (lambda: media.encoded("BMP"), UnsupportedType, "unsupported_type"),
    "moving png": (lambda: moving("PNG"), UnsupportedType, "animated"),
    "moving webp": (lambda: moving("WEBP"), UnsupportedType, "animated"),
    "pdf": (lambda: b"%PDF-1.7 ...", UnsupportedType, "unsupported_type"),
    "svg": (lambda: b"<?xml version='1.0'?><svg onload='alert(1)'/>", UnsupportedType, "unsupported_type"),
    "html": (lambda: b"\n<!DOCTYPE html><script>alert(1)</script>", UnsupportedType, "unsupported_type"),
    "zip": (lambda: b"PK\x03\x04" + b"\0" * 50, UnsupportedType, "unsupported_type"),
    "avif": (lambda: b"\0\0\0\x20ftypmif1\0\0\0\0mif1avif" + b"\0" * 50, UnsupportedType, "unsupported_type"),
    "noise": (lambda: bytes(range(256)) * 4, UnsupportedType, "unsupported_type"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_sentence(case):
    make, kind, code = REFUSED[case]
    with pytest.raises(kind) as raised:
        picture_read(make(), WIDTHS)
    assert raised.value.code == code
    assert raised.value.field == "file"
    assert str(raised.value.message).endswith("。")


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic"])
def test_random_damage_is_refused_or_survived(kind):
    """Bytes are flipped all over the file: an answer in words or a clean picture, never anything else."""
    image = media.picture((160, 120))
    data = heic(image) if kind == "heic" else media.encoded(kind.upper(), image, exif=media.exif((119.9, 30.5), MOMENT))
    answers = set()
    for at in range(12, len(data), max(1, len(data) // 60)):
        bad = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        try:
            found = picture_read(bad, WIDTHS)
        except DomainError as error:
            answers.add(error.status)
        else:
            answers.add(200)
            assert set(found.derivatives) == set(WIDTHS)
    assert 200 in answers
    assert answers <= {200, 400, 413, 415}


@pytest.mark.parametrize(
    "name, clean",
    [
        ("IMG_0001.jpg", "IMG_0001.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\照片\\井盖.jpg", "井盖.jpg"),
        ("年报\u202egpj.exe", "年报gpj.exe"),
        ("a\x00b\n\tc\u200b.jpg", "abc.jpg"),
        ("  two   blanks .jpg ", "two blanks .jpg"),
        ("...", "photo"),
        ("", "photo"),
        ("字" * 116 + ".jpg", "字" * 116 + ".jpg"),
    ],
)
def test_names_are_cleaned(name, clean):
    assert clean_name(name, otherwise="photo") == clean


def test_over_long_names_are_refused():
    with pytest.raises(Invalid) as raised:
        clean_name("字" * 117 + ".jpg", otherwise="photo")
    assert raised.value.code == "name_too_long"


def test_reading_stops_behind_the_limit():
    file = io.BytesIO(b"x" * 100)
    assert read_limited(io.BytesIO(b"x" * 10), 10) == b"x" * 10
    with pytest.raises(TooLarge):
        read_limited(file, 10)
    assert file.tell() == 11
    with pytest.raises(Invalid):
        read_limited(io.BytesIO(b""), 10)


def test_half_a_picture_is_refused_also_where_another_library_has_turned_that_off(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(Invalid) as refused:
        picture_read(media.jpeg()[:-2000], WIDTHS)
    assert refused.value.code == "damaged_picture"
