"""From a confirmed point to a closed one: field checks, findings, rectification, what everybody sees."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from dispatch.models import WorkOrder
from imagery import services
from imagery.models import PublishedPoint
from imagery.selectors.cards import point_detail
from kernel import clock
from kernel.errors import DomainError, Forbidden, NotFound
from kernel.geo import distance_m
from kernel.viewer import Role
from media.models import Document
from records.selectors import history_findings, history_of
from tests.factories import dispatch, media, places
from tests.factories import imagery as make
from tests.imagery.conftest import say
from tests.imagery.test_api import client_of, post

pytestmark = pytest.mark.django_db

HERE = places.lonlat(make.VILLAGE)


def refused(act, *args, **fields) -> str:
    with pytest.raises(DomainError) as caught:
        act(*args, **fields)
    return caught.value.code


def move(by, point, name, **fields):
    done = services.point_move(by=by, point_id=point.pk, move=name, **fields)
    point.refresh_from_db()
    return done


def check(finding="illegal", lonlat=HERE, **fields):
    named = {"client_id": uuid.uuid4(), "at": clock.now(), "accuracy_m": 8.0, "lonlat": lonlat, "finding": finding}
    return services.CheckFields(**named | fields)


def shot(check_client, data, **fields):
    named = {"client_id": uuid.uuid4(), "azimuth": 135.0, "taken_at": clock.now()}
    sha256 = hashlib.sha256(data).hexdigest()
    return services.ShotFields(**named | {"check_client": check_client, "sha256": sha256} | fields)


def send(by, point, fields, photos=3):
    """A check with its photos, the photos first."""
    for number in range(photos):
        data = media.jpeg((40, 30), comment=f"{fields.client_id} {number}".encode())
        one = shot(fields.client_id, data)
        services.check_photo_add(by=by, point_id=point.pk, fields=one, file=io.BytesIO(data), name="a.jpg")
    return services.check_add(by=by, point_id=point.pk, fields=fields)


def signed(office, point):
    """The order of a point, with somebody of the unit."""
    point.refresh_from_db()
    dispatch.move(office.desk, point.order, "assign", unit=office.unit.pk)
    return dispatch.move(office.handler, point.order, "sign")


def approved(office, order, **given):
    given = given or {"reason_code": "no_site"}
    dispatch.move(office.handler, order, "submit", reply=dispatch.reply(), **given)
    return dispatch.move(office.supervisor, order, "approve", checklist=dispatch.CHECKLIST)


def test_from_a_verdict_to_a_closed_case(office):
    by, other, point = make.who(), make.who(Role.SUPERVISOR), make.point()
    with pytest.raises(NotFound):
        services.check_add(by=office.handler, point_id=point.pk, fields=check())
    say(by, point, "change", wants_check=True)
    order = signed(office, point)
    assert (point.state, order.title, order.source) == ("field_check", f"图斑 {point} 实地核查（建筑）", "imagery")
    assert order.due_at > clock.now()
    assert refused(move, by, point, "find", finding="illegal") == "no_evidence"
    dispatch.move(office.handler, order, "submit", reply=dispatch.reply(), reason_code="no_site")
    approve = {"by": office.supervisor, "order": order, "name": "approve", "checklist": dispatch.CHECKLIST}
    assert refused(dispatch.move, **approve) == "no_finding", "an order without a result is not done"
    send(office.handler, point, one := check(), photos=2)
    assert refused(dispatch.move, **approve) == "no_finding", "two photos are none"
    data = media.jpeg((40, 30), comment=b"third")
    third = shot(one.client_id, data)
    services.check_photo_add(by=office.handler, point_id=point.pk, fields=third, file=io.BytesIO(data), name="c.jpg")
    dispatch.move(**approve)
    point.refresh_from_db()
    assert point.state == "found_illegal"
    move(by, point, "publish")
    assert refused(move, by, point, "publish") == "published_already"
    with override("en"):
        assert "Unpublish" in [one.title for one in point_detail(by, point.pk).moves], "“Withdraw” may be the finding"
    move(by, point, "rectify", unit=office.unit.pk)
    assert (WorkOrder.objects.count(), point.order.kind, point.order.state) == (2, "rectify", "assigned")
    assert refused(move, other, point, "verify") == "order_open"
    dispatch.move(office.handler, point.order, "sign")
    proof = media.photo(office.handler, data=media.jpeg((40, 30), comment=b"proof"))
    approved(office, point.order, photos=[proof.pk])
    assert refused(move, by, point, "verify") == "own_work", "whoever sent it does not accept it"
    move(other, point, "verify")
    shown = PublishedPoint.objects.get()
    assert (point.state, shown.stage, shown.handled_on) == ("verified_closed", "handled", clock.today())
    assert 0 < distance_m((shown.geom.x, shown.geom.y), HERE) < 0.72 * 200
    move(other, point, "reopen", note="又建起来了")
    assert (point.state, PublishedPoint.objects.count()) == ("queued", 0)
    assert list(history_findings()) == []


def test_what_was_not_put_right_is_sent_again(office):
    by, other, point = make.who(), make.who(Role.SUPERVISOR), make.point(state="found_illegal")
    move(by, point, "rectify", unit=office.unit.pk)
    first = point.order
    assert refused(move, other, point, "refuse", note="还在") == "order_open"
    dispatch.move(office.handler, first, "sign")
    approved(office, first, photos=[media.photo(office.handler).pk])
    move(other, point, "refuse", note="棚子还在")
    assert (point.state, history_of(point)[-1].data["note"]) == ("found_illegal", "棚子还在")
    move(by, point, "rectify", unit=office.unit.pk)
    assert (point.order != first, point.order.state) == (True, "assigned")
    dispatch.move(office.handler, point.order, "sign")
    approved(office, point.order)
    assert refused(move, other, point, "verify") == "no_proof", "photos of the first time prove nothing now"


def test_a_document_says_it_too_and_a_given_up_order_goes_back(office):
    by, point = make.who(), make.point(state="confirmed")
    move(by, point, "check")
    dispatch.move(office.supervisor, point.order, "cancel", reason="派错了")
    point.refresh_from_db()
    assert point.state == "confirmed"
    move(by, point, "check")
    foreign = media.document(make.who(Role.DESK, "990521004"))
    assert refused(move, make.who(Role.OFFICIAL, "990521003"), point, "find", finding="legal", document=foreign.pk) == (
        "unknown_upload"
    )
    paper = media.document(by)
    move(by, point, "find", finding="legal", document=paper.pk)
    approved(office, signed(office, point))
    point.refresh_from_db()
    assert (point.state, point.basis_id) == ("found_legal", paper.pk)
    assert refused(move, by, point, "rectify") == "no_such_move"


def test_where_and_with_what_somebody_stood(office):
    point = make.point(state="confirmed")
    move(make.who(), point, "check")
    signed(office, point)
    by = office.handler
    inside = services.check_add(by=by, point_id=point.pk, fields=check())
    away = services.check_add(by=by, point_id=point.pk, fields=check(lonlat=(HERE[0] + 0.003, HERE[1])))
    assert (inside.distance_m, inside.is_far, away.is_far) == (0.0, False, True)
    assert away.distance_m == pytest.approx(distance_m(HERE, (HERE[0] + 0.0029, HERE[1])), rel=0.01)
    data = media.jpeg((40, 30))
    add = {"by": by, "point_id": point.pk, "name": "a.jpg"}
    for wrong, code in (
        ({"sha256": "0" * 64}, "sha256_mismatch"),
        ({"azimuth": 361.0}, "invalid"),
        ({"lonlat": (0.0, 91.0)}, "invalid"),
    ):
        fields = shot(inside.client_id, data, **wrong)
        assert refused(services.check_photo_add, **add, fields=fields, file=io.BytesIO(data)) == code
    for wrong in (
        {"at": clock.now() + dt.timedelta(days=2)},
        {"finding": "perhaps"},
        {"kind": "castle"},
        {"lonlat": (400.0, 0.0)},
    ):
        assert refused(services.check_add, by=by, point_id=point.pk, fields=check(**wrong)) in ("bad_moment", "invalid")
    with pytest.raises(NotFound):
        services.check_add(by=office.rival, point_id=point.pk, fields=check())
    with pytest.raises(Forbidden):
        services.check_add(by=office.desk, point_id=point.pk, fields=check())


def test_a_document_is_brought_to_the_point_itself_and_is_never_public(office):
    by, point = make.who(), make.point(state="confirmed")
    client, stranger = client_of(by), client_of(make.who(Role.OFFICIAL, "990521004"))
    path = f"/api/imagery/points/{point.pk}"

    def brought(one, name="批复.pdf"):
        return one.post(f"{path}/documents", {"file": SimpleUploadedFile(name, media.PDF)})

    assert brought(client).json()["code"] == "no_such_move", "nobody is asked yet what it is"
    move(by, point, "check")
    offers = {one["move"]: one["needs"] for one in client.get(path).json()["moves"]}
    assert offers["find"] == ["finding", "document"], "nobody was there"
    assert brought(client, "批复.exe").status_code == 415
    assert brought(stranger).status_code == 404
    assert Document.objects.count() == 0
    paper = brought(client).json()
    assert post(client, f"points/{point.pk}:find", finding="legal", document=paper["id"]).status_code == 200
    told = client.get(path).json()
    assert (told["finding_title"], told["basis"]) == ("合法", paper)
    assert {one["move"]: one["needs"] for one in told["moves"]}["find"] == ["finding"]
    seen = [one.get(paper["url"]).status_code for one in (client, Client(), stranger)]
    assert seen == [200, 404, 404]


def test_the_acceptance_says_what_it_waits_for(office):
    by, other, point = make.who(), make.who(name="other"), make.point(state="found_illegal")
    move(by, point, "rectify", unit=office.unit.pk)

    def waits(one):
        told = client_of(one).get(f"/api/imagery/points/{point.pk}").json()
        assert "verify" not in {offer["move"] for offer in told["moves"]} or not told["waits"]
        return [wait["why"] for wait in told["waits"]]

    assert waits(other) == ["整改工单还没有办完。"]
    assert waits(by) == ["不能验收自己经手的整改。"]
    dispatch.move(office.handler, point.order, "sign")
    approved(office, point.order)
    assert waits(other) == ["验收要有之后的影像或现场照片。"]
