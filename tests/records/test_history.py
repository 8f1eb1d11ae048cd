"""The history of an object is a chain, and whoever alters it is found."""

import pytest
from django.db import connection

from kernel.viewer import Role, Viewer
from records import selectors, services
from records.models import AuditEvent
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
