"""Mistakes in a declaration stop the start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kernel.layerspec import Field, LayerSpec, Rule, layers
from kernel.viewer import Audience
from layers.checks import problems
from tests.contracts.samples.shops import SHOPS

NAME = SHOPS.fields[0]
CHANGED = next(field for field in SHOPS.fields if field.name == "changed")


@pytest.mark.parametrize(
    "number, change",
    [
        ("E001", {"key": "Shops?"}),
        ("E001", {"fields": (NAME, Field("naïve name", "x", source="name"))}),
        ("E001", {"fields": (NAME, NAME), "style_by": "", "legend": ()}),
        ("E002", {"own": None}),
        ("E003", {"style_by": "colour"}),
        ("E003", {"style_by": "", "legend": (Rule("a", "A", "work"),)}),
        ("E003", {"worst_first": True, "style_by": "inner"}),
        ("E004", {"tags": frozenset({"military"})}),
        ("E005", {"title_field": "label"}),
        ("E005", {"title_field": "manager"}),
        ("E006", {"source": "facilities.Nothing"}),
        ("E006", {"source": "nothing"}),
        ("E006", {"depends_on": ("facilities.Nothing",)}),
        ("E006", {"county": "county_code"}),
        ("E006", {"geom": "position"}),
        ("E006", {"area": "village__nothing"}),
        ("E006", {"search": "text"}),
        ("E007", {"zooms": (12, 8)}),
        ("E007", {"zooms": (0, 23)}),
        ("E008", {"fields": (*SHOPS.fields, Field("limit", "x", source="name", filter=True))}),
        ("E008", {"fields": (*SHOPS.fields, Field("offers", "x", source="services", type="json", filter=True))}),
        ("E008", {"fields": (*SHOPS.fields, Field("datetime", "x", source="name", filter=True))}),
        ("E009", {"geom": "name"}),
        ("E010", {"time": ("when",)}),
        ("E010", {"time": ("name",)}),
        ("E010", {"time": ("changed", "number")}),
        ("E010", {"time": ("changed", "changed", "changed")}),
        ("E010", {"time": ("seen",), "fields": (*SHOPS.fields, replace(CHANGED, name="seen", private=True))}),
        ("E010", {"time": ("seen",), "fields": (*SHOPS.fields, replace(CHANGED, name="seen", audience=Audience.GRID))}),
    ],
)
def test_a_mistake_is_named(number: str, change: dict[str, Any]) -> None:
    spec: LayerSpec = replace(SHOPS, **change)
    assert f"layers.{number}" in {problem.id for problem in problems(spec)}


def test_what_is_declared_is_right() -> None:
    assert [problem for spec in layers for problem in problems(spec)] == []


def test_a_layer_for_staff_may_carry_a_tag() -> None:
    assert problems(replace(SHOPS, tags=frozenset({"personal"}), audience=Audience.STAFF)) == []
