"""Django system checks over all layer declarations: a mistake in one stops the start, not a reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP

from kernel.layerspec import SENSITIVE, LayerSpec, layers
from kernel.viewer import Audience
from layers.tiles import ZOOM_MOST

RESERVED = frozenset({"bbox", "limit", "cursor", "zoom", "level", "county", "lang", "t", "q", "datetime", "sort"})
"""Parameters of the faces: a field that filters can't have such a name."""

TIME_FIELDS_MOST = 2
"""Begin and end."""

TIME_TYPES = frozenset({"date", "datetime"})

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEY = re.compile(r"[a-z][a-z0-9_-]*")


def _names(spec: LayerSpec) -> Iterator[str]:
    """E001: key and field names fit into addresses, SQL and JSON; no field is declared twice."""
    names = [field.name for field in spec.fields]
    if not _KEY.fullmatch(spec.key):
        yield "its key is not a plain name"
    for name in names:
        if not _NAME.fullmatch(name):
            yield f"field name {name!r} is not a plain name"
    if len(set(names)) < len(names):
        yield "a field is declared twice"


def _private(spec: LayerSpec) -> Iterator[str]:
    """E002: private fields need ``own``."""
    if spec.own is None and any(field.private for field in spec.fields):
        yield "it has a private field and no own()"


def _style(spec: LayerSpec) -> Iterator[str]:
    """E003: the look follows from a field; a legend without one can't be applied."""
    if spec.style_by and spec.style_by not in {field.name for field in spec.fields}:
        yield f"style_by {spec.style_by!r} is no field"
    if spec.legend and not spec.style_by:
        yield "it has a legend and no style_by"
    if spec.worst_first and not any(
        field.name == spec.style_by and field.audience <= spec.audience for field in spec.fields
    ):
        yield "it is sorted by a style that not every reader of the layer sees"


def _tags(spec: LayerSpec) -> Iterator[str]:
    """E004: what must not be on a public map is not in a public layer."""
    if spec.audience == Audience.PUBLIC and (found := spec.tags & SENSITIVE):
        yield f"a layer for the public carries {', '.join(sorted(found))}"


def _title(spec: LayerSpec) -> Iterator[str]:
    """E005: what names a row is a field that every reader of the layer sees."""
    fields = {field.name: field for field in spec.fields}
    if spec.title_field not in fields:
        yield f"title_field {spec.title_field!r} is no field"
    elif fields[spec.title_field].private or fields[spec.title_field].audience > spec.audience:
        yield f"title_field {spec.title_field!r} is hidden from readers of the layer"


def _time(spec: LayerSpec) -> Iterator[str]:
    """E010: the time filter has one or two fields, dates or moments that every reader of the layer sees."""
    fields = {field.name: field for field in spec.fields}
    if len(spec.time) > TIME_FIELDS_MOST:
        yield f"its time has {len(spec.time)} fields"
    for name in spec.time:
        field = fields.get(name)
        if field is None:
            yield f"time {name!r} is no field"
        elif field.private or field.audience > spec.audience:
            yield f"time {name!r} is hidden from readers of the layer"
        elif field.type not in TIME_TYPES:
            yield f"time {name!r} is neither a date nor a moment"


def _models(spec: LayerSpec) -> Iterator[str]:
    """E006: source and dependencies are models; geometry, county, area, search and fields are found from the source."""
    for name in (spec.source, *spec.depends_on):
        if _model(name) is None:
            yield f"{name!r} is no model"
    model = _model(spec.source)
    if model is None:
        return
    if spec.county not in {field.attname for field in model._meta.concrete_fields}:
        yield f"county {spec.county!r} is no column of {spec.source}"
    for what, path in (("geom", spec.geom), ("area", spec.area), ("search", spec.search)):
        if path and not resolves(model, path):
            yield f"{what} {path!r} is not found from {spec.source}"


def _zooms(spec: LayerSpec) -> Iterator[str]:
    """E007: zooms are a range within 0…22."""
    low, high = spec.zooms
    if not 0 <= low <= high <= ZOOM_MOST:
        yield f"zooms {spec.zooms} are no range within 0…{ZOOM_MOST}"


def _filters(spec: LayerSpec) -> Iterator[str]:
    """E008: filters have a name and a type that can be written in an address."""
    for field in spec.fields:
        if field.filter and field.name in RESERVED:
            yield f"filter {field.name!r} is the name of a parameter"
        if field.filter and field.type == "json":
            yield f"filter {field.name!r} is JSON"


def _indexed(spec: LayerSpec) -> Iterator[str]:
    """E009: the geometry is in EPSG:4326 and has an index."""
    model = _model(spec.source)
    if model is None or not resolves(model, spec.geom) or LOOKUP_SEP in spec.geom:
        return
    geom: Any = model._meta.get_field(spec.geom)
    if getattr(geom, "srid", None) != 4326 or not getattr(geom, "spatial_index", False):
        yield f"geom {spec.geom!r} is not an indexed geometry in EPSG:4326"


RULES: dict[str, Callable[[LayerSpec], Iterator[str]]] = {
    "layers.E001": _names,
    "layers.E002": _private,
    "layers.E003": _style,
    "layers.E004": _tags,
    "layers.E005": _title,
    "layers.E006": _models,
    "layers.E007": _zooms,
    "layers.E008": _filters,
    "layers.E009": _indexed,
    "layers.E010": _time,
}


def problems(spec: LayerSpec) -> list[checks.CheckMessage]:
    """What is wrong with one declaration."""
    return [
        checks.Error(f"Layer {spec.key!r}: {said}.", hint=rule.__doc__, id=number)
        for number, rule in RULES.items()
        for said in rule(spec)
    ]


def layer_declarations(**_kwargs: Any) -> list[checks.CheckMessage]:
    """What is wrong with the declarations of this installation."""
    return [problem for spec in layers for problem in problems(spec)]


def register() -> None:
    """Have Django run the checks at start."""
    checks.register(layer_declarations, "layers")


def resolves(model: type[Model], path: str) -> bool:
    """Whether the ORM path leads to a column, starting at ``model``."""
    at: type[Model] | None = model
    for part in path.split(LOOKUP_SEP):
        if at is None:
            return False
        columns = {field.attname for field in at._meta.concrete_fields}
        try:
            field: Any = None if part in columns else at._meta.get_field(part)
        except FieldDoesNotExist:
            return False
        at = field.related_model if field is not None and field.is_relation else None
    return True


def _model(name: str) -> type[Model] | None:
    try:
        return apps.get_model(name)
    except (LookupError, ValueError):
        return None
