"""What does not count as somebody who was there: a finding stands on evidence of its own point, person and order."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from imagery import services
from imagery.models import ChangePoint, ChangeRun, Sighting
from kernel import clock
from kernel.viewer import Role
from tests.factories import dispatch, media, places
from tests.factories import imagery as make
from tests.imagery.test_field import approved, check, move, refused, send, shot, signed

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("seen", ["legal", "illegal", "no_change"])
@pytest.mark.parametrize("named", ["legal", "illegal", "no_change"])
def test_a_finding_is_what_somebody_saw_or_what_a_document_says(office, sent, seen, named):
    by = make.who()
    send(office.handler, sent, check(seen))
    if named != seen:
        assert refused(move, by, sent, "find", finding=named) == "no_evidence"
        move(by, sent, "find", finding=named, document=media.document(by).pk)
        others = [one for one in ("legal", "illegal", "no_change") if one not in (seen, named)]
        assert refused(move, by, sent, "find", finding=others[0]) == "no_evidence", "the document says something else"
    move(by, sent, "find", finding=named)
    assert (sent.finding, sent.basis is None) == (named, named == seen)
    dispatch.move(office.handler, sent.order, "sign")
    approved(office, sent.order)
    sent.refresh_from_db()
    assert sent.state == {"no_change": "found_no_change"}.get(named, f"found_{named}")


def test_an_order_whose_finding_nobody_saw_is_not_done(office, sent):
    """As one may have been named before that was asked."""
    send(office.handler, sent, check("legal"))
    ChangePoint.objects.filter(pk=sent.pk).update(finding="illegal")
    dispatch.move(office.handler, sent.order, "sign")
    assert refused(approved, office, sent.order) == "no_evidence"


def test_a_document_that_came_with_the_reply_is_none_of_a_finding_until_it_is_named(office, sent):
    by, paper = make.who(), media.document(office.handler)
    send(office.handler, sent, check("legal"))
    dispatch.move(office.handler, sent.order, "sign")
    dispatch.move(office.handler, sent.order, "submit", reply=dispatch.reply(), documents=[paper.pk])
    assert refused(move, by, sent, "find", finding="illegal") == "no_evidence"
    move(office.handler, sent, "find", finding="illegal", document=paper.pk)
    assert sent.basis == paper


def test_the_document_of_another_finding_is_its_basis_no_longer(office, sent):
    by = make.who()
    move(by, sent, "find", finding="illegal", document=media.document(by).pk)
    assert refused(move, by, sent, "find", finding="legal") == "no_evidence"
    send(office.handler, sent, check("legal"))
    move(by, sent, "find", finding="legal")
    assert sent.basis is None
    assert refused(move, by, sent, "find", finding="illegal") == "no_evidence"


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


def test_a_later_scene_in_which_the_change_was_found_again_proves_nothing(office):
    by, other, point = make.who(), make.who(Role.SUPERVISOR), make.point(state="found_illegal", area_m2=400)
    move(by, point, "rectify", unit=office.unit.pk)
    dispatch.move(office.handler, point.order, "sign")
    approved(office, point.order)
    scenes = {"before": point.run.before, "after": make.scene("2026-07-01")}
    again = ChangeRun.objects.create(county_id=point.county_id, detector="fusion", params_hash="y", **scenes)
    Sighting.objects.create(point=point, run=again, geom=point.geom, score=0.9)
    with clock.freeze("2026-07-03T12:00:00+08:00", everywhere=True):
        assert refused(move, other, point, "verify") == "no_proof"
        make.scene("2026-07-02", acquired_at=make.at("2026-07-01"))
        assert refused(move, other, point, "verify") == "no_proof", "the same picture with another mask of clouds"
        make.scene("2026-07-03", acquired_at=make.at("2026-07-02"))
        move(other, point, "verify")


@pytest.mark.parametrize(
    "what, code",
    [
        ({}, "verified_closed"),
        ({"gsd_m": 25.0}, "no_proof"),
        ({"acquired_at": make.at("2026-07-02")}, "no_proof"),
        ({"status": "withdrawn"}, "no_proof"),
        ({"footprint": places.square("990521004")}, "no_proof"),
    ],
    ids=["later", "a pixel larger than the point", "not taken yet", "withdrawn", "another place"],
)
def test_a_later_scene_proves_what_it_can_show(office, what, code):
    by, other, point = make.who(), make.who(Role.SUPERVISOR), make.point(state="found_illegal", area_m2=400)
    move(by, point, "rectify", unit=office.unit.pk)
    dispatch.move(office.handler, point.order, "sign")
    approved(office, point.order)
    make.scene("2026-07-01", **({"acquired_at": make.at("2026-07-01")} | what))
    with clock.freeze("2026-07-01T12:00:00+08:00", everywhere=True):
        if code == "no_proof":
            assert refused(move, other, point, "verify") == code
        else:
            move(other, point, "verify")
            assert point.state == code
