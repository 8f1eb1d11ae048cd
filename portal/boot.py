"""What a page knows before its first request: written into the page as JSON, and served by /api/county/."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token

from accounts import selectors as people
from kernel import clock
from kernel.language import is_english
from kernel.viewer import Viewer
from places.selectors import CountyFacts
from portal.basemaps import base_maps_json


def county_json(facts: CountyFacts) -> dict[str, Any]:
    """The county, as /api/county/ answers it (without ``me``)."""
    county = facts.county
    as_of = county.as_of.astimezone(clock.ZONE).isoformat() if county.as_of else None
    return {
        "code": county.code,
        "name": facts.name,
        "is_demo": county.is_demo,
        "bbox": list(facts.bbox) if facts.bbox else None,
        "center": list(facts.center) if facts.center else None,
        "approval_number": county.approval_number,
        "base_maps": base_maps_json(county.approval_number),
        "boundary_source": county.boundary_source,
        "cells_illustrative": county.cells_illustrative,
        "townships": facts.townships,
        "villages": facts.villages,
        "as_of": as_of,
    }


def me_json(viewer: Viewer) -> dict[str, Any] | None:
    """The signed-in person; None for an anonymous visitor."""
    me = people.me(viewer)
    return asdict(me) if me else None


def boot_json(request: HttpRequest, viewer: Viewer, facts: CountyFacts) -> dict[str, Any]:
    """The JSON of ``<script type="application/json" id="boot">``.

    The CSRF token is given to signed-in people only: it sets a cookie, and a visitor who only looks needs none.
    """
    return {
        "county": facts.county.code,
        "default_county": settings.COUNTY,
        "lang": "en" if is_english() else "zh",
        "is_demo": facts.county.is_demo,
        "csrf": get_token(request) if viewer.is_signed_in else "",
        "me": me_json(viewer),
        "facts": county_json(facts),
    }
