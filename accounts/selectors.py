"""Who somebody is, for the rest of the product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from accounts.models import ROLE_TITLES, ApiKey, InboxItem, Jurisdiction, User
from kernel import clock, sealed
from kernel.language import named
from kernel.viewer import Role, Viewer
from places.models import County

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

STAFF_PAGES: dict[str, frozenset[Role]] = {
    "console": frozenset(
        {Role.VILLAGE_AGENT, Role.GRID_MANAGER, Role.DESK, Role.HANDLER, Role.SUPERVISOR, Role.OFFICIAL}
    ),
    "devices": frozenset({Role.GRID_MANAGER, Role.DESK, Role.HANDLER, Role.SUPERVISOR, Role.OFFICIAL}),
    "review": frozenset({Role.DESK, Role.SUPERVISOR, Role.OFFICIAL}),
    "field": frozenset({Role.GRID_MANAGER, Role.HANDLER}),
    "manage": frozenset({Role.VILLAGE_AGENT, Role.GRID_MANAGER, Role.DESK, Role.HANDLER, Role.OFFICIAL}),
    "admin": frozenset({Role.ADMIN}),
}
"""Staff pages by name and who may open them; the services behind them decide about each act."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in person, as shown to that person.

    Attributes:
        county: the county the person works for; None for the operator of the installation.
        may: names of the staff pages that open for the person.
    """

    username: str
    name: str
    role: str
    role_title: str
    unit: str
    county: NamedPlace | None
    jurisdiction: tuple[NamedPlace, ...]
    may: tuple[str, ...]
    must_change_password: bool


def county_exists(code: str) -> bool:
    """Whether there is such a county in this database. Cost: one query, none for what is no code."""
    return len(code) == 6 and code.isascii() and code.isdecimal() and County.objects.filter(code=code).exists()


def api_key_hash(key: str) -> str:
    """What is kept of a key."""
    return sealed.digest(key, "api key")


def api_key_named(key: str) -> ApiKey | None:
    """The row of a key that is in use. Cost: one query, none for what is no key."""
    if not 8 <= len(key) <= 100:
        return None
    return ApiKey.objects.filter(key_hash=api_key_hash(key), is_active=True).first()


def jurisdictions_today(user_id: int) -> list[NamedPlace]:
    """The places a user answers for today, by code. Cost: one query."""
    today = clock.today()
    rows = Jurisdiction.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), user_id=user_id, valid_from__lte=today
    )
    named = "place__name_en" if get_language() == "en" else "place__name"
    found = rows.order_by("place_id").values_list("place_id", named, "place__name").distinct()
    return [NamedPlace(code, name or fallback) for code, name, fallback in found]


def viewer_of(user: User | AnonymousUser, county: str) -> Viewer:
    """The Viewer of ``user`` who looks at ``county``. Cost: one query for a signed-in user.

    In a county that the user does not work for, the user is a citizen like everybody else. A citizen answers for no
    place, and an administrator neither (``kernel.viewer``): a jurisdiction that somebody entered for one, or left when
    a role changed, opens nothing.
    """
    if not isinstance(user, User):
        return Viewer(county=county)
    at_home = user.county_id in (None, county)
    role = Role(user.role) if at_home else Role.CITIZEN
    answers = role not in (Role.CITIZEN, Role.ADMIN)
    return Viewer(
        county=county,
        role=role,
        user_id=user.pk,
        unit_id=user.unit_id if at_home else None,
        jurisdiction=tuple(place.code for place in jurisdictions_today(user.pk)) if answers else (),
        label=f"{user.role} · {user.username}",
    )


def me(viewer: Viewer) -> Me | None:
    """The signed-in person; None for an anonymous visitor. Cost: two queries."""
    if viewer.user_id is None:
        return None
    user = User.objects.select_related("unit", "county").get(pk=viewer.user_id)
    role, english = Role(user.role), get_language() == "en"
    unit = user.unit
    county = user.county
    return Me(
        username=user.username,
        name=user.name,
        role=role.value,
        role_title=str(ROLE_TITLES[role]),
        unit=((unit.name_en if english else "") or unit.name) if unit else "",
        county=NamedPlace(county.code, (county.name_en if english else "") or county.name) if county else None,
        jurisdiction=tuple(jurisdictions_today(user.pk)) if role is not Role.CITIZEN else (),
        may=tuple(page for page, roles in STAFF_PAGES.items() if role in roles),
        must_change_password=user.must_change_password,
    )


@dataclass(frozen=True, slots=True)
class DemoRow:
    """A demo account as the sign-in page and the terminal list it."""

    username: str
    name: str
    role_title: str
    unit: str


def demo_accounts(county: str, *, one_per_role: bool = False) -> list[DemoRow]:
    """The demo accounts of a county, oldest first; none outside demo mode. Cost: one query."""
    if not settings.DEMO:
        return []
    users = User.objects.filter(is_demo=True, is_active=True, county_id=county).select_related("unit").order_by("pk")
    seen: set[str] = set()
    rows = []
    for user in users:
        if one_per_role and user.role in seen:
            continue
        seen.add(user.role)
        unit = user.unit.name if user.unit else ""
        rows.append(DemoRow(user.username, user.name, str(ROLE_TITLES[Role(user.role)]), unit))
    return rows


def county_title(code: str) -> str:
    """The name of a county in the language of the request, or "" where there is none. Cost: one query."""
    county = County.objects.filter(pk=code).first()
    if county is None:
        return ""
    return (county.name_en if get_language() == "en" else "") or county.name


def answering_for(county: str, roles: Iterable[Role], code: str | None) -> list[int]:
    """Active people of those roles who answer today for the place ``code`` (None: outside every village), by key.

    Cost: one query.
    """
    today, place = clock.today(), code or county
    around = [place[:length] for length in (6, 9, 12, 15) if length <= len(place)]
    rows = Jurisdiction.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        valid_from__lte=today,
        place__in=around,
        user__county=county,
        user__is_active=True,
        user__role__in=list(roles),
    )
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct())


def handlers_of(unit: int) -> list[int]:
    """Active handlers of a unit, by key. Cost: one query."""
    rows = User.objects.filter(unit=unit, role=Role.HANDLER, is_active=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A message in the language of the request."""

    id: int
    subject: str
    body: str
    link: str
    at: str
    is_read: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """Messages of one person, newest first; ``next`` is the value of ``cursor`` for older ones."""

    items: tuple[InboxRow, ...]
    unread: int
    next: int | None


