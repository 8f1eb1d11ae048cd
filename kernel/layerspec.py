"""The declaration of a map layer: the one source of its lists, tiles, counts, search, legend and rights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kernel.registry import Registry
from kernel.viewer import Audience, Viewer

if TYPE_CHECKING:
    from django.db.models import Q, QuerySet
    from django_stubs_ext import StrOrPromise

FieldType = Literal["string", "integer", "number", "boolean", "date", "datetime", "json"]

SENSITIVE = frozenset({"military", "critical-infrastructure", "personal", "unpublished"})
"""Tags that a layer for the public must not carry (《测绘成果管理条例》: what may not be shown on public maps)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of a layer.

    Attributes:
        name: its name in every output.
        title: what people read.
        source: ORM path or annotation of ``LayerSpec.rows`` it is read from; ``name`` when empty.
        type: JSON type, for the schema and for reading filters.
        unit: unit of the value as people write it ("%", "万元").
        audience: viewers below it never see the field.
        private: shown only on rows inside ``LayerSpec.own(viewer)``; NULL on all others.
        tile: whether it is put into vector tiles.
        filter: whether ``?name=value`` selects by it.
    """

    name: str
    title: StrOrPromise
    source: str = ""
    type: FieldType = "string"
    unit: str = ""
    audience: Audience = Audience.PUBLIC
    private: bool = False
    tile: bool = False
    filter: bool = False

    @property
    def path(self) -> str:
        """The ORM path the value is read from."""
        return self.source or self.name


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the legend: rows whose ``style_by`` equals ``when`` look like this.

    Attributes:
        colour: a token of the visual language ("work", "late", "q3") or "#rrggbb".
        icon: name of an icon of the visual language, may be empty.
        shape: name of a status mark, may be empty.
    """

    when: str
    title: StrOrPromise
    colour: str
    icon: str = ""
    shape: str = ""


@dataclass(frozen=True)
class LayerSpec:
    """A layer: which rows exist for whom, what they show, how they look.

    Attributes:
        key: its name in addresses.
        geometry: kind of the geometry in ``geom`` (EPSG:4326 in the database).
        rows: the queryset that exists for a viewer; it starts from ``visible_to(viewer)``.
        own: on which of those rows private fields are shown; required when there is a private field.
        title_field: output field that names a row in lists and search results.
        search: ORM path of a text column matched by search ("" = not searchable).
        area: ORM path of the place code of a row, for counts by township and village ("" = not counted).
        county: model column that holds the county's code, read by the change ledger.
        style_by: output field that decides the look; its values are the ``when`` of ``legend``.
        legend: either fixed rules or a function of the viewer (for categories that are rows).
        worst_first: whether the lines of the legend stand worst first, so that rows may be sorted by them.
        time: output fields of the time filter: none, one (an instant) or two (begin and end of what a row tells of; a
            row without an end is still going on). Dates or moments that every reader of the layer sees.
        zooms: (lowest, highest) zoom at which features are offered.
        depends_on: further models ("app.Model") whose change alters the layer's output.
        source: where the data come from, as "app.Model".
        tags: sensitivity tags; a public layer must carry none of ``SENSITIVE``.
    """

    key: str
    title: StrOrPromise
    geometry: Literal["point", "line", "polygon"]
    rows: Callable[[Viewer], QuerySet[Any]]
    fields: tuple[Field, ...]
    source: str
    title_field: str = "name"
    own: Callable[[Viewer], Q] | None = None
    geom: str = "geom"
    search: str = ""
    area: str = ""
    county: str = "county_id"
    style_by: str = ""
    legend: tuple[Rule, ...] | Callable[[], tuple[Rule, ...]] = ()
    worst_first: bool = False
    time: tuple[str, ...] = ()
    audience: Audience = Audience.PUBLIC
    zooms: tuple[int, int] = (8, 18)
    order: int = 100
    default_on: bool = False
    icon: str = ""
    depends_on: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()

    def fields_for(self, viewer: Viewer) -> tuple[Field, ...]:
        """The fields that may appear at all for ``viewer`` (private ones still row by row)."""
        return tuple(field for field in self.fields if viewer.may(field.audience))

    def rules(self) -> tuple[Rule, ...]:
        """The legend, computed now where it comes from rows."""
        return self.legend() if callable(self.legend) else self.legend


layers: Registry[LayerSpec] = Registry("layer")
