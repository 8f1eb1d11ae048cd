"""What a patch has become, from index differences."""

from __future__ import annotations

from collections.abc import Mapping

GREENER, LESS_GREEN = 0.12, -0.08
"""Difference of NDVI. Source: chosen on invented reflectances of crops, soil, roofs and water (tests); a reviewer puts
a kind right with one key."""

GREEN = 0.2
"""NDVI from which on something grows; in winter, or where values are no reflectances, the mean ground's is enough.
Source: below it is bare soil, Sobrino, Jiménez-Muñoz & Paolini, Remote Sensing of Environment 90 (2004)."""

BRIGHTER = 1.1
"""So much brighter than all the ground became. Source: Taizhou; roofs 1.2–1.6, fields and water 0.6–1.1."""

WETTER = 0.15
SLOPED = 0.12
"""(red − blue) / (red + blue) of bare soil is above; of concrete and roofs below. Source: spectra of the tests."""

STRIP = 5.0
"""A patch so many times as long as wide, of bare soil or paving, is a road: fields and houses are shorter. Ours."""

BLUER = 0.05
"""Panels are bluer than the ground on average: haze makes all of it bluer than red, on Taizhou by 0.14."""

DARK = 1.5
"""A field of panels is hardly brighter than the crops before it, at most so many times, and no redder than blue; roofs,
blue ones too, are twice as bright. Asphalt is dark as well, but redder. Source: spectra of the tests and the demo."""


def kind_of(known: Mapping[str, float], usual: Mapping[str, float]) -> str:
    """The kind of a patch; ``other`` where nothing speaks for one.

    Another season, sun or sensor changes the indices of all the ground: green is what became greener than that, and
    also greener than it was itself.

    Args:
        known: its features.
        usual: the indices of the scenes' mean ground, by the same names.
    """
    greener = _greener(known)
    least = min(greener, greener - _greener(usual))
    wetter = known["water_after"] - known["water_before"]
    if wetter > WETTER and known["ndvi_after"] < 0.1 and known["water_after"] > 0:
        return "water"
    if least > GREENER and known["ndvi_after"] >= min(GREEN, usual["ndvi_after"]):
        return "vegetation"
    brighter = _brighter(known)
    is_brighter = brighter > 1 or brighter > BRIGHTER * _brighter(usual)
    if not (least < LESS_GREEN or is_brighter):
        return "other"
    if known["elongation"] >= STRIP:
        return "road"
    if known["slope_after"] <= min(0, usual["slope_after"] - BLUER) and known["water_after"] < 0 and brighter <= DARK:
        return "pv"
    return "bare" if known["slope_after"] > SLOPED else "building"


def _greener(known: Mapping[str, float]) -> float:
    return known["ndvi_after"] - known["ndvi_before"]


def _brighter(known: Mapping[str, float]) -> float:
    """So many times as bright as before; NaN where it cannot be told."""
    return known["light_after"] / known["light_before"] if known["light_before"] > 0 else float("nan")
