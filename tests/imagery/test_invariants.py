"""Random acts of random people on four points over the real database: what must always hold of a point holds."""

from __future__ import annotations

import io
import uuid
from collections import defaultdict

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from dispatch.models import WorkOrder
from dispatch.states import OPEN_STATES
from dispatch.states import machine as order_machine
from imagery import services
from imagery.models import ChangeGroup, ChangePoint, PublishedPoint
from imagery.states import BY_HAND, ORDERED, STAGES, State, Verdict, machine
from kernel import clock
from kernel.errors import DomainError
from kernel.viewer import Viewer
from records.selectors import history_findings
from tests.dispatch.test_matrix import fields as order_fields
from tests.factories import dispatch, media
from tests.factories import imagery as make
from tests.imagery.test_field import check, shot
from tests.walks import MANY, START, Walk, walk

pytestmark = pytest.mark.django_db

ORDER_MOVES = ("assign", "sign", "submit", "approve", "cancel", "send_back", "hand_back")
GROUP_ACTS = ("review", "check", "recall", "add", "remove", "dissolve", "make")
PICTURES = 4
_TRACES = """
SELECT (SELECT array_agg((id, state, version, claimed_by_id, finding, group_id, order_id)::text ORDER BY id)
        FROM imagery_changepoint),
       (SELECT array_agg((id, state, version)::text ORDER BY id) FROM dispatch_workorder),
       (SELECT count(*) FROM imagery_review), (SELECT count(*) FROM imagery_fieldcheck),
       (SELECT count(*) FROM imagery_fieldphoto), (SELECT count(*) FROM imagery_publishedpoint),
       (SELECT count(*) FROM imagery_changegroup), (SELECT count(*) FROM records_historyevent)"""


def traces() -> object:
    """What a refused act must leave as it was."""
    with connection.cursor() as cursor:
        cursor.execute(_TRACES)
        return cursor.fetchone()


