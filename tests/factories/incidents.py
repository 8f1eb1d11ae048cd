"""Reports for tests. Each function makes one row; what it hangs on is made when missing."""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib.gis.geos import Point

from dispatch.models import WorkOrder
from incidents.models import Category, Report, Reporter
from kernel import clock, sealed
from kernel.cells import public_point, search_cell
from kernel.search import search_text
from places.models import Place
from tests.factories import places

TEXT = "canary-text 家住村口第三户"
ADDRESS = "canary-address"
_numbers = itertools.count(1)


def category(code: str = "lamp", county: str = places.COUNTY, **fields: Any) -> Category:
    """A kind of matter; a second call returns the same."""
    places.county(county)
    more = {"title": "路灯", "title_en": code.title(), "words": "路灯 灯", **fields}
    return Category.objects.get_or_create(county_id=county, code=code, defaults=more)[0]


def report(village: Place | str | None = "990521003007", state: str = "accepted", **fields: Any) -> Report:
    """A report in the middle of a village (a place or a code; None: outside every village), with its order."""
    place = places.village(village) if isinstance(village, str) else village
    county = fields.pop("county", place.county_id if place else places.COUNTY)
    places.county(county)
    kind = fields.pop("category", None) or category(county=county)
    lonlat = fields.pop("lonlat", None) or places.lonlat(place.pk if place else county)
    shown = public_point(lonlat, kind.precision_m)
    title = fields.pop("title", "路灯不亮")
    number = fields.pop("number", f"2606-{next(_numbers):05}")
    is_public = fields.pop("is_public", True)
    order_state = fields.pop("order_state", "in_progress")
    made = Report(
        county_id=county,
        number=number,
        village=place,
        category=kind,
        title=title,
        is_public=is_public,
        state="submitted",
        text=fields.pop("text", TEXT),
        address=fields.pop("address", ADDRESS),
        geom=Point(*lonlat, srid=4326),
        public_geom=Point(*shown, srid=4326),
        public_cell=search_cell(shown),
        search_text=search_text(title, number),
        **fields,
    )
    made.save()
    if state in ("accepted", "answered", "closed"):
        made.order = order(made, state=order_state if state == "accepted" else "done")
    made.state = state
    made.save()
    return made


def order(of: Report, **fields: Any) -> WorkOrder:
    """A work order of a report, led by a unit of its county."""
    from tests.factories import people

    now = clock.now()
    more = {
        "county_id": of.county_id,
        "source": "incidents",
        "source_id": str(of.pk),
        "title": of.title,
        "place": of.village,
        "grid": of.grid,
        "geom": of.geom,
        "kind": "complaint",
        "lead_unit": fields.pop("lead_unit", None) or people.unit(county=of.county_id),
        "started_at": now,
        "workdays": 7,
        "yellow_at": now,
        "due_at": now,
        "red_at": now,
        **fields,
    }
    return WorkOrder.objects.create(**more)


def reporter(of: Report, code: str = "K3W8-9QZT-2M7RX", language: str = "zh", **fields: str) -> Reporter:
    """Who made a report; ``fields`` are sealed."""
    from incidents.services.naming import code_hash

    given = {"name": "canary-name", "phone": "13900001234", "email": "canary@example.org", **fields}
    return Reporter.objects.create(
        report=of,
        code_hash=code_hash(code),
        language=language,
        is_confirmed=True,
        **{name: sealed.seal(text) for name, text in given.items()},
    )
