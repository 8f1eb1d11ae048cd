"""Orders find their unit or crew by rules: the first that fits, the nearest that is free, and nobody twice."""

from __future__ import annotations

import datetime as dt
import math
import random
import threading
from collections import Counter

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from dispatch.models import Crew, RoutingDecision, RoutingRule, WorkOrder
from dispatch.selectors.routing import Matter, fits
from dispatch.services.routing import order_route
from dispatch.states import State
from kernel import clock
from kernel.geo import distance_m
from kernel.viewer import Viewer
from records.models import HistoryEvent
from tests.dispatch.brute import Network
from tests.factories import crews, people, places, roads

COUNTY = places.COUNTY
SYSTEM = Viewer(county=COUNTY, label="system")
NOON = dt.datetime(2026, 6, 30, 12, 0, tzinfo=clock.ZONE)
"""A Tuesday."""


@pytest.fixture(autouse=True)
def noon(told):
    with clock.freeze(NOON, everywhere=True):
        yield


def route(order: WorkOrder) -> RoutingDecision | None:
    """Decide and assign, as the services that open and move orders do."""
    with transaction.atomic():
        decision = order_route(by=SYSTEM, order=order)
        if decision is not None and decision.unit_id:
            fields = {"state": State.ASSIGNED, "lead_unit_id": decision.unit_id, "crew_id": decision.crew_id}
            WorkOrder.objects.filter(pk=order.pk).update(**fields)
        return decision


@pytest.mark.parametrize(
    "categories, places_, words, expected",
    [
        ([], [], [], True),
        (["heating"], [], [], True),
        (["lamp"], [], [], False),
        (["lamp", "heating"], [], [], True),
        ([], ["990521003"], [], True),
        ([], ["990521003007"], [], True),
        ([], ["990521003007001"], [], True),
        ([], ["990521003007002"], [], False),
        ([], ["990521004", "990521"], [], True),
        ([], [], ["暖气"], True),
        ([], [], ["BOILER"], True),
        ([], [], ["路灯"], False),
        (["heating"], ["990521003"], ["路灯"], False),
        (["heating"], ["990521003"], ["路灯", "不热"], True),
    ],
)
def test_what_a_rule_fits(categories, places_, words, expected) -> None:
    rule = RoutingRule(categories=categories, places=places_, words=words)
    assert fits(rule, Matter("heating", "990521003007001", "家里暖气不热 boiler")) is expected
    assert fits(rule, Matter("heating", "990521003007001", "冷", "说了三回：家里暖气不热 boiler")) is expected


pytest_db = pytest.mark.django_db


@pytest_db
def test_the_first_rule_in_force_that_fits_decides_and_says_why() -> None:
    jtj, water = people.unit(), people.unit("water", "县水利局", name_en="Water bureau")
    crews.rule("关掉的", order=1, unit=jtj, is_active=False)
    crews.rule("不相干", order=2, unit=jtj, categories=["lamp"])
    right = crews.rule("水的事", order=3, unit=water, categories=["heating"], words=["暖气"], places=["990521003"])
    crews.rule("后面的", order=4, unit=jtj)
    decision = route(crews.order())
    assert (decision.rule, decision.unit, decision.crew) == (right, water, None)
    assert decision.why["zh"] == [
        "规则“水的事”适用：类别是 heating，地点在石桥镇，内容里有“暖气”。",
        "交给县水利局办理。",
    ]
    assert decision.why["en"] == [
        "Rule “水的事” applies: the category is heating, the place is in 石桥镇, the words have “暖气”.",
        "Given to Water bureau.",
    ]


@pytest_db
def test_without_a_rule_a_person_decides() -> None:
    crews.rule(categories=["lamp"])
    crews.rule(unit=people.unit(county="990522"), county="990522")
    assert route(crews.order()) is None
    assert not RoutingDecision.objects.exists()


@pytest_db
def test_the_government_of_the_place() -> None:
    crews.rule("各镇办理")
    town = places.township("990521003")
    order = crews.order()
    assert route(order).unit is None
    people.unit("old", "旧单位", place=town, is_active=False)
    unit = people.unit("zf3", "石桥镇人民政府", place=town, name_en="Shiqiao Government")
    decision = route(order)
    assert decision.unit == unit
    assert decision.why["en"][-1] == "Handled by the local government: Shiqiao Government."
    nowhere = crews.order()
    nowhere.place = None
    assert "任何乡镇" in route(nowhere).why["zh"][-1]


@pytest_db
@pytest.mark.parametrize(
    "fields",
    [
        {"is_active": False},
        {"skills": ["lamp"]},
        {"weekdays": [1, 3, 4, 5, 6, 7]},
        {"shift_start": dt.time(20), "shift_end": dt.time(8)},
        {"capacity": 0},
    ],
    ids=["not in use", "another skill", "not today", "night shift", "no capacity"],
)
def test_who_is_not_free(fields) -> None:
    lon, lat = places.lonlat("990521003007")
    crews.rule(skill=crews.SKILL)
    crews.crew((lon, lat), **fields)
    far = crews.crew((lon + 0.03, lat))
    assert route(crews.order((lon, lat))).crew == far


@pytest_db
def test_a_rule_with_a_unit_asks_its_own_crews_only() -> None:
    lon, lat = places.lonlat("990521003007")
    crews.crew((lon, lat))
    own = crews.crew((lon + 0.03, lat), unit=people.unit("gas", "燃气公司"))
    crews.rule(skill=crews.SKILL, unit=own.unit)
    decision = route(crews.order((lon, lat)))
    assert (decision.crew, decision.unit) == (own, own.unit)


