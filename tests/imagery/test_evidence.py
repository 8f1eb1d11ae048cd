"""What does not count as somebody who was there: a finding stands on evidence of its own point, person and order."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from imagery import services
from kernel import clock
from kernel.viewer import Role
from tests.factories import dispatch, media
from tests.factories import imagery as make
from tests.imagery.test_field import approved, check, move, refused, send, shot, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return dispatch.office()


@pytest.fixture
def sent(office):
    """A point that the office's people were sent to."""
    point = make.point(state="confirmed")
    move(make.who(), point, "check", unit=office.unit.pk)
    return point


def photograph(by, point, fields, mark, **given):
    data = media.jpeg((40, 30), comment=str(mark).encode())
    one = shot(fields.client_id, data, **given)
    services.check_photo_add(by=by, point_id=point.pk, fields=one, file=io.BytesIO(data), name="a.jpg")


@pytest.mark.parametrize("case", ["another point", "another person", "one picture three times"])
def test_photos_that_are_none_of_the_check(office, sent, case):
    official, other = make.who(), make.point(state="confirmed")
    move(official, other, "check", unit=office.unit.pk)
    services.check_add(by=office.handler, point_id=sent.pk, fields=(one := check()))
    for number in range(3):
        photograph(
            official if case == "another person" else office.handler,
            other if case == "another point" else sent,
            one,
            "the same" if case == "one picture three times" else number,
        )
    assert refused(move, official, sent, "find", finding="illegal") == "no_evidence"
    for number in range(3):
        photograph(office.handler, sent, one, f"own {number}")
    move(official, sent, "find", finding="illegal")


def test_what_was_said_for_a_given_up_order_is_no_result_of_the_next(office, sent):
    by = make.who()
    send(office.handler, sent, check("illegal"))
    move(by, sent, "find", finding="illegal", document=media.document(by).pk)
    dispatch.move(office.supervisor, sent.order, "cancel", reason="派错了")
    sent.refresh_from_db()
    assert (sent.state, sent.finding, sent.basis) == ("confirmed", "", None)
    move(by, sent, "check", unit=office.unit.pk)
    send(office.handler, sent, check("legal"))
    dispatch.move(office.handler, sent.order, "sign")
    approved(office, sent.order)
    sent.refresh_from_db()
    assert sent.state == "found_legal"


def test_a_check_of_before_is_no_proof_of_the_rectification(office):
    by, other, point = make.who(), make.who(Role.SUPERVISOR), make.point(state="confirmed")
    move(by, point, "check")
    order = signed(office, point)
    send(office.handler, point, check("illegal"))
    approved(office, order)
    before = clock.now()
    with clock.freeze(before + dt.timedelta(hours=3), everywhere=True):
        point.refresh_from_db()
        move(by, point, "rectify", unit=office.unit.pk)
        dispatch.move(office.handler, point.order, "sign")
        late = check("illegal", at=before)
        for number in range(3):
            photograph(office.handler, point, late, f"late {number}", taken_at=before)
        services.check_add(by=office.handler, point_id=point.pk, fields=late)
        approved(office, point.order)
        assert refused(move, other, point, "verify") == "no_proof"
        send(by, point, check("illegal"))
        assert refused(move, other, point, "verify") == "no_proof", "it says that nothing was put right"
        send(by, point, check("legal"))
        move(other, point, "verify")
