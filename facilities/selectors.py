"""Shaped reads of facilities: lines of lists, single ones with photos, the nearest of a kind, categories by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.models import Category, Facility, FacilityPhoto
from facilities.querysets import FacilityQuerySet
from kernel import kept
from kernel.errors import Invalid, NotFound
from kernel.files import FileKind
from kernel.geo import LonLat, ewkt
from kernel.kept import given
from kernel.language import named
from kernel.search import Hit, SearchQuery
from kernel.viewer import Role, Viewer
from media.selectors import PhotoUrls, photo_urls
from places.querysets import VILLAGE_DIGITS, answering

EDITORS = frozenset({Role.VILLAGE_AGENT, Role.GRID_MANAGER, Role.DESK, Role.HANDLER, Role.OFFICIAL})
"""Who keeps facilities, each inside the own jurisdiction."""

ESSENTIAL = ("clinic", "shelter")
"""Kinds that everybody must be able to find: shown from next door where a village has none."""

NEAREST_MOST = 50
PANEL_MOST = 50


@dataclass(frozen=True, slots=True)
class FacilityLine:
    """A facility in a list by distance.

    Attributes:
        village: name of its village, "" outside every village.
        lonlat: EPSG:4326, six decimals.
        hours: in the reader's language; ``hours_entered`` in Chinese, which programs read.
        distance_m: from the point that was asked for, on the sphere.
    """

    id: int
    name: str
    category: str
    category_title: str
    icon: str
    status: str
    phone: str
    hours: str
    hours_entered: str
    address: str
    village: str
    lonlat: LonLat
    distance_m: float


@dataclass(frozen=True, slots=True)
class FacilitiesOfPlace:
    """The facilities of a place.

    Attributes:
        total: how many there are.
        items: at most 50, nearest to the middle first.
        nearest: one of each essential kind that the place lacks, from outside.
    """

    total: int
    items: tuple[FacilityLine, ...]
    nearest: tuple[FacilityLine, ...]


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo of a facility."""

    id: int
    caption: str
    caption_en: str
    urls: PhotoUrls


def may_edit(viewer: Viewer, village: str | None) -> bool:
    """Whether ``viewer`` keeps the facilities of a village (None: those outside every village)."""
    return viewer.role in EDITORS and answering(viewer).covers(village)


def facility_rows(viewer: Viewer) -> FacilityQuerySet:
    """Visible facilities with everything that one feature shows. Cost: one query when read."""
    rows = Facility.objects.visible_to(viewer).with_is_own(viewer).with_photo_count()
    return rows.select_related("category", "village").defer("village__geom", "village__center").order_by("pk")


def facility_get(viewer: Viewer, pk: int) -> Facility:
    """A visible facility as in ``facility_rows``. Cost: one query.

    Raises:
        NotFound: there is none for this viewer.
    """
    facility = facility_rows(viewer).filter(pk=pk).first()
    if facility is None:
        raise NotFound(_("没有这个设施，或者您不能看。"))
    return facility


def facility_photos(viewer: Viewer, facility: Facility) -> list[ShownPhoto]:
    """Photos of a facility in their order: published ones, for those who keep it all. Cost: one query."""
    rows = FacilityPhoto.objects.filter(facility=facility).select_related("photo")
    if not may_edit(viewer, facility.village_id):
        rows = rows.filter(photo__state="published")
    return [ShownPhoto(row.photo_id, row.caption, row.caption_en, photo_urls(row.photo)) for row in rows]


def facility_nearest(viewer: Viewer, lonlat: LonLat, category: str = "", limit: int = 5) -> list[FacilityLine]:
    """The nearest facilities to a point (EPSG:4326), of one category or of all.

    Raises:
        Invalid: code "unknown_category", or a limit outside 1…50.

    Cost: two queries.
    """
    if not 1 <= limit <= NEAREST_MOST:
        raise Invalid(_("一次最多 %d 个。") % NEAREST_MOST, field="limit")
    rows = Facility.objects.visible_to(viewer)
    if category:
        category_check(category)
        rows = rows.filter(category_id=category)
    return _in_order(_shown(rows).near(ewkt(lonlat))[:limit])


def category_check(key: str) -> Category:
    """The category ``key``.

    Raises:
        Invalid: code "unknown_category"; the hint names those there are.
    """
    known = {category.key: category for category in Category.objects.all()}
    if key not in known:
        hint = _("可用的类别：%s") % "、".join(known)
        raise Invalid(_("没有设施类别“%s”。") % key[:30], code="unknown_category", field="category", hint=hint)
    return known[key]


def facilities_of_place(viewer: Viewer, code: str, lonlat: LonLat) -> FacilitiesOfPlace:
    """The facilities of a place, by distance from ``lonlat``, its middle.

    Cost: one query, a second where the place lacks an essential kind.
    """
    here = ewkt(lonlat)
    whole = code == viewer.county
    inside = kept.rows(_inside, viewer, whole, here=here, village=code[:VILLAGE_DIGITS])
    total: int = getattr(inside[0], "total", 0) if inside else 0
    lacking = tuple(kind for kind in ESSENTIAL if not (inside and getattr(inside[0], f"n_{kind}")))
    nearest = kept.rows(_nearest_of_each, viewer, lacking, here=here) if lacking else ()
    return FacilitiesOfPlace(total, tuple(_in_order(inside)), tuple(map(_line, nearest)))