class Points(Walk):
    """Four points, of which two are looked at on the spot: reviewed, visited and rectified at random."""

    office: dispatch.Office
    people: list[Viewer]
    pictures: list[bytes]
    paper: int

    def __init__(self) -> None:
        super().__init__()
        points = [make.point(area_m2=1500.0), make.point(), *(make.point(state=State.CONFIRMED) for _ in range(2))]
        self.keys = [one.pk for one in points]
        for key in self.keys[-2:]:
            services.point_move(by=self.people[0], point_id=key, move="check", unit=self.office.unit.pk)
        self.was = {one.pk: State(one.state) for one in ChangePoint.objects.all()}
        self.version = dict.fromkeys(self.keys, 0)
        self.clients = [uuid.uuid4() for _ in range(3)]
        self.seen = defaultdict(set)
        self.checks = {}
        self.verdicts = []

    def attempt(self, act, *args, **fields):
        """Do it, or nothing; what it gave."""
        before = traces()
        try:
            with transaction.atomic():
                return act(*args, **fields)
        except DomainError:
            assert traces() == before
            return None

    @rule(days=st.integers(0, 2), hour=st.integers(0, 23))
    def time_passes(self, days, hour):
        self.pass_time(days, hour)

    @rule(who=st.integers(0, 7), at=st.integers(0, 3))
    def claim(self, who, at):
        self.attempt(services.point_claim, by=self.people[who], point_id=self.keys[at])

    @rule(
        who=st.integers(0, 2),
        at=st.integers(0, 3),
        said=st.sampled_from([*(one.value for one in Verdict), "change", "change"]),
        wants=st.booleans(),
        again=st.booleans(),
    )
    def judge(self, who, at, said, wants, again):
        by, key = self.people[who], self.keys[at]
        self.attempt(services.point_claim, by=by, point_id=key)
        client = self.verdicts[-1] if again and self.verdicts else uuid.uuid4()
        self.verdicts.append(client)
        given = services.ReviewFields(
            client, said, reason="no_change" if said == "no_change" else "", wants_check=wants, until=clock.today()
        )
        self.attempt(services.point_review, by=by, point_id=key, fields=given)

    @rule(who=st.integers(0, 2), again=st.booleans())
    def take_back(self, who, again):
        client = self.verdicts[-1] if again and self.verdicts else uuid.uuid4()
        self.attempt(services.review_undo, by=self.people[who], client_id=client)

    @rule(who=st.integers(0, 7), at=st.integers(0, 3), move=st.sampled_from(BY_HAND), bits=st.integers(0, 11))
    def by_hand(self, who, at, move, bits):
        self.move(self.people[who], self.keys[at], move, bits)

    @rule(at=st.integers(0, 3), choice=st.integers(0, 1000), bits=st.integers(0, 11))
    def something_allowed(self, at, choice, bits):
        point = ChangePoint.objects.get(pk=self.keys[at])
        lines = [
            (by, move.name)
            for by in self.people
            for move in machine.moves
            if point.state in move.frm and by.role in move.by and move.name in BY_HAND
        ]
        if lines:
            self.move(*lines[choice % len(lines)][:1], point.pk, lines[choice % len(lines)][1], bits)

    def move(self, by, key, move, bits):
        finding = ("legal", "illegal", "no_change")[bits % 3]
        given = {
            **{name: {"note": "看过"} for name in ("uphold", "overrule", "reopen")},
            **{name: {"unit": self.office.unit.pk} for name in ("check", "rectify")},
            "duplicate": {"original": self.keys[bits % 4]},
            "find": {"finding": finding, **({"document": self.paper} if bits > 8 else {})},
        }.get(move, {})
        self.attempt(services.point_move, by=by, point_id=key, move=move, **given)

    @rule(who=st.integers(0, 7), at=st.integers(0, 3), client=st.integers(0, 2), finding=st.integers(0, 2))
    def check(self, who, at, client, finding):
        by, point = self.people[who], ChangePoint.objects.get(pk=self.keys[at])
        given = check(("legal", "illegal", "no_change")[finding], client_id=self.clients[client])
        if self.attempt(services.check_add, by=by, point_id=point.pk, fields=given):
            self.checks.setdefault(self.clients[client], (by.user_id, point.pk, point.order_id))

    @rule(
        who=st.integers(0, 7),
        at=st.integers(0, 3),
        client=st.integers(0, 2),
        pictures=st.sets(st.integers(0, 3), min_size=1),
    )
    def photograph(self, who, at, client, pictures):
        by, key, of = self.people[who], self.keys[at], self.clients[client]
        for picture in pictures:
            data = self.pictures[picture]
            given = {"by": by, "point_id": key, "file": io.BytesIO(data), "name": "a.jpg"}
            if self.attempt(services.check_photo_add, fields=shot(of, data), **given):
                self.seen[of, by.user_id, key].add(picture)

    @rule(who=st.integers(0, 7), act=st.sampled_from(GROUP_ACTS), at=st.sets(st.integers(0, 3), min_size=1))
    def group(self, who, act, at):
        by, keys = self.people[who], [self.keys[one] for one in at]
        group = ChangeGroup.objects.order_by("-pk").first()
        if act == "make" or group is None:
            self.attempt(services.group_make, by=by, point_ids=keys, title="一处")
            return
        given = {
            "review": {"fields": services.ReviewFields(uuid.uuid4(), "change")},
            "check": {"unit": self.office.unit.pk},
            "add": {"point_ids": keys},
            "remove": {"point_ids": keys},
        }.get(act, {})
        self.attempt(getattr(services, f"group_{act}"), by=by, group_id=group.pk, **given)

    @rule(which=st.integers(0, 2), move=st.sampled_from(ORDER_MOVES), who=st.integers(0, 7))
    def order(self, which, move, who):
        orders = list(WorkOrder.objects.order_by("-pk")[:3])
        if not orders:
            return
        order = orders[which % len(orders)]
        allowed = [by for by in self.people if any(m.name == move and by.role in m.by for m in order_machine.moves)]
        by = allowed[who % len(allowed)]
        given = order_fields(self.office, move)
        if "unit" in given:
            given["unit"] = self.office.unit.pk
        self.attempt(dispatch.services.order_move, by=by, order_id=order.pk, move=move, **given)

    @rule(at=st.sampled_from((2, 3, 2, 3, 0, 1)), finding=st.sampled_from((1, 1, 0, 2)), pictures=st.integers(0, 3))
    def visit(self, at, finding, pictures):
        """As it is done, so that walks come far, but for photos that are missing: nobody may call it illegal then."""
        point, office = ChangePoint.objects.select_related("order").get(pk=self.keys[at]), self.office
        self.clients.append(uuid.uuid4())
        who, last = self.people.index(office.handler), len(self.clients) - 1
        self.check(who, at, last, finding)
        self.photograph(who, at, last, set(range(pictures)))
        self.move(office.handler, point.pk, "find", finding)
        for by, move in ((office.handler, "sign"), (office.handler, "submit"), (office.supervisor, "approve")):
            if point.order is not None:
                given = order_fields(office, move)
                self.attempt(dispatch.services.order_move, by=by, order_id=point.order_id, move=move, **given)

    def was_seen(self, point) -> bool:
        """By brute force: a document, or a check of the point's order with three pictures of its own."""
        complete = (
            order == point.order_id and len(self.seen[client, by, key]) >= 3
            for client, (by, key, order) in self.checks.items()
        )
        return point.basis_id is not None or any(complete)

    @invariant()
    def steps_are_those_of_the_table(self):
        for point in ChangePoint.objects.all():
            state, was = State(point.state), self.was[point.pk]
            if state is State.FOUND_ILLEGAL and was not in (state, State.RECTIFYING):
                assert self.was_seen(point), "illegal without anybody who was there"
            if state in (State.RECTIFYING, State.VERIFIED_CLOSED):
                assert was in (State.FOUND_ILLEGAL, State.RECTIFYING, state)
            assert point.version >= self.version[point.pk]
            assert state is was or point.version > self.version[point.pk], "who has read it hears of it"
            self.was[point.pk], self.version[point.pk] = state, point.version

    @invariant()
    def what_belongs_to_a_state_is_there(self):
        shown = dict(PublishedPoint.objects.values_list("pk", "stage"))
        for point in ChangePoint.objects.select_related("order"):
            state = State(point.state)
            assert state is not State.FIELD_CHECK or point.order.state in OPEN_STATES, "somebody is on the way"
            assert state not in ORDERED or point.order.source == "imagery"
            assert state is not State.DUPLICATE or point.duplicate_of_id not in (None, point.pk)
            assert point.pk not in shown or shown[point.pk] == STAGES.get(state), (
                "no public point that nobody confirmed"
            )

    @invariant()
    def nothing_is_there_twice(self):
        held = ChangePoint.objects.exclude(claimed_by=None).values_list("claimed_by", flat=True)
        assert len(held) == len(set(held))
        assert list(history_findings("imagery.changepoint")) == []


@pytest.fixture
def walkers(db) -> None:
    """The people of every walk: each begins with them and undoes what it did."""
    with clock.freeze(START):
        made = Points.office = dispatch.office()
        make.run()
        make.reason()
        officials = [make.who(), make.who(), make.who()]
        Points.people = [*officials, made.supervisor, made.supervisor, made.handler, made.handler, made.grid]
        Points.pictures = [media.jpeg((16, 12), comment=f"{number}".encode()) for number in range(PICTURES)]
        Points.paper = media.document(officials[0]).pk


def test_some_walks(walkers) -> None:
    walk(Points, 8, 40)


@pytest.mark.long
def test_ten_thousand_walks(walkers) -> None:
    walk(Points, MANY, 30)