@pytest_db
def test_straight_lines_are_called_so() -> None:
    lon, lat = places.lonlat("990521003007")
    crews.rule(skill=crews.SKILL)
    crew = crews.crew((lon + 0.01, lat))
    decision = route(crews.order((lon, lat)))
    assert decision.by_road is False
    assert decision.distance_m == pytest.approx(distance_m((lon, lat), (lon + 0.01, lat)), abs=0.1)
    assert decision.why["en"][-1].startswith("No road leads there, so straight lines were compared")
    assert decision.why["compared"] == [{"crew": crew.pk, "name": crew.name, "metres": 958, "by_road": False}]


@pytest_db
def test_nobody_free_is_told_once_and_stays_open() -> None:
    crews.rule(skill=crews.SKILL)
    crew = crews.crew()
    assert route(crews.order()).crew == crew
    order = crews.order()
    with CaptureQueriesContext(connection) as queries:
        decision = route(order)
    assert sum('FROM "dispatch_routingdecision"' in one["sql"] for one in queries) == 1, "whether it was told before"
    assert (decision.unit, decision.crew) == (None, None)
    assert "1 个，当班 1 个，其中有空 0 个" in decision.why["zh"][1]
    assert decision.why["zh"][2].startswith(f"当班的都在忙；没有道路通到那里，按直线距离最近的是{crew.name}，")
    order.refresh_from_db()
    assert (order.state, order.is_urgent, order.version) == (State.OPENED, True, 2)
    assert list(HistoryEvent.objects.filter(object_id=order.pk).values_list("move", "part")) == [("escalate", "system")]
    assert route(order) is None
    assert RoutingDecision.objects.filter(order=order).count() == 1
    WorkOrder.objects.filter(crew=crew).update(state=State.DONE)
    assert route(order).crew == crew


@pytest_db
def test_the_cost_does_not_grow_with_the_crews() -> None:
    roads.lattice()
    crews.rule(skill=crews.SKILL)
    for n in range(12):
        crews.crew((120.02 + 0.01 * n, 30.55))
    order = crews.order()
    with CaptureQueriesContext(connection) as queries:
        assert order_route(by=SYSTEM, order=order).by_road
    assert len(queries) <= 7  # rules, crews, their orders, one or two looks at roads, the skill, the decision


@pytest_db
@pytest.mark.parametrize("calls", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_each_call_gets_the_nearest_free_crew(calls: int) -> None:
    """Against a search by hand over all roads and crews, while crews finish at random and shifts change."""
    roads.lattice()
    chance, network = random.Random(calls), Network(COUNTY)
    west, south, east, north = places.bbox(COUNTY)

    def somewhere() -> tuple[float, float]:
        if chance.random() < 0.05:
            return roads.ISLAND[0] + chance.uniform(0, 0.01), roads.ISLAND[1] + chance.uniform(0, 0.01)
        return round(chance.uniform(west, east), 6), round(chance.uniform(south, north), 6)

    crews.rule(skill=crews.SKILL)
    day, night = (dt.time(7), dt.time(19)), (dt.time(19), dt.time(7))
    team = []
    for n in range(24):
        start, end = (day, night, (dt.time(0), dt.time(0)))[n % 3]
        capacity = chance.randint(1, 3)
        team.append(crews.crew(somewhere(), capacity=capacity, shift_start=start, shift_end=end))
    shifts = {crew.pk: n % 3 for n, crew in enumerate(team)}
    running: dict[int, int] = {}
    seen: Counter[str] = Counter()
    for call in range(calls):
        now = NOON + dt.timedelta(minutes=37 * call)
        with clock.freeze(now):
            at = somewhere()
            load = Counter(running.values())
            is_day = 7 <= now.hour < 19
            free = [c for c in team if load[c.pk] < c.capacity and shifts[c.pk] in ((0, 2) if is_day else (1, 2))]
            order = crews.order(at)
            decision = route(order)
            expected, by_road = _by_hand(network, at, free)
            assert (decision.crew, decision.by_road) == (expected, by_road)
            seen["none" if expected is None else "road" if by_road else "straight"] += 1
            if expected is not None:
                running[order.pk] = expected.pk
            for done in [key for key in running if chance.random() < 0.02]:
                WorkOrder.objects.filter(pk=done).update(state=State.DONE)
                del running[done]
    assert min(seen["none"], seen["road"], seen["straight"]) > 0, seen


def _by_hand(network: Network, at: tuple[float, float], free: list[Crew]) -> tuple[Crew | None, bool]:
    spots = [(crew.geom.x, crew.geom.y) for crew in free]
    costs = network.costs(at, spots)
    if not costs:
        return None, False
    by_road = min(costs) < math.inf
    metres = costs if by_road else [distance_m(at, spot) for spot in spots]
    return free[metres.index(min(metres))], by_road


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_never_take_the_same_last_place() -> None:
    lon, lat = places.lonlat("990521003007")
    crews.rule(skill=crews.SKILL)
    team = [crews.crew((lon + 0.002 * n, lat), capacity=1 + n % 2) for n in range(5)]
    places_free = sum(crew.capacity for crew in team)
    orders = [crews.order((lon + 0.001 * (n % 9), lat)) for n in range(12)]
    barrier, errors = threading.Barrier(len(orders)), []

    def one(order: WorkOrder) -> None:
        try:
            with clock.freeze(NOON):
                barrier.wait()
                route(order)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    taken = Counter(WorkOrder.objects.exclude(crew=None).values_list("crew_id", flat=True))
    assert taken == {crew.pk: crew.capacity for crew in team}
    assert WorkOrder.objects.filter(state=State.OPENED, is_urgent=True).count() == len(orders) - places_free
