"""Rules of dispatch: who writes them, what a dry run tells, and that none is in force without one."""

from __future__ import annotations

import pytest

from dispatch.models import RoutingRule
from dispatch.selectors.proposals import rules_propose
from dispatch.selectors.rules import rule_get, rules_of
from dispatch.services.crews import crew_update
from dispatch.services.rules import rule_dry_run, rule_order, rule_save, rule_switch
from dispatch.states import State
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn
from kernel.viewer import Role
from records.models import AuditEvent
from tests.factories import crews, people, places

pytestmark = pytest.mark.django_db
COUNTY = places.COUNTY


@pytest.fixture
def chief():
    places.village("990521003007")
    return people.viewer(Role.SUPERVISOR, jurisdiction=[COUNTY])


def finished(n: int, unit, **fields) -> None:
    for _ in range(n):
        crews.order(**{"state": State.DONE, "lead_unit": unit, **fields})


def test_a_rule_is_made_switched_off_and_last(chief) -> None:
    crews.rule(order=70)
    unit = people.unit()
    fields = {
        "title": " 路灯 ",
        "categories": ["lamp", "lamp"],
        "places": ["990521003"],
        "words": ["灯"],
        "unit": unit.pk,
    }
    made = rule_save(by=chief, fields=fields)
    assert (made.title, made.categories, made.places, made.words, made.unit) == (
        "路灯",
        ["lamp"],
        ["990521003"],
        ["灯"],
        unit,
    )
    assert (made.is_active, made.order, made.version) == (False, 80, 1)
    changed = rule_save(by=chief, rule_id=made.pk, version=1, fields={"words": []})
    assert (changed.words, changed.categories, changed.version) == ([], ["lamp"], 2)
    events = AuditEvent.objects.filter(action="routingrule.save", object_id=str(made.pk)).order_by("id")
    assert [event.changes.get("words") for event in events] == [[None, ["灯"]], [["灯"], []]]


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 81}, "title"),
        ({"title": "好", "places": ["990522"]}, "places"),
        ({"title": "好", "places": ["x"]}, "places"),
        ({"title": "好", "words": [""]}, "words"),
        ({"title": "好", "words": ["长" * 21]}, "words"),
        ({"title": "好", "words": ["\x00"]}, "words"),
        ({"title": "好", "categories": [str(n) for n in range(501)]}, "categories"),
        ({"title": "好", "unit": 2**40}, "unit"),
        ({"title": "好", "skill": "供热"}, "skill"),
    ],
)
def test_what_cannot_be_written(chief, fields, field) -> None:
    places.county("990522")
    with pytest.raises(Invalid) as error:
        rule_save(by=chief, fields=fields)
    assert error.value.field == field
    assert not RoutingRule.objects.exists()


def test_a_unit_of_another_county_is_none(chief) -> None:
    with pytest.raises(Invalid):
        rule_save(by=chief, fields={"title": "好", "unit": people.unit(county="990522").pk})


def test_no_rule_is_switched_on_before_its_present_content_was_tried(chief) -> None:
    rule = rule_save(by=chief, fields={"title": "路灯", "categories": ["lamp"]})
    with pytest.raises(Conflict, match="试运行") as error:
        rule_switch(by=chief, rule_id=rule.pk, on=True)
    assert error.value.code == "no_dry_run"
    rule_dry_run(by=chief, rule_id=rule.pk)
    rule_save(by=chief, rule_id=rule.pk, version=1, fields={"categories": ["lamp", "road"]})
    with pytest.raises(Conflict):
        rule_switch(by=chief, rule_id=rule.pk, on=True)
    rule_dry_run(by=chief, rule_id=rule.pk)
    rule_save(by=chief, rule_id=rule.pk, version=2, fields={"title": "灯和路", "categories": ["road", "lamp"]})
    assert rule_switch(by=chief, rule_id=rule.pk, on=True, version=3).is_active
    with pytest.raises(Conflict) as error:
        rule_save(by=chief, rule_id=rule.pk, version=4, fields={"words": ["灯"]})
    assert error.value.code == "rule_in_force"
    assert rule_save(by=chief, rule_id=rule.pk, version=4, fields={"title": "路灯和路"}).is_active
    assert not rule_switch(by=chief, rule_id=rule.pk, on=False).is_active


def test_another_version_is_a_conflict(chief) -> None:
    rule = rule_save(by=chief, fields={"title": "路灯"})
    with pytest.raises(Conflict) as error:
        rule_save(by=chief, rule_id=rule.pk, version=2, fields={"title": "灯"})
    assert error.value.code == "version_conflict"


def test_order_is_of_all_rules_or_none(chief) -> None:
    a, b, c = (crews.rule(title, order=n) for n, title in enumerate("甲乙丙"))
    crews.rule("邻县", county="990522")
    rule_order(by=chief, ids=[c.pk, a.pk, b.pk])
    assert [rule.title for rule in rules_of(chief)] == ["丙", "甲", "乙"]
    for wrong in ([a.pk], [a.pk, a.pk, b.pk], [a.pk, b.pk, c.pk, 10**9], []):
        with pytest.raises(Conflict):
            rule_order(by=chief, ids=wrong)


