"""People for tests: users of each role, and the Viewers that services and selectors take."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Jurisdiction, Unit, User
from kernel.viewer import Role, Viewer
from places.models import Place
from tests.factories import places

COUNTY = places.COUNTY
PASSWORD = "meet-the-river-7"
ROLES: tuple[Role | None, ...] = (None, *Role)
"""An anonymous visitor and the eight roles: the rows of every rights test."""

_numbers = itertools.count(1)
_hashes: dict[str, str] = {}


def unit(code: str = "jtj", name: str = "交通运输局", county: str = COUNTY, **fields: Any) -> Unit:
    """A unit; a second call with the same code returns the same."""
    root = places.county(county)
    return Unit.objects.get_or_create(county=root, code=code, defaults={"name": name, **fields})[0]


def user(
    role: Role | str = Role.OFFICIAL,
    *,
    county: str | None = COUNTY,
    jurisdiction: Iterable[str] = (),
    password: str = PASSWORD,
    **fields: Any,
) -> User:
    """A user who signs in with ``PASSWORD``.

    Args:
        role: what the user plays.
        county: where the user works; None for the operator of the installation.
        jurisdiction: codes of places the user answers for from 2020 on; missing ones are made.
        password: another password.
        fields: further columns of the user.
    """
    root = places.county(county) if county else None
    named = {"username": f"{Role(role).value}{next(_numbers):03}", "name": "测试账号", **fields}
    # argon2 is slow by design: one hash per password is enough for all tests
    if password not in _hashes:
        _hashes[password] = make_password(password)
    made = User.objects.create(role=role, county=root, password=_hashes[password], **named)
    for code in jurisdiction:
        Jurisdiction.objects.create(user=made, place=_place(code), valid_from="2020-01-01")
    return made


def viewer(
    role: Role | str | None = None, county: str = COUNTY, jurisdiction: Iterable[str] = (), **fields: Any
) -> Viewer:
    """A Viewer without any row behind it; None is an anonymous visitor."""
    if role is None:
        return Viewer(county=county)
    role = Role(role)
    number = 9000 + list(Role).index(role)
    return Viewer(
        **{
            "county": county,
            "role": role,
            "user_id": number,
            "jurisdiction": tuple(jurisdiction),
            "label": f"{role} · test",
            **fields,
        }
    )


def viewers(jurisdiction: Iterable[str] = (), county: str = COUNTY) -> list[Viewer]:
    """One Viewer per entry of ``ROLES``; the signed-in ones answer for ``jurisdiction``."""
    return [viewer(role, county, jurisdiction) for role in ROLES]


def _place(code: str) -> Place:
    makers = {6: places.county, 9: places.township, 12: places.village, 15: places.grid}
    if not Place.objects.filter(pk=code).exists():
        makers[len(code)](code)
    return Place.objects.get(pk=code)
