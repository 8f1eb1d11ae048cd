"""Routing of one order against pgRouting's bare search, on the roads of the demonstration county."""

import datetime as dt
import itertools
import statistics
import time
from collections.abc import Callable
from functools import partial

from django.contrib.gis.geos import Point
from django.db import connection, transaction

from accounts.models import Unit
from bench.limit import Limit
from bench.registry import Bench, Row, add
from dispatch import sql
from dispatch.models import Crew, RoutingRule, WorkOrder
from dispatch.selectors.roads import DETOUR, box_around, nearest
from dispatch.services.routing import order_route
from kernel import clock
from kernel.geo import Bbox, LonLat, distance_m
from kernel.viewer import Viewer
from places.models import County, Place

_CREWS, _CALLS, _ROUNDS, _TIMES = 20, 40, 5, 3
_SKILL = "bench"
_ALLOWED = 7.0
"""Beside the search: twenty crews locked and read, their orders counted, crews and order put on the nearest road."""


def run() -> list[Row]:
    """All in one transaction that is undone."""
    with transaction.atomic():
        try:
            return _rows(County.objects.filter(is_demo=True).earliest("code").pk)
        finally:
            transaction.set_rollback(True)


def _rows(county: str) -> list[Row]:
    spots = [place.center for place in Place.objects.filter(county=county, level="village").order_by("pk")]
    unit = Unit.objects.filter(county=county).earliest("code")
    RoutingRule.objects.filter(county=county).update(is_active=False)
    rule = RoutingRule.objects.create(county_id=county, title="bench", skill=_SKILL, is_active=True)
    for n in range(_CREWS):
        _crew(unit, spots[n * len(spots) // _CREWS])
    orders = [_order(county, spots[(7 * n) % len(spots)], n) for n in range(_CALLS)]
    calls = [(order.geom.x, order.geom.y) for order in orders]
    crews = [(crew.geom.x, crew.geom.y) for crew in Crew.objects.filter(skills__contains=[_SKILL]).order_by("pk")]
    by = Viewer(county=county, label="bench")

    limit = Limit()
    route = _turns([partial(order_route, by=by, order=order) for order in orders])
    near = _turns([_bare(county, call, crews, _box(county, call, crews)) for call in calls])
    whole = _turns([_bare(county, call, crews, None) for call in calls])
    product, in_box, over_all = _medians([route, near, whole], limit.cpu_s)
    RoutingRule.objects.filter(pk=rule.pk).update(skill="", unit=unit)
    (fixed,) = _medians([route], limit.cpu_s)
    what = f"a call, {_CREWS} crews"
    return [
        Row(
            f"{what}, the search alone in the box", product, in_box, _ALLOWED, fixed, "fixed: a rule that names a unit"
        ),
        Row(f"{what}, the search alone over all roads", product, over_all, _ALLOWED, fixed),
    ]


def _crew(unit: Unit, at: Point) -> None:
    shift = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "shift_start": dt.time(0), "shift_end": dt.time(0)}
    Crew.objects.create(county_id=unit.county_id, unit=unit, name="bench", skills=[_SKILL], geom=at, **shift)


def _order(county: str, at: Point, number: int) -> WorkOrder:
    now = clock.now()
    times = {"started_at": now, "yellow_at": now, "due_at": now, "red_at": now, "workdays": 7}
    named = {"source": "bench", "source_id": str(number), "title": "bench", "kind": "complaint"}
    return WorkOrder.objects.create(
        county_id=county, geom=Point(at.x + 0.003, at.y + 0.002, srid=4326), **named, **times
    )


def _box(county: str, call: LonLat, crews: list[LonLat]) -> Bbox:
    """That of the look which decided."""
    first = max(1000.0, DETOUR * min(distance_m(call, crew) for crew in crews))
    return box_around(call, max(first, nearest(county, call, crews)[0].metres))


def _bare(county: str, call: LonLat, crews: list[LonLat], box: Bbox | None) -> Callable[[], object]:
    """Nothing but the search, over edges that were looked up before."""
    text = sql.edges_text(county, call, crews, box)
    goals = list(range(-2, -2 - len(crews), -1))

    def search() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM pgr_dijkstraCost(%s, -1, %s::bigint[], false)", [text, goals])
            return cursor.fetchall()

    return search


def _turns(runs: list[Callable[[], object]]) -> Callable[[], int]:
    def all_of_them() -> int:
        for one in itertools.chain.from_iterable([runs] * _TIMES):
            one()
        return len(runs) * _TIMES

    return all_of_them


def _medians(sides: list[Callable[[], int]], cluster_s: Callable[[], float]) -> list[float]:
    """CPU of this process and the cluster in ms per run; the sides in turn, after one round to warm up."""
    rounds: list[list[float]] = [[] for _ in sides]
    for number in range(_ROUNDS + 1):
        for side, kept in zip(sides, rounds, strict=True):
            before = time.process_time() + cluster_s()
            count = side()
            used = time.process_time() + cluster_s() - before
            if number:
                kept.append(used * 1000 / count)
    return [statistics.median(kept) for kept in rounds]


add(Bench("dispatch", "The nearest free crew", "pgRouting's bare search", run))
