"""Reasons for which a county's reviewers say that a point is no change, to begin with. No Django here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DefaultReason:
    """A reason; the words are those of the false alarms that detection knows (issue 6).

    Attributes:
        is_lasting: it will look like this again: repeated rejections of one place with it make a suppression zone.
    """

    code: str
    title: str
    title_en: str
    is_lasting: bool = False


DEFAULT_REASONS = (
    DefaultReason("no_change", "看不出变化", "No change to be seen"),
    DefaultReason("season", "季节或作物变化", "Season or crops", is_lasting=True),
    DefaultReason("shadow", "阴影、云或雾", "Shadow, cloud or haze"),
    DefaultReason("shift", "影像错位", "Images do not match", is_lasting=True),
    DefaultReason("water_level", "水位涨落", "Water level", is_lasting=True),
    DefaultReason("approved", "批准的工程内", "Inside an approved project"),
)
"""The first is what the key K says."""
