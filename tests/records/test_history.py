"""The history of an object is a chain, and whoever alters it is found."""

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.viewer import Role, Viewer
from records import selectors, services
from records.models import AuditEvent, HistoryEvent
from tests.factories import places

pytestmark = pytest.mark.django_db

DESK = Viewer(county=places.COUNTY, role=Role.DESK, user_id=7, label="desk · desk01")


@pytest.fixture
def village():
    """Two objects with three and one steps."""
    village, other = places.village(), places.village("990521001002", "上柳村")
    for move, states in (("submit", ("", "new")), ("accept", ("new", "open")), ("note", ("open", "open"))):
        services.history_append(by=DESK, obj=village, move=move, states=states, data={"n": 1.5, "text": "你好"})
    services.history_append(by=DESK, obj=other, move="submit", part="system", states=("", "new"))
    return village


def behind_the_back(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_historyevent DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        cursor.execute("ALTER TABLE records_historyevent ENABLE TRIGGER USER")


def test_steps_are_numbered_and_audited(village):
    steps = selectors.history_of(village)
    assert [(one.seq, one.move, one.state_from, one.state_to, one.part) for one in steps] == [
        (1, "submit", "", "new", "desk"),
        (2, "accept", "new", "open", "desk"),
        (3, "note", "open", "open", "desk"),
    ]
    audit = AuditEvent.objects.filter(object_id=village.pk).order_by("id")
    assert [row.action for row in audit] == ["place.submit", "place.accept", "place.note"]
    assert audit[1].changes == {"state": ["new", "open"], "history": [None, steps[1].hash]}
    assert list(selectors.history_findings()) == []


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE records_historyevent SET state_to = 'done' WHERE seq = 2", "被改动"),
        ("UPDATE records_historyevent SET data = '{}' WHERE seq = 1 AND data <> '{}'", "被改动"),
        ("UPDATE records_historyevent SET at = at - interval '1 day' WHERE seq = 3", "被改动"),
        ("DELETE FROM records_historyevent WHERE seq = 2", "缺了"),
        ("DELETE FROM records_historyevent WHERE seq = 3", "最后"),
        ("DELETE FROM records_historyevent", "最后"),
    ],
)
def test_what_is_altered_is_found(village, sql, found):
    behind_the_back(sql)
    assert any(found in finding for finding in selectors.history_findings())


STEP = {"move": "submit", "part": "system", "states": ("", "new"), "data": {"n": 1}}


def test_first_steps_of_many_are_those_that_each_would_have_got(django_assert_num_queries):
    alone, *many = (places.village(f"99052100100{n}", f"{n}") for n in range(1, 9))
    services.history_append(by=DESK, obj=alone, **STEP)
    with django_assert_num_queries(2):
        services.history_begin(by=DESK, objs=many, **STEP)
    assert list(selectors.history_findings()) == []
    own = ("id", "at", "object_id", "hash", "changes")
    for rows in (HistoryEvent.objects, AuditEvent.objects.filter(object_type="places.place")):
        first, *others = ({k: v for k, v in row.items() if k not in own} for row in rows.order_by("id").values())
        assert len(others) == 7
        assert all(one == first for one in others)
    told = dict(AuditEvent.objects.filter(action="place.submit").values_list("object_id", "changes"))
    assert told == {
        one.object_id: {"state": ["", "new"], "history": [None, one.hash]} for one in HistoryEvent.objects.all()
    }


def test_who_has_a_history_has_no_first_step_again(village):
    with pytest.raises(IntegrityError), transaction.atomic():
        services.history_begin(by=DESK, objs=[village], **STEP)


@pytest.mark.django_db(transaction=True)
def test_first_steps_belong_into_the_transaction_of_what_they_tell():
    with pytest.raises(RuntimeError, match="transaction"):
        services.history_begin(by=DESK, objs=[places.village()], **STEP)
