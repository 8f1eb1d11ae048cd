"""Who approves the order of a point: they see what they approve, exactly that, and change nothing of it."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from imagery import services
from imagery.models import ChangePoint, FieldPhoto
from kernel.errors import Forbidden
from kernel.viewer import Role
from media.selectors import document_link
from tests.factories import dispatch, media
from tests.factories import imagery as make
from tests.imagery.conftest import say
from tests.imagery.test_api import client_of, post
from tests.imagery.test_field import check, send, shot
from tests.imagery.test_strangers import BODIES, FILES, addresses, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def point(office):
    """Somebody has been there, has said what it is, and names a document."""
    by, point = make.who(), make.point(state="queued")
    say(by, point, "change", note="只给核查人员看")
    services.point_move(by=by, point_id=point.pk, move="check", unit=office.unit.pk)
    send(office.handler, point, check(note="棚子两间"))
    ChangePoint.objects.filter(pk=point.pk).update(finding="illegal", basis=media.document(by))
    point.refresh_from_db()
    return point


def test_the_desk_sees_the_point_of_its_order_with_what_was_found(office, point, django_assert_max_num_queries):
    client = client_of(office.desk)
    with django_assert_max_num_queries(24):
        seen = client.get(f"/api/imagery/points/{point.pk}").json()
    assert (seen["finding"], seen["order"]["id"], seen["basis"]["url"]) == (
        "illegal",
        point.order_id,
        document_link(point.basis)["url"],
    )
    assert [(one["note"], len(one["photos"])) for one in seen["checks"]] == [("棚子两间", 3)]
    assert (seen["moves"], seen["waits"], seen["reviews"]) == ([], [], []), "verdicts are the keepers'"
    photo = FieldPhoto.objects.all()[0].photo.token
    files = [f"/media/p/{photo[:2]}/{photo}-large.jpg", seen["basis"]["url"]]
    assert [client.get(path).status_code for path in files] == [200, 200]


def test_it_sees_no_others_in_lists_and_files(office, point):
    """A point that nobody was sent to is the keepers'; one of another township is of another desk."""
    others = [make.point(), make.point(state="confirmed")]
    client, elsewhere = client_of(office.desk), client_of(make.who(Role.DESK, "990521004"))
    assert [one["id"] for one in client.get("/api/imagery/points/").json()["items"]] == [point.pk]
    file = client.get("/api/imagery/points/export?format=csv").getvalue().decode("utf-8-sig")
    assert [str(one) in file for one in (point, *others)] == [True, False, False]
    assert [client.get(f"/api/imagery/points/{one.pk}").status_code for one in others] == [404, 404]
    assert elsewhere.get("/api/imagery/points/").json()["items"] == []
    assert elsewhere.get(f"/api/imagery/points/{point.pk}").status_code == 404


def test_it_changes_nothing(office, point):
    here = {"points": [point.pk], "groups": [1], "runs": [point.run_id]}
    client, before = client_of(office.desk), told()
    for path, _route in addresses(here):
        if not re.match(r"imagery/\w+/\d|imagery/\w+:", path):
            continue
        where = path.removeprefix("imagery/")
        file = FILES.get(path.rpartition("/")[2])
        if file:
            answer = client.post(f"/api/imagery/{where}", {"file": SimpleUploadedFile(*file)})
        else:
            answer = post(client, where, **BODIES.get(re.split("[:/]", path)[-1], {}))
        assert answer.status_code in (403, 405), (path, answer.content)
    for act in (
        lambda: services.check_add(by=office.desk, point_id=point.pk, fields=check()),
        lambda: services.check_photo_add(
            by=office.desk, point_id=point.pk, fields=shot(uuid.uuid4(), b"x"), file=None, name=""
        ),
        lambda: services.basis_add(by=office.desk, point_id=point.pk, file=None, name=""),
        lambda: services.point_move(by=office.desk, point_id=point.pk, move="find", finding="legal"),
    ):
        with pytest.raises(Forbidden):
            act()
    assert told() == before


def test_what_was_approved_stays_to_be_read(office, point):
    dispatch.move(office.handler, point.order, "sign")
    dispatch.move(office.handler, point.order, "submit", reply=dispatch.reply(), reason_code="no_site")
    dispatch.move(office.desk, point.order, "approve", checklist=dispatch.CHECKLIST)
    seen = client_of(office.desk).get(f"/api/imagery/points/{point.pk}").json()
    assert (seen["card"]["state"], seen["order"]["state"]) == ("found_illegal", "done")
