"""What a patch has become, from index differences."""

from __future__ import annotations

from collections.abc import Mapping

GREENER, LESS_GREEN = 0.12, -0.08
"""Difference of NDVI. Source: chosen on invented reflectances of crops, soil, roofs and water (tests); a reviewer puts
a kind right with one key."""

WETTER = 0.15
SLOPED = 0.12
"""(red − blue) / (red + blue) of bare soil is above; of concrete and roofs below. Source: spectra of the tests."""

STRIP = 5.0
"""A patch so many times as long as wide, of bare soil or paving, is a road: fields and houses are shorter. Ours."""

DARK = 1.5
"""A field of panels is hardly brighter than the crops before it, at most so many times, and no redder than blue; roofs,
blue ones too, are twice as bright. Asphalt is dark as well, but redder. Source: spectra of the tests and the demo."""


def kind_of(known: Mapping[str, float]) -> str:
    """The kind of a patch from its features; ``other`` where nothing speaks for one."""
    greener = known["ndvi_after"] - known["ndvi_before"]
    wetter = known["water_after"] - known["water_before"]
    if wetter > WETTER and known["ndvi_after"] < 0.1 and known["water_after"] > 0:
        return "water"
    if greener > GREENER:
        return "vegetation"
    brighter = known["light_after"] > known["light_before"]
    if not (greener < LESS_GREEN or brighter):
        return "other"
    if known["elongation"] >= STRIP:
        return "road"
    if known["slope_after"] <= 0 and known["water_after"] < 0 and _is_dark(known):
        return "pv"
    return "bare" if known["slope_after"] > SLOPED else "building"


def _is_dark(known: Mapping[str, float]) -> bool:
    return known["light_after"] <= DARK * known["light_before"]
