"""Rows of every layer for the rights matrix: one module per app, each with ``SAMPLES``.

A layer without a sample fails ``test_every_layer_has_a_sample``. A sample says by hand what the declaration should
lead to: which rows and which fields whom. It is not computed from the declaration, or it would agree with any mistake.

The scene is one county with two townships, and a second county:

| label | where | |
|---|---|---|
| inside | township 990521001 | published |
| inside_hidden | township 990521001 | not published |
| outside | township 990521002 | published |
| outside_hidden | township 990521002 | not published |
| nowhere | in the county, in no village | published |
| nowhere_hidden | in the county, in no village | not published |
| abroad, abroad_hidden | the other county | never seen: another county is looked at |

A layer makes those of them that it can have.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kernel.viewer import Role

HOME, OTHER_COUNTY = "990521", "990522"
INSIDE, OUTSIDE = "990521001", "990521002"
INSIDE_VILLAGE, OUTSIDE_VILLAGE, ABROAD_VILLAGE = "990521001001", "990521002001", "990522001001"

STANDS = ("anonymous", "inside", "county", "abroad")
"""For what a viewer answers: nothing, the township of ``inside``, the county, the other county."""

PUBLISHED = frozenset({"inside", "outside", "nowhere"})
ROWS_BY_JURISDICTION: Mapping[str, frozenset[str]] = {
    "anonymous": PUBLISHED,
    "inside": PUBLISHED | {"inside_hidden"},
    "county": PUBLISHED | {"inside_hidden", "outside_hidden", "nowhere_hidden"},
    "abroad": PUBLISHED,
}
"""Published rows for everybody, all rows for those who answer for them."""

OWN_BY_JURISDICTION: Mapping[str, frozenset[str]] = {
    "anonymous": frozenset(),
    "inside": frozenset({"inside", "inside_hidden"}),
    "county": frozenset({"inside", "inside_hidden", "outside", "outside_hidden", "nowhere", "nowhere_hidden"}),
    "abroad": frozenset(),
}


@dataclass(frozen=True)
class Sample:
    """Rows of one layer, and who may see what of them.

    Attributes:
        make: makes the rows of the scene; label → object.
        rows: where the viewer stands → labels of the rows that exist for the viewer.
        own: where the viewer stands → labels of the rows whose private fields open.
        fields: audience ("public", "grid", "staff", "official") → names of the fields that appear at all.
        tile_fields: the same for vector tiles.
        private: field → audience from which on it opens, on own rows.
        catalogue_queries: queries of the legend in the catalogue.
        keepers: roles whose places count; all others see what an anonymous visitor sees.

    A citizen answers for nothing, whatever the table of jurisdictions says: in the matrix the rows and own rows of a
    citizen are always those of an anonymous visitor.
    """

    make: Callable[[], dict[str, Any]]
    rows: Mapping[str, frozenset[str]]
    own: Mapping[str, frozenset[str]]
    fields: Mapping[str, frozenset[str]]
    tile_fields: Mapping[str, frozenset[str]]
    private: Mapping[str, str] = field(default_factory=dict)
    catalogue_queries: int = 0
    keepers: frozenset[Role] = frozenset(Role) - {Role.CITIZEN, Role.ADMIN}


def samples() -> dict[str, Sample]:
    """All samples by layer key, from every module of this package."""
    found: dict[str, Sample] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= importlib.import_module(f"{__name__}.{module.name}").SAMPLES
    return found


def everyone(names: set[str]) -> dict[str, frozenset[str]]:
    """The same fields for each audience."""
    return {audience: frozenset(names) for audience in ("public", "grid", "staff", "official")}