def inbox(viewer: Viewer, *, only_unread: bool = False, before: int = 0, limit: int = 30) -> Inbox:
    """The viewer's own messages. Cost: two queries."""
    own = InboxItem.objects.filter(recipient=viewer.user_id)
    rows = own.filter(read_at=None) if only_unread else own
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows.order_by("-pk")[: limit + 1])
    items = tuple(
        InboxRow(
            id=one.pk,
            subject=named(one.subject, one.subject_en),
            body=named(one.body, one.body_en),
            link=one.link,
            at=one.at.astimezone(clock.ZONE).isoformat(),
            is_read=one.read_at is not None,
        )
        for one in found[:limit]
    )
    return Inbox(items, own.filter(read_at=None).count(), found[limit - 1].pk if len(found) > limit else None)


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A queue of the console and its filters under a name; ``filters`` as an address has them (``f=``)."""

    name: str
    queue: str
    filters: str


def saved_filters(viewer: Viewer) -> tuple[SavedFilter, ...]:
    """The viewer's own, oldest first; none for whoever is not signed in. Cost: one query."""
    found = User.objects.filter(pk=viewer.user_id or 0).values_list("saved_filters", flat=True).first()
    return tuple(SavedFilter(**one) for one in found or ())


def people_named(keys: Iterable[int | None]) -> dict[int, str]:
    """What users are called, by key; those that are gone are missing. Cost: one query."""
    return dict(User.objects.filter(pk__in={key for key in keys if key is not None}).values_list("pk", "name"))
