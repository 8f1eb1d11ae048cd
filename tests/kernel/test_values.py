"""Registry, clock, Viewer, search text: the small values everything stands on."""

import datetime as dt
import threading
from dataclasses import dataclass

import pytest

from kernel import clock
from kernel.registry import Registry
from kernel.search import search_text
from kernel.viewer import AUDIENCE_OF_ROLE, Audience, Role, Viewer
from tests.factories import people


@dataclass(frozen=True)
class Thing:
    key: str
    order: int = 100


class TestRegistry:
    def test_order_then_key(self):
        registry = Registry("thing")
        for thing in (Thing("b"), Thing("a"), Thing("z", 1)):
            assert registry.add(thing) is thing
        assert [thing.key for thing in registry] == ["z", "a", "b"]
        assert (len(registry), "a" in registry, "x" in registry) == (3, True, False)
        assert registry["z"].order == 1
        assert registry.get("x") is None

    def test_once_per_key(self):
        registry = Registry("thing")
        first = registry.add(Thing("a"))
        registry.add(first)
        with pytest.raises(ValueError, match="thing 'a' is declared twice"):
            registry.add(Thing("a"))
        registry.remove("a")
        with pytest.raises(KeyError):
            registry["a"]


class TestClock:
    def test_real_time_has_the_zone(self):
        assert clock.now().utcoffset() == dt.timedelta(hours=8)
        assert abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)

    @pytest.mark.parametrize(
        "moment, said",
        [
            ("2026-06-30", "2026-06-30T10:20:00+08:00"),
            (dt.date(2026, 6, 30), "2026-06-30T10:20:00+08:00"),
            ("2026-06-30T23:59:59", "2026-06-30T23:59:59+08:00"),
            (dt.datetime(2026, 6, 30, 1, tzinfo=dt.UTC), "2026-06-30T01:00:00+00:00"),
        ],
    )
    def test_frozen(self, moment, said):
        with clock.freeze(moment) as at:
            assert clock.now().isoformat() == said
            assert at == clock.now()

    def test_today_is_the_day_in_shanghai(self):
        with clock.freeze(dt.datetime(2026, 6, 30, 17, tzinfo=dt.UTC).astimezone(clock.ZONE)):
            assert clock.today() == dt.date(2026, 7, 1)

    def test_nested_and_undone(self):
        with clock.freeze("2026-06-30"):
            with clock.freeze("2020-01-01"):
                assert clock.today().year == 2020
            assert clock.today().year == 2026
        assert clock.today().year != 2020

    @pytest.mark.parametrize("everywhere", [True, False])
    def test_other_threads(self, everywhere):
        seen = []
        with clock.freeze("2020-01-01", everywhere=everywhere):
            thread = threading.Thread(target=lambda: seen.append(clock.today().year == 2020))
            thread.start()
            thread.join()
        assert seen == [everywhere]


class TestViewer:
    def test_every_role_has_an_audience(self):
        assert set(AUDIENCE_OF_ROLE) == set(Role)

    @pytest.mark.parametrize(
        "role, audience",
        [
            (None, Audience.PUBLIC),
            ("citizen", Audience.PUBLIC),
            ("village_agent", Audience.GRID),
            ("grid_manager", Audience.GRID),
            ("desk", Audience.STAFF),
            ("handler", Audience.STAFF),
            ("supervisor", Audience.STAFF),
            ("official", Audience.OFFICIAL),
            ("admin", Audience.GRID),
        ],
    )
    def test_audience(self, role, audience):
        viewer = people.viewer(role)
        assert viewer.audience == audience
        assert [level for level in Audience if viewer.may(level)] == [a for a in Audience if a <= audience]

    @pytest.mark.parametrize(
        "own, code, covered",
        [
            ((), "990521003007", False),
            (("990521003",), "990521003007", True),
            (("990521003",), "990521003", True),
            (("990521003",), "990521004001", False),
            (("990521003007",), "990521003", False),
            (("990521003007",), None, False),
            (("990521",), None, True),
            (("330521",), "330521001", False),  # another county than the one that is looked at
            (("330521", "990521004"), "990521004", True),
        ],
    )
    def test_covers(self, own, code, covered):
        assert people.viewer("desk", jurisdiction=own).covers(code) is covered

    def test_rights_key(self):
        public = {people.viewer().rights_key, Viewer("990521").rights_key}
        assert public == {"990521-public"}
        assert Viewer("990522").rights_key != Viewer("990521").rights_key
        base = people.viewer("desk", jurisdiction=["990521003", "990521004"])
        assert base.rights_key == people.viewer("desk", jurisdiction=["990521004", "990521003"]).rights_key
        others = [
            people.viewer("handler", jurisdiction=base.jurisdiction, user_id=base.user_id),
            people.viewer("desk"),
            people.viewer("desk", jurisdiction=base.jurisdiction, unit_id=4),
            people.viewer("desk", "990522", jurisdiction=base.jurisdiction),
        ]
        assert len({base.rights_key, *(other.rights_key for other in others)}) == 5

    def test_roles(self):
        viewer = people.viewer("desk")
        assert viewer.is_signed_in
        assert viewer.has_role(Role.DESK, Role.ADMIN)
        assert not viewer.has_role(Role.ADMIN)
        assert not people.viewer().has_role(*Role)


def test_search_text():
    assert search_text("荷塘村", "990521003007") == "荷塘村 hetangcun htc 990521003007"
    assert "newtown" in search_text("New Town", "").split()