def categories_search(viewer: Viewer, query: SearchQuery) -> list[Hit]:
    """Categories by title, pinyin, initials or key, with how many facilities of them there are. Cost: one query."""
    typed = "".join(query.text.lower().split())
    if not typed:
        return []
    rows = kept.rows(_kinds_there_are, viewer, typed=typed)
    hits = [_category_hit(category, typed, category.n) for category in rows]
    return sorted(hits, key=lambda hit: -hit.score)[: query.limit]


def _kinds_there_are(viewer: Viewer) -> QuerySet[Any]:
    public = Q(facilities__county_id=viewer.county) & Q(facilities__is_published=True)
    return Category.objects.matching(given("typed")).annotate(n=Count("facilities", filter=public)).filter(n__gt=0)


def village_name(facility: Facility) -> str:
    """Name of its village in the language of the reader."""
    return named(facility.village.name, facility.village.name_en) if facility.village else ""


def line_json(line: FacilityLine) -> dict[str, Any]:
    """A facility in a list by distance."""
    return {
        "id": line.id,
        "name": line.name,
        "category": line.category,
        "category_title": line.category_title,
        "icon": line.icon,
        "status": line.status,
        "phone": line.phone,
        "hours": line.hours,
        "hours_entered": line.hours_entered,
        "address": line.address,
        "village_name": line.village,
        "lon": line.lonlat[0],
        "lat": line.lonlat[1],
        "distance_m": line.distance_m,
    }


def _inside(viewer: Viewer, whole: bool) -> FacilityQuerySet:
    """Facilities of a place or of the whole county, and how many there are in all and of each essential kind.

    Those of a grid are its village's.
    """
    rows = Facility.objects.visible_to(viewer)
    if not whole:
        rows = rows.filter(village__code__startswith=given("village"))
    kinds = {f"n_{kind}": Window(Count("pk", filter=Q(category_id=kind))) for kind in ESSENTIAL}
    return _shown(rows.annotate(total=Window(Count("pk")), **kinds)).near(given("here"))[:PANEL_MOST]


def _nearest_of_each(viewer: Viewer, kinds: tuple[str, ...]) -> FacilityQuerySet:
    """The nearest open facility of each of ``kinds``."""
    rows = Facility.objects.visible_to(viewer).filter(status=Facility.Status.OPEN, category_id__in=kinds)
    return _shown(rows).near(given("here")).order_by("category_id", F("distance_m")).distinct("category_id")


def _shown(rows: FacilityQuerySet) -> FacilityQuerySet:
    """With what a line shows, and nothing else: least of all the outlines of villages."""
    return rows.select_related("category", "village").only(
        *("name", "name_en", "status", "phone", "hours", "hours_en", "address", "geom"),
        *("category__title", "category__title_en", "category__icon", "village__name", "village__name_en"),
    )


def _in_order(rows: Iterable[Facility]) -> list[FacilityLine]:
    return sorted(map(_line, rows), key=lambda line: (line.distance_m, line.id))


def _line(facility: Facility) -> FacilityLine:
    category = facility.category
    distance: float = facility.distance_m  # type: ignore[attr-defined]  # of ``near``
    return FacilityLine(
        id=facility.pk,
        name=named(facility.name, facility.name_en),
        category=category.key,
        category_title=named(category.title, category.title_en),
        icon=category.icon,
        status=facility.status,
        phone=facility.phone,
        hours=named(facility.hours, facility.hours_en),
        hours_entered=facility.hours,
        address=facility.address,
        village=village_name(facility),
        lonlat=(round(facility.geom.x, 6), round(facility.geom.y, 6)),
        distance_m=round(distance, 1),
    )


def _category_hit(category: Category, typed: str, count: int) -> Hit:
    """A whole name is a better answer than a village of similar sound; a part of one is not."""
    words = [category.key, *category.search_text.split()]
    score = 1.0 if typed in words else 0.7 if any(word.startswith(typed) for word in words) else 0.4
    subtitle = ngettext("%d 处设施", "%d 处设施", count) % count
    return Hit("category", category.key, named(category.title, category.title_en), subtitle, None, score, category.icon)


def file_shown(viewer: Viewer, kind: FileKind, pk: int) -> bool | None:
    """The say of facilities in ``kernel.files``: their photos. Cost: at most two queries."""
    if kind != "photo" or not FacilityPhoto.objects.filter(photo_id=pk).exists():
        return None
    seen = Facility.objects.visible_to(viewer)
    published = seen.filter(facility_photos__photo_id=pk, facility_photos__photo__state="published")
    return published.exists()
