"""A section of the village panel: about ten lines in each app that owns facts about a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kernel.registry import Registry
from kernel.viewer import Audience, Viewer

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """The place whose panel is built; rows of it are those whose place code starts with ``code``.

    Attributes:
        level: "county", "township", "village" or "grid".
        lonlat: a point inside the place, EPSG:4326.
    """

    code: str
    name: str
    level: str
    county: str
    lonlat: tuple[float, float]


@dataclass(frozen=True, slots=True)
class PanelSection:
    """One section.

    Attributes:
        build: makes the JSON body for a viewer and a place; None leaves the section out.
        max_queries: upper bound of database queries, held by a test.
    """

    key: str
    title: StrOrPromise
    build: Callable[[Viewer, PlaceRef], dict[str, Any] | None]
    order: int = 100
    audience: Audience = Audience.PUBLIC
    max_queries: int = 3


sections: Registry[PanelSection] = Registry("panel section")


@dataclass(frozen=True, slots=True)
class Phone:
    """A supervision phone: whom to call when something is wrong with a work, named by function.

    Attributes:
        number: as people write it ("0572-0123 4567", "12345").
        duty: what it is for, at best the name of the work.
    """

    title: str
    number: str
    duty: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class PhoneSource:
    """Adds supervision phones to the panel's one section of phones; they come before the place's own.

    Attributes:
        find: the phones of a place, the right one first. One that raises makes the section unavailable.
        max_queries: upper bound of database queries, held by a test.
    """

    key: str
    find: Callable[[Viewer, PlaceRef], list[Phone]]
    order: int = 100
    max_queries: int = 1


phone_sources: Registry[PhoneSource] = Registry("phone source")


def all_sections() -> list[PanelSection]:
    """The sections of a panel, in order."""
    return list(sections)
