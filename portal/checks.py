"""What must not be forgotten before a map is shown to the public."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks

from places.models import County
from portal.basemaps import OWN, base_maps


def numbers_of_bases(**_: Any) -> list[checks.CheckMessage]:
    """W001: a base map of others may be shown under its approval number (审图号) only."""
    return [
        checks.Warning(
            f"The base map {base.key!r} has no approval number (审图号).",
            hint="Set TIANDITU_APPROVAL_NUMBER or OSM_APPROVAL_NUMBER, or do not offer it (docs/settings.md).",
            id="portal.W001",
        )
        for base in base_maps("")
        if base.key != OWN and not base.approval_number
    ]


def numbers_of_counties(databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """W002: the same for our own base map of each real county; needs ``--database default``."""
    if not databases:
        return []
    bare = County.objects.filter(approval_number="", is_demo=False).values_list("code", flat=True)
    return [
        checks.Warning(
            f"The map of county {code} has no approval number (审图号): every map of it says 仅供内部测试.",
            hint="Enter it in the admin, under counties.",
            id="portal.W002",
        )
        for code in bare
    ]


def register() -> None:
    """Both belong to ``manage.py check --deploy --database default``."""
    checks.register(numbers_of_bases, deploy=True)
    checks.register(numbers_of_counties, checks.Tags.database, deploy=True)