def test_a_dry_run_tells_what_the_rule_would_have_done(chief) -> None:
    jtj, water = people.unit(), people.unit("water", "县水利局", name_en="Water bureau")
    first = crews.rule("先", order=1, categories=["lamp"], words=["急"], unit=water)
    last = crews.rule("后", order=99, categories=["lamp"], words=["桥"], unit=water)
    crews.rule("没启用", order=2, categories=["lamp"], unit=water, is_active=False)
    finished(3, jtj, category="lamp", title="灯不亮")
    finished(2, water, category="lamp", title="桥上灯不亮")
    finished(4, water, category="lamp", title="急！灯不亮")
    finished(5, jtj, category="road")
    crews.order(category="lamp", title="还没办")
    crews.order(category="lamp", parent=crews.order(category="road"))
    rule = crews.rule("路灯", order=10, categories=["lamp"], unit=jtj, is_active=False)
    rule_dry_run(by=chief, rule_id=rule.pk)
    run = rule_get(chief, rule.pk).dry_run
    assert (run.orders, run.fits, run.takes, run.no_unit) == (16, 10, 6, 0)
    assert [(one.id, one.name, one.n) for one in run.earlier] == [(first.pk, "先", 4)]
    assert [(one.id, one.n) for one in run.taken_from] == [(None, 4), (last.pk, 2)]
    assert (run.finished, run.same_unit) == (5, 3)
    assert [(one.id, one.name, one.n) for one in run.other_units] == [(water.pk, "县水利局", 2)]
    assert [one.agrees for one in run.examples] == [False, False, None, True, True, True]
    assert {(one.really, one.would) for one in run.examples if one.agrees is False} == {("县水利局", "交通运输局")}


def test_a_dry_run_of_the_governments_and_of_crews(chief) -> None:
    heat = people.unit("heat", "供热公司")
    crews.crew(unit=heat)
    town = people.unit("zf3", "石桥镇人民政府", place=places.township("990521003"))
    finished(2, town)
    finished(1, heat)
    finished(1, heat, village=places.village("990521004001"))
    everywhere = rule_dry_run(by=chief, rule_id=crews.rule("各镇", is_active=False).pk).dry_run
    assert (everywhere["takes"], everywhere["same_unit"], everywhere["no_unit"]) == (4, 2, 1)
    crew = rule_dry_run(by=chief, rule_id=crews.rule(skill=crews.SKILL, is_active=False).pk).dry_run
    assert (crew["takes"], crew["same_unit"], crew["no_unit"]) == (4, 2, 0)
    nobody = rule_dry_run(by=chief, rule_id=crews.rule(skill="diving", is_active=False).pk).dry_run
    assert (nobody["takes"], nobody["same_unit"], nobody["no_unit"]) == (4, 0, 4)


def test_proposals_are_what_the_past_says(chief) -> None:
    jtj, water = people.unit(), people.unit("water", "县水利局")
    finished(19, jtj, category="lamp")
    finished(1, water, category="lamp")
    finished(18, jtj, category="road")
    finished(1, water, category="road")
    finished(5, water, category="well")
    finished(4, water, category="pond")
    finished(6, water, category="pipe")
    crews.order(category="well")
    crews.order(category="well", lead_unit=jtj, state=State.CANCELLED)
    crews.rule(categories=["pipe"], unit=water)
    found = rules_propose(chief)
    assert [(one.unit.id, [(c.category, c.cases, c.of) for c in one.categories]) for one in found.items] == [
        (jtj.pk, [("lamp", 19, 20)]),
        (water.pk, [("well", 5, 5)]),
    ]
    assert (found.categories, found.proposed, found.known, found.left) == (5, 2, 1, 2)
    assert rules_propose(chief, least_cases=1, least_share=0.94).proposed == 4
    assert rules_propose(people.viewer(Role.HANDLER, jurisdiction=[COUNTY])).items == ()


WHO = [(role, code) for role in people.ROLES for code in (COUNTY, "990521003", "990522")]


@pytest.mark.parametrize("role, code", WHO)
def test_who_reads_and_writes_rules(role, code) -> None:
    for county in (COUNTY, "990522"):
        places.county(county)
    rule, viewer = crews.rule(is_active=False), people.viewer(role, jurisdiction=[code] if role else [])
    reads = code == COUNTY and role in (Role.DESK, Role.SUPERVISOR, Role.OFFICIAL)
    writes = code == COUNTY and role in (Role.SUPERVISOR, Role.OFFICIAL)
    assert bool(rules_of(viewer)) == reads
    refused = None if writes else NotSignedIn if role is None else Forbidden if reads else NotFound
    for act in (
        lambda: rule_save(by=viewer, rule_id=rule.pk, fields={"title": "新"}),
        lambda: rule_dry_run(by=viewer, rule_id=rule.pk),
        lambda: rule_switch(by=viewer, rule_id=rule.pk, on=False),
    ):
        _expect(act, refused)
    new = None if writes else NotSignedIn if role is None else Forbidden
    _expect(lambda: rule_order(by=viewer, ids=[rule.pk]), new)
    _expect(lambda: rule_save(by=viewer, fields={"title": "新"}), new)


@pytest.mark.parametrize("role", people.ROLES)
@pytest.mark.parametrize("is_own", [True, False])
def test_who_moves_a_crew(role, is_own) -> None:
    crew = crews.crew()
    unit = crew.unit if is_own else people.unit()
    viewer = people.viewer(role, jurisdiction=[COUNTY], unit_id=unit.pk) if role else people.viewer()
    sees = role in (Role.DESK, Role.SUPERVISOR, Role.OFFICIAL, Role.GRID_MANAGER) or (role == Role.HANDLER and is_own)
    may = role == Role.HANDLER and is_own
    refused = None if may else NotSignedIn if role is None else Forbidden if sees else NotFound
    _expect(
        lambda: crew_update(by=viewer, crew_id=crew.pk, fields={"lonlat": (120.1, 30.6), "weekdays": [7, 1]}), refused
    )
    crew.refresh_from_db()
    assert (crew.geom.coords == (120.1, 30.6)) is may
    assert AuditEvent.objects.filter(action="crew.update").count() == may


def _expect(act, refused) -> None:
    if refused is None:
        act()
        return
    with pytest.raises(refused):
        act()
