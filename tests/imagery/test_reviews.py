"""Verdicts: rounds, races, taking back, setting aside, many at once."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from dispatch.models import WorkOrder
from imagery import services
from imagery.models import ChangePoint, Review
from imagery.selectors.cards import point_cards, point_detail
from imagery.selectors.lists import PointFilter, points_found
from imagery.selectors.queue import QueueFilter, queue_counts, queue_filter
from imagery.selectors.reviewers import reviewer_figures
from imagery.selectors.statistics import Grouping, point_statistics
from imagery.services.reviews import PRIOR
from kernel import clock
from kernel.errors import Conflict, DomainError, Invalid
from kernel.viewer import Role
from records.selectors import history_findings
from tests.factories import imagery as make
from tests.factories import people
from tests.imagery.conftest import claim, say, undo

pytestmark = pytest.mark.django_db


def state(point: ChangePoint) -> str:
    point.refresh_from_db()
    return point.state


def columns(point: ChangePoint) -> dict[str, object]:
    point.refresh_from_db()
    return {name: getattr(point, name) for name in (*PRIOR, "priority", "order_id", "finding")}


def refused(act, *args, **fields) -> str:
    with pytest.raises(DomainError) as caught:
        act(*args, **fields)
    return caught.value.code


def test_one_looks_at_a_small_point_and_two_at_a_large_one():
    first, second, third = make.who(), make.who(), make.who()
    small, large, line = make.point(), make.point(area_m2=make.LARGE_M2), make.point(redline_m2=1.0)
    sampled = make.point(number=make.numbers(sampled=True))
    assert say(first, small, "change", kind="pv", seconds=3.2).version == 2
    assert (state(small), small.kind) == ("confirmed", "pv")
    for point in (large, line, sampled):
        say(first, point, "change")
        assert state(point) == "second_review"
        assert refused(services.point_claim, by=first, point_id=point.pk) == "own_review"
    assert claim(first).point is None, "nobody is offered their own point for the second round"
    assert claim(second).point == large.pk
    say(second, large, "change")
    assert state(large) == "confirmed"
    say(second, line, "no_change")
    assert state(line) == "disputed"
    assert refused(services.point_move, by=second, point_id=line.pk, move="overrule", note="x") == "role_may_not"
    supervisor = make.who(Role.SUPERVISOR)
    services.point_move(by=supervisor, point_id=line.pk, move="overrule", note="是田埂")
    assert state(line) == "rejected"
    services.point_move(by=supervisor, point_id=line.pk, move="reopen", note="又有人举报")
    assert (state(line), line.first_by_id) == ("queued", None)
    say(second, line, "no_change")
    say(third, line, "no_change")
    assert state(line) == "rejected", "the rounds begin anew, with the verdicts of this time"
    assert list(history_findings()) == []


def test_who_was_overtaken_hears_it_and_a_verdict_sent_twice_is_one():
    by, point, once = make.who(), make.point(), uuid.uuid4()
    assert refused(say, by, point, "change", version=7) == "version_conflict"
    review = say(by, point, "no_change", version=1, client_id=once)
    again = services.point_review(
        by=by, point_id=point.pk, fields=services.ReviewFields(once, "no_change", reason="no_change"), version=1
    )
    assert (again.pk, Review.objects.count()) == (review.pk, 1)
    other = make.point()
    assert refused(say, by, other, "change", client_id=once) == "client_id_used"
    fields = services.ReviewFields(uuid.uuid4(), "change")
    services.point_release(by=by)
    assert refused(services.point_review, by=by, point_id=other.pk, fields=fields) == "no_lease"
    assert refused(say, by, other, "no_change", reason="") == "needs_fields"
    assert refused(say, by, other, "undo") == "invalid"
    assert refused(say, by, other, "change", seconds=float("nan")) == "invalid"


def test_who_was_overtaken_hears_by_whom():
    by, point = make.who(), make.point(area_m2=make.LARGE_M2)

    def overtaken(who) -> str:
        with translation.override("en"), pytest.raises(Conflict) as caught:
            services.point_move(by=who, point_id=point.pk, move="duplicate", version=1, original=point.pk)
        assert caught.value.code == "version_conflict"
        return str(caught.value.message)

    say(by, point, "change", version=1)
    services.group_make(by=make.who(), point_ids=[point.pk], title="厂区")  # no new version
    assert overtaken(by).startswith("You yourself have just dealt with this point in another window")
    assert overtaken(make.who()).startswith("Somebody else has just dealt with this point")
    ChangePoint.objects.filter(pk=(other := make.point()).pk).update(version=2)
    point = other
    assert overtaken(by).startswith("This point has just moved on")


@pytest.mark.parametrize(
    "verdict, given, area",
    [
        ("change", {"kind": "road"}, make.SMALL_M2),
        ("no_change", {}, make.SMALL_M2),
        ("change", {"kind": "road"}, make.LARGE_M2),
        ("unsure", {}, make.SMALL_M2),
        ("bad_imagery", {}, make.LARGE_M2),
        ("change", {"wants_check": True}, make.SMALL_M2),
        ("defer", {"until": dt.date(2026, 7, 5)}, make.LARGE_M2),
    ],
)
def test_taking_back_is_exact(verdict, given, area):
    by, point = make.who(), make.point(area_m2=area)
    before = columns(point)
    say(by, point, verdict, **given)
    if given.get("wants_check"):
        assert state(point) == "field_check"
    undo(by)
    assert columns(point) == before
    assert (point.claimed_by_id, claim(make.who()).point) == (by.user_id, None), "it is in the same hands again"
    assert [order.state for order in WorkOrder.objects.all()] in ([], ["cancelled"])
    assert refused(undo, by) == "not_found"
    say(by, point, verdict, **given)
    assert list(history_findings()) == []


@pytest.mark.parametrize("statement", ["UPDATE {} SET note = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.django_db(transaction=True)
def test_what_was_said_stays_as_long_as_its_point(statement):
    said = say(make.who(), make.point(area_m2=300), "no_change")
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("imagery_review"))
    assert Review.objects.filter(pk=said.pk).exists()
    said.point.delete()
    assert not Review.objects.exists()


def test_an_id_is_of_one_act():
    """Else a verdict would be answered with its taking back, or the database would have to refuse it."""
    by, point = make.who(), make.point()
    theirs, own = say(make.who(), make.point(), "change"), say(by, point, "change")
    for used in (theirs, own):
        with pytest.raises(Conflict) as caught:
            services.review_undo(by=by, client_id=used.client_id)
        assert caught.value.code == "client_id_used"
    back = undo(by)
    with pytest.raises(Conflict) as caught:
        say(by, point, "change", client_id=back.client_id)
    assert caught.value.code == "client_id_used"
    assert services.review_undo(by=by, client_id=back.client_id) == back


def test_what_has_moved_on_is_not_taken_back():
    by, point = make.who(), make.point(area_m2=make.LARGE_M2)
    review = say(by, point, "change")
    say(make.who(), point, "change")
    assert refused(undo, by, review_id=review.pk) == "moved_on"
    assert state(point) == "confirmed"


def test_a_second_round_is_taken_back_to_the_second_round():
    first, second, point = make.who(), make.who(), make.point(area_m2=make.LARGE_M2)
    say(first, point, "change")
    before = columns(point)
    say(second, point, "no_change")
    assert state(point) == "disputed"
    undo(second)
    assert columns(point) == before


def test_who_has_been_told_the_first_verdict_has_no_second_opinion():
    """What follows from a second verdict tells the first; taken back and given anew it would be no other one."""
    first, second, third, supervisor = make.who(), make.who(), make.who(), make.who(Role.SUPERVISOR)
    point, other = make.point(area_m2=make.LARGE_M2), make.point(area_m2=make.LARGE_M2)
    for one in (point, other):
        say(first, one, "change")
    held = say(second, point, "unsure")
    undo(second)
    assert say(second, point, "no_change").prior["state"] == "second_review", "what sets it aside told nothing"
    back = undo(second)
    point.refresh_from_db()
    assert (state(point), point.claimed_by_id, back.undoes.verdict) == ("second_review", second.user_id, "no_change")
    assert claim(second).point == other.pk
    assert (claim(second, skip=[other.pk]).point, queue_counts(second, QueueFilter()).total) == (None, 1)
    assert claim(third).point in (point.pk, other.pk)
    say(third, point, "no_change")
    assert (state(point), Review.objects.filter(point=point, round=2).count()) == ("disputed", 5), held
    services.point_move(by=supervisor, point_id=point.pk, move="overrule", note="是田埂")
    services.point_move(by=supervisor, point_id=point.pk, move="reopen", note="又有人举报")
    say(third, point, "change")
    say(second, point, "change")
    assert state(point) == "confirmed", "the rounds have begun anew: nobody was told anything of these"


def test_where_nobody_else_is_a_supervisor_decides_what_was_judged_by_who_knew():
    first, second, point = make.who(), make.who(), make.point(area_m2=make.LARGE_M2)
    say(first, point, "change")
    say(second, point, "no_change")
    undo(second)
    say(second, point, "change")
    assert state(point) == "disputed", "one who agrees now has seen with whom"
    undo(second)
    fields = services.ReviewFields(uuid.uuid4(), "change")
    [line] = services.points_review(by=second, point_ids=[point.pk], fields=fields, is_dry_run=False)
    assert (line.ok, state(point)) == (True, "disputed")


def test_who_gave_the_first_verdict_is_not_told_to_whom_the_second_may_be():
    first, second, third, supervisor = make.who(), make.who(), make.who(), make.who(Role.SUPERVISOR)
    point, done = make.point(area_m2=make.LARGE_M2), make.point()
    for one in (point, done):
        say(first, one, "change")
    say(second, point, "no_change")
    undo(second)
    services.point_release(by=second)
    day = clock.today()

    def shown(viewer, reviewer, said="reviews") -> set[int]:
        asked = PointFilter(reviewer=reviewer.user_id, said=said)
        return set(points_found(viewer, asked).values_list("pk", flat=True))

    assert shown(third, first) == {done.pk}
    assert shown(third, second, "undone") == set()
    assert shown(second, second, "undone") == {point.pk}
    for knows in (first, second, supervisor):
        assert shown(knows, first) == {point.pk, done.pk}
    counted = {
        viewer: {one.key: one.reviews for one in reviewer_figures(viewer, day, day)} for viewer in (third, first)
    }
    assert [found[first.user_id] for found in counted.values()] == [1, 2], "figures are of the points that they open"
    notes = [point_statistics(one, Grouping.KIND, day, day).note for one in (third, supervisor)]
    assert ["别人的判读先不算在内" in note for note in notes] == [True, False], "and say so"
    say(third, point, "change")
    assert shown(third, first) == {point.pk, done.pk}


def test_what_is_set_aside_comes_again_on_its_day():
    by, unsure, bad, later = make.who(), make.point(), make.point(), make.point()
    say(by, unsure, "unsure")
    say(by, bad, "bad_imagery")
    assert refused(say, by, later, "defer") == "needs_fields"
    for day in (clock.today() - dt.timedelta(days=1), clock.today() + dt.timedelta(days=367)):
        assert refused(say, by, later, "defer", until=day) == "bad_date"
    said = say(by, later, "defer", until=clock.today(), seconds=1.5)
    assert (said.seconds, said.point.flag_until) == (1.5, clock.today())
    undo(by)
    assert (ChangePoint.objects.get(pk=later.pk).flag, claim(by).point) == ("", later.pk), "taken back by the same key"
    say(by, later, "defer", until=clock.today())
    assert claim(by).point is None
    counts = queue_counts(by, QueueFilter())
    assert (counts.total, {one.key: one.count for one in counts.aside}) == (
        0,
        {"unsure": 1, "bad_imagery": 1, "deferred": 1},
    )
    assert claim(by, asked=queue_filter({"flag": "bad_imagery"})).point == bad.pk
    for day, left in (("2026-07-01", 2), ("2026-07-30", 3)):
        with clock.freeze(f"{day}T09:00:00+08:00", everywhere=True):
            assert queue_counts(by, QueueFilter()).total == left


def test_what_is_counted_as_set_aside_follows_the_other_filters():
    by = make.who()
    for place, kind in ((make.VILLAGE, "water"), (make.VILLAGE, "pv"), ("990521004001", "water")):
        say(by, make.point(place, kind=kind), "unsure")
    for asked, left in (({}, 3), ({"place": "990521003"}, 2), ({"place": "990521003", "kind": "!pv"}, 1)):
        for flag in ({}, {"flag": "unsure"}, {"flag": "deferred"}):
            aside = {one.key: one.count for one in queue_counts(by, queue_filter(asked | flag)).aside}
            assert aside == {"unsure": left, "bad_imagery": 0, "deferred": 0}, (asked, flag)
        assert queue_counts(by, queue_filter(asked | {"flag": "unsure"})).total == left


def test_what_is_counted_as_set_aside_is_what_its_filter_shows():
    by, other = make.who(), make.who()
    own, others = make.point(area_m2=make.LARGE_M2), make.point(area_m2=make.LARGE_M2)
    for point in (own, others):
        say(by if point is own else other, point, "change")
        say(other if point is own else by, point, "bad_imagery")
    lapsed = make.point()
    say(by, lapsed, "unsure")
    with clock.freeze("2026-07-01T09:00:00+08:00", everywhere=True):
        for who in (by, other):
            counted = {one.key: one.count for one in queue_counts(who, QueueFilter()).aside if one.count}
            shown = {key: queue_counts(who, queue_filter({"flag": key})).total for key in ("bad_imagery", "unsure")}
            assert (counted, shown) == ({"bad_imagery": 1}, {"bad_imagery": 1, "unsure": 0})
        told = {card.id: (card.flag, card.flag_until) for card in point_cards(by, [others.pk, lapsed.pk])}
    assert told == {others.pk: ("bad_imagery", "2026-07-29"), lapsed.pk: ("", None)}, (
        "a flag that is over is told no more"
    )


def test_many_at_once_are_tried_first_and_taken_back_together():
    by, rival = make.who(), make.who()
    small, large, taken = make.point(), make.point(area_m2=make.LARGE_M2), make.point()
    services.point_claim(by=rival, point_id=taken.pk)
    make.reason()
    keys = [small.pk, large.pk, taken.pk, 10**9]
    fields = services.ReviewFields(uuid.uuid4(), "no_change", reason="no_change")

    def act(**more):
        lines = services.points_review(by=by, point_ids=keys, fields=fields, **more)
        return [(line.state or line.code) for line in lines]

    expected = ["rejected", "second_review", "claimed", "not_found"]
    assert act(is_dry_run=True) == expected
    assert (state(small), Review.objects.count()) == ("queued", 0)
    assert act() == expected
    assert act() == expected, "sent twice it is one batch"
    assert Review.objects.count() == 2
    assert [line.state for line in services.batch_undo(by=by, batch=fields.client_id)] == ["queued", "queued"]
    assert (state(small), state(large), small.claimed_by_id) == ("queued", "queued", None)
    with pytest.raises(Invalid):
        services.points_review(by=by, point_ids=range(1, 102), fields=fields)


def test_a_dry_run_says_what_the_batch_does_in_as_many_queries_for_one_as_for_all(django_assert_max_num_queries):
    by, rival = make.who(), make.who()
    seen, doubted, own = (make.point(area_m2=make.LARGE_M2) for _ in range(3))
    say(rival, seen, "change")
    say(rival, doubted, "no_change")
    say(by, own, "change")
    shut = make.point(state="found_legal")
    aside, taken = make.point(), make.point()
    say(rival, aside, "unsure")
    services.point_claim(by=rival, point_id=taken.pk)
    keys = [make.point().pk, seen.pk, doubted.pk, own.pk, shut.pk, aside.pk, taken.pk, 10**9]
    fields = services.ReviewFields(uuid.uuid4(), "change", wants_check=True)
    with django_assert_max_num_queries(6):
        tried = services.points_review(by=by, point_ids=keys, fields=fields, is_dry_run=True)
    assert [(line.ok, line.state, line.version) for line in tried[1:3]] == [(True, "", 0)] * 2, "the first is not told"
    assert (Review.objects.filter(batch=fields.client_id).count(), WorkOrder.objects.count()) == (0, 0)
    done = services.points_review(by=by, point_ids=keys, fields=fields)
    assert [line for line in done if line.id not in (seen.pk, doubted.pk)] == [*tried[:1], *tried[3:]]
    assert services.points_review(by=by, point_ids=keys, fields=fields, is_dry_run=True) == done, "sent before"
    said = [line.state or line.code for line in done]
    assert said[:3] == ["field_check", "field_check", "disputed"]
    assert len({*said}) == 6, said
    undone = {line.id: line.message for line in services.batch_undo(by=by, batch=fields.client_id) if line.ok}
    assert {key for key, said in undone.items() if said} == {seen.pk, doubted.pk}, "who knows the first is told"


def test_duplicates_point_to_an_earlier_one():
    by, first, second = make.who(), make.point(), make.point()
    assert refused(services.point_move, by=by, point_id=first.pk, move="duplicate", original=second.pk) == "not_earlier"
    services.point_move(by=by, point_id=second.pk, move="duplicate", original=first.pk)
    assert (state(second), second.duplicate_of_id) == ("duplicate", first.pk)
    assert (point_detail(by, second.pk).original, point_detail(by, first.pk).original) == (str(first), "")
    services.point_move(by=make.who(Role.SUPERVISOR), point_id=second.pk, move="reopen", note="不是同一处")
    assert point_detail(by, second.pk).history[-1].said == "不是同一处", "whoever reads the card reads why"


@pytest.mark.parametrize("role", [one for one in people.ROLES if one not in (Role.OFFICIAL, None)])
def test_nobody_else_reviews(role):
    point = make.point()
    with pytest.raises(DomainError) as caught:
        say(make.who(role), point, "change")
    assert caught.value.code == "forbidden"


def test_another_township_is_nobodys_business():
    by, point = make.who(Role.OFFICIAL, "990521004"), make.point()
    assert claim(by).point is None
    assert refused(services.point_claim, by=by, point_id=point.pk) == "not_found"
    with pytest.raises(Conflict):
        services.point_move(by=make.who(), point_id=point.pk, move="check")
