"""Which tile holds a position (WebMercatorQuad)."""

from math import asinh, pi, radians, tan


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    across = 2**z
    return int((lon + 180) / 360 * across), int((1 - asinh(tan(radians(lat))) / pi) / 2 * across)
