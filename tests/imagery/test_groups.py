"""Many points that are one project: put together and apart, judged in one go, looked at by one visit, all undone."""

from __future__ import annotations

import uuid

import pytest

from dispatch.models import WorkOrder
from imagery import services
from imagery.models import ChangeGroup, ChangePoint, FieldCheck
from imagery.selectors.groups import point_group
from kernel.errors import Conflict, DomainError
from kernel.geo import distance_m
from kernel.viewer import Role
from records.models import AuditEvent
from records.selectors import history_findings, history_of
from tests.factories import dispatch, media, places
from tests.factories import imagery as make
from tests.imagery.test_api import client_of, post
from tests.imagery.test_field import approved, check, send, signed

pytestmark = pytest.mark.django_db


def points(*states: str, **fields) -> list[ChangePoint]:
    lon, lat = places.lonlat(make.VILLAGE)
    return [make.point(state=one, lonlat=(lon + at / 2000, lat), **fields) for at, one in enumerate(states)]


def states(group: ChangeGroup) -> list[str]:
    return list(group.points.order_by("number").values_list("state", flat=True))


def waits(client, group: ChangeGroup) -> list[str]:
    return [one["why"] for one in client.get(f"/api/imagery/groups/{group.pk}").json()["waits"]]


def refused(act, **fields) -> str:
    with pytest.raises(DomainError) as caught:
        act(**fields)
    return caught.value.code


def test_a_group_is_made_changed_and_taken_apart_and_each_act_has_its_opposite():
    by, stranger = make.who(), make.who(Role.OFFICIAL, "990521004")
    first, second, third = points("queued", "confirmed", "queued", project="projects:17")
    ids = [first.pk, second.pk]
    group = services.group_make(by=by, point_ids=ids, title=" 石桥工业园 ")
    assert (group.title, group.project) == ("石桥工业园", "projects:17")
    assert refused(services.group_make, by=by, point_ids=[second.pk, third.pk], title="另一个") == "grouped"
    assert refused(services.group_make, by=stranger, point_ids=[third.pk], title="别处") == "not_found"
    services.group_add(by=by, group_id=group.pk, point_ids=[third.pk])
    card = point_group(by, group.pk)
    assert [(one.id, one.group, one.group_title) for one in card.points] == [
        (key, group.pk, "石桥工业园") for key in (*ids, third.pk)
    ]
    assert refused(point_group, viewer=stranger, key=group.pk) == "not_found"
    assert refused(services.group_dissolve, by=stranger, group_id=group.pk) == "not_found"
    beside = make.point("990521004001", group=group)
    assert [one.id for one in point_group(stranger, group.pk).points] == [beside.pk]
    assert refused(services.group_dissolve, by=stranger, group_id=group.pk) == "not_all_yours"
    beside.delete()
    services.group_remove(by=by, group_id=group.pk, point_ids=[third.pk])
    assert refused(services.group_remove, by=by, group_id=group.pk, point_ids=[third.pk]) == "not_found"
    assert services.group_dissolve(by=by, group_id=group.pk) == tuple(ids)
    assert not ChangeGroup.objects.exists()
    again = services.group_make(by=by, point_ids=ids, title=group.title)
    assert [one.id for one in point_group(by, again.pk).points] == ids
    assert [one.move for one in history_of(third)] == ["group", "ungroup"]
    assert ChangePoint.objects.filter(version=1).count() == 3, "nobody's verdict is a lost race for it"
    acts = AuditEvent.objects.filter(action__startswith="group.").values_list("action", flat=True)
    assert sorted(acts) == ["group.add", "group.dissolve", "group.make", "group.make", "group.remove"]
    assert list(history_findings()) == []


def test_one_verdict_for_all_that_wait_over_http_and_back():
    by = make.who()
    found = points("queued", "queued", "rejected")
    client = client_of(by)
    key = post(client, "groups/", ids=[one.pk for one in found], title="料场").json()["id"]
    said = {"batch": uuid.uuid4(), "verdict": "change"}
    tried = post(client, f"groups/{key}:review", **said, dry_run=True).json()["items"]
    assert [(one["ok"], one["state"]) for one in tried] == [(True, "confirmed")] * 2
    group = ChangeGroup.objects.get()
    assert states(group) == ["queued", "queued", "rejected"]
    assert post(client, f"groups/{key}:review", **said).status_code == 200
    assert states(group) == ["confirmed", "confirmed", "rejected"]
    assert post(client, f"groups/{key}:review", **said).json()["code"] == "no_such_move"
    assert post(client, "reviews:undo_batch", batch=said["batch"]).status_code == 200
    assert states(group) == ["queued", "queued", "rejected"]
    assert client.get(f"/api/imagery/groups/{key}").json()["title"] == "料场"


def test_one_visit_finds_what_all_points_of_a_group_are():
    by, office = make.who(), dispatch.office()
    found = points("confirmed", "confirmed", "queued")
    group = services.group_make(by=by, point_ids=[one.pk for one in found], title="料场")
    sent = services.group_check(by=by, group_id=group.pk)
    assert sent == (found[0].pk, found[1].pk)
    order = WorkOrder.objects.get()
    assert order.title == f"图斑 {found[0]} 等 2 个 实地核查（建筑）"
    assert services.group_recall(by=by, group_id=group.pk) == sent
    assert states(group) == ["confirmed", "confirmed", "queued"]
    assert refused(services.group_recall, by=by, group_id=group.pk) == "moved_on"
    services.group_check(by=by, group_id=group.pk)
    order = signed(office, found[1])
    assert refused(services.group_recall, by=by, group_id=group.pk) == "moved_on", "somebody is on the way"
    send(office.handler, found[1], check("legal"))
    approved(office, order)
    assert states(group) == ["found_legal", "found_legal", "queued"]
    assert refused(services.group_check, by=by, group_id=group.pk) == "no_such_move"
    assert WorkOrder.objects.count() == 2


def test_a_check_at_the_point_itself_goes_before_those_nearby():
    by, office = make.who(), dispatch.office()
    found = points("confirmed", "confirmed", "confirmed")
    group = services.group_make(by=by, point_ids=[one.pk for one in found], title="料场")
    services.group_check(by=by, group_id=group.pk)
    order = signed(office, found[0])
    send(office.handler, found[0], check("illegal"))
    send(office.handler, found[2], check("legal"))
    approved(office, order)
    assert states(group) == ["found_illegal", "found_legal", "found_legal"], "the last one counts for what has none"


def test_a_check_elsewhere_says_nothing_of_a_point_and_an_own_one_says_more_than_others():
    by, office = make.who(), dispatch.office()
    near, (lon, lat) = points("confirmed", "confirmed"), places.lonlat(make.VILLAGE)
    far = make.point(state="confirmed", lonlat=(lon + 0.01, lat))
    group = services.group_make(by=by, point_ids=[*(one.pk for one in near), far.pk], title="料场")
    services.group_check(by=by, group_id=group.pk)
    order = signed(office, far)
    send(office.handler, near[0], check("illegal"))
    send(office.handler, near[1], check("legal"))
    for point, finding in ((near[1], "illegal"), (far, "illegal"), (far, "legal")):
        code = refused(services.point_move, by=by, point_id=point.pk, move="find", finding=finding)
        assert code == "no_evidence", (point, finding)
    with pytest.raises(Conflict, match=str(far)):
        approved(office, order)
    send(office.handler, far, check("no_change", lonlat=(far.center.x, far.center.y)))
    dispatch.move(office.supervisor, order, "approve", checklist=dispatch.CHECKLIST)
    assert states(group) == ["found_illegal", "found_legal", "found_no_change"]


def test_a_card_tells_the_checks_of_others_that_its_finding_rests_on():
    by, office = make.who(), dispatch.office()
    (here, beside), (lon, lat) = points("confirmed", "confirmed"), places.lonlat(make.VILLAGE)
    far = make.point("990521004001", "confirmed", lonlat=(lon + 0.02, lat))
    ids = [one.pk for one in (here, beside, far)]
    group = services.group_make(by=by, point_ids=ids, title="料场")
    services.group_check(by=by, group_id=group.pk)
    order = signed(office, here)
    seen = send(office.handler, here, check("illegal"))
    send(office.handler, beside, check("legal"), photos=2)
    send(office.handler, far, check("legal", lonlat=(far.center.x, far.center.y)))
    away = distance_m(places.lonlat(make.VILLAGE), (beside.center.x - 0.0001, lat))

    def told(viewer, point):
        rows = client_of(viewer).get(f"/api/imagery/points/{point.pk}").json()["checks"]
        return [(one["number"], one["finding"], len(one["photos"])) for one in rows]

    of_neighbour, own = (str(here), "illegal", 3), (str(beside), "legal", 2)
    assert told(by, beside) == [of_neighbour, own], "too few photos of its own"
    assert (told(by, here), told(by, far)) == ([of_neighbour], [(str(far), "legal", 3)])
    row = client_of(by).get(f"/api/imagery/points/{beside.pk}").json()["checks"][0]
    assert (row["point"], row["is_far"], row["distance_m"]) == (here.pk, False, pytest.approx(away, abs=0.2))
    assert told(office.handler, beside) == [of_neighbour, own], "who was sent to both"
    approved(office, order)
    services.point_move(by=by, point_id=beside.pk, move="rectify", unit=office.unit.pk)
    assert told(by, beside) == [of_neighbour, own], "the order to put it right is another one"
    assert told(office.handler, beside) == [of_neighbour, own]
    stranger = make.who(Role.OFFICIAL, "990521004")
    ChangePoint.objects.filter(pk=beside.pk).update(village=far.village)
    assert told(stranger, beside) == [own], "a check of a point that is not theirs"
    send(office.handler, beside, check("legal"))
    assert told(by, beside) == [of_neighbour, own, (str(beside), "legal", 3)], "it was the first order's"
    assert FieldCheck.objects.get(pk=seen.pk).distance_m == 0


def test_what_was_found_illegal_is_put_right_by_one_order_and_accepted_in_one_go():
    by, other, office = make.who(), make.who(name="other"), dispatch.office()
    found = points("found_illegal", "found_illegal", "found_legal")
    group = services.group_make(by=by, point_ids=[one.pk for one in found], title="料场")
    client = client_of(by)
    assert post(client, f"groups/{group.pk}:rectify", unit=7**9).status_code == 400
    assert states(group) == ["found_illegal", "found_illegal", "found_legal"]
    assert post(client, f"groups/{group.pk}:rectify", unit=office.unit.pk).json() == {"ids": [found[0].pk, found[1].pk]}
    order = WorkOrder.objects.get()
    assert (order.title, order.kind) == (f"图斑 {found[0]} 等 2 个 整改（建筑）", "rectify")
    assert order.lead_unit_id == office.unit.pk
    assert set(group.points.values_list("order", flat=True)) == {order.pk, None}
    assert post(client, f"groups/{group.pk}:recall").json()["code"] == "moved_on", "nobody was sent to look"
    assert post(client, f"groups/{group.pk}:recall", move="verify").status_code == 400
    assert post(client, f"groups/{group.pk}:recall", move="rectify").status_code == 200
    assert states(group) == ["found_illegal", "found_illegal", "found_legal"]
    services.group_rectify(by=by, group_id=group.pk, unit=office.unit.pk)
    order = WorkOrder.objects.exclude(pk=order.pk).get()
    dispatch.move(office.handler, order, "sign")
    assert refused(services.group_recall, by=by, group_id=group.pk, move="rectify") == "moved_on"
    assert waits(client_of(other), group) == [f"{found[0]} 整改工单还没有办完。"]
    proof = media.photo(office.handler, data=media.jpeg((40, 30), comment=b"proof"))
    approved(office, order, photos=[proof.pk])
    assert waits(client_of(other), group) == []
    assert waits(client, group) == [f"{found[0]} 不能验收自己经手的整改。"]
    answer = post(client, f"groups/{group.pk}:verify")
    assert (answer.status_code, answer.json()["code"]) == (403, "own_work"), "whoever sent it does not accept it"
    assert post(client_of(other), f"groups/{group.pk}:verify").json() == {"ids": [found[0].pk, found[1].pk]}
    assert states(group) == ["verified_closed", "verified_closed", "found_legal"]
    assert refused(services.group_verify, by=other, group_id=group.pk) == "no_such_move"
    assert refused(services.group_rectify, by=by, group_id=group.pk) == "no_such_move"
    assert list(history_findings()) == []


def test_all_of_a_group_are_accepted_or_none():
    by, other, office = make.who(), make.who(), dispatch.office()
    found = points("found_illegal", "found_illegal")
    group = services.group_make(by=by, point_ids=[one.pk for one in found], title="料场")
    for number, point in enumerate(found):
        sent = services.point_move(by=by, point_id=point.pk, move="rectify", unit=office.unit.pk)
        dispatch.move(office.handler, sent.order, "sign")
        if point is found[0]:
            proof = media.photo(office.handler, data=media.jpeg((40, 30), comment=f"{number}".encode()))
            approved(office, sent.order, photos=[proof.pk])
    assert waits(client_of(other), group) == [f"{found[1]} 整改工单还没有办完。"]
    assert refused(services.group_verify, by=other, group_id=group.pk) == "order_open"
    assert states(group) == ["rectifying", "rectifying"]
    services.group_remove(by=other, group_id=group.pk, point_ids=[found[1].pk])
    assert services.group_verify(by=other, group_id=group.pk) == (found[0].pk,)


def test_what_a_group_waits_for_costs_no_more_with_more_points(django_assert_max_num_queries):
    by, other, office = make.who(), make.who(), dispatch.office()
    found = points(*["found_illegal"] * 6)
    group = services.group_make(by=by, point_ids=[one.pk for one in found], title="料场")
    services.group_rectify(by=by, group_id=group.pk, unit=office.unit.pk)
    with django_assert_max_num_queries(10):
        told = point_group(other, group.pk)
    assert (len(told.waits), told.may_refuse) == (1, False)


def test_all_of_a_group_that_were_not_put_right_are_refused_or_none():
    by, other, office = make.who(), make.who(), dispatch.office()
    found = points("found_illegal", "found_illegal", "found_legal")
    group = services.group_make(by=by, point_ids=[one.pk for one in found], title="料场")
    client = client_of(other)
    address, why = f"groups/{group.pk}:refuse", "厂房还在，只拆了围墙。"
    assert post(client, address, note=why).json()["code"] == "no_such_move"
    services.group_rectify(by=by, group_id=group.pk, unit=office.unit.pk)
    order = WorkOrder.objects.get()
    dispatch.move(office.handler, order, "sign")
    assert (point_group(other, group.pk).may_refuse, post(client, address, note=why).json()["code"]) == (
        False,
        "order_open",
    )
    proof = media.photo(office.handler, data=media.jpeg((40, 30), comment=b"proof"))
    approved(office, order, photos=[proof.pk])
    assert point_group(other, group.pk).may_refuse
    for wrong in ({}, {"note": ""}, {"note": why, "more": 1}):
        assert post(client, address, **wrong).status_code == 400, wrong
    assert states(group) == ["rectifying", "rectifying", "found_legal"]
    assert post(client, address, note=why).json() == {"ids": [found[0].pk, found[1].pk]}
    assert states(group) == ["found_illegal", "found_illegal", "found_legal"]
    assert not point_group(other, group.pk).may_refuse
    services.group_rectify(by=by, group_id=group.pk, unit=office.unit.pk)
    assert WorkOrder.objects.exclude(pk=order.pk).count() == 1, "sent out again, by one order"
    assert list(history_findings()) == []


def test_an_order_is_recalled_by_who_keeps_all_its_points():
    by, part = make.who(), make.who(Role.OFFICIAL, make.VILLAGE[:9])
    found = [make.point(state="confirmed"), make.point(places.COUNTY, "confirmed")]
    group = services.group_make(by=by, point_ids=[one.pk for one in found], title="料场")
    sent = services.group_check(by=by, group_id=group.pk)
    assert len(point_group(part, group.pk).points) == 1
    assert refused(services.group_recall, by=part, group_id=group.pk) == "not_all_yours"
    assert services.group_recall(by=by, group_id=group.pk) == sent


def test_the_order_of_a_point_is_called_in_the_readers_language_and_each_leads_to_the_other():
    by, office = make.who(), dispatch.office()
    found = points("confirmed", "confirmed", kind="bare")
    group = services.group_make(by=by, point_ids=[one.pk for one in found], title="料场")
    assert client_of(by).get(f"/api/imagery/groups/{group.pk}").json()["orders"] == []
    services.group_check(by=by, group_id=group.pk, unit=office.unit.pk)
    order, address = WorkOrder.objects.get(), f"/review?sel=points:{found[0].pk}"
    title = f"Field check of point {found[0]} and others, 2 in all (Bare soil)"
    for who, link in ((by, address), (office.handler, address), (office.desk, address)):
        row = client_of(who).get(f"/api/orders/{order.pk}", headers={"Accept-Language": "en"}).json()["row"]
        assert (row["title"], row["link"]) == (title, link), who
    for point in found:
        for who in (by, office.handler, office.desk):
            told = client_of(who).get(f"/api/imagery/points/{point.pk}").json()["order"]
            assert (told["id"], told["title"]) == (order.pk, f"图斑 {found[0]} 等 2 个 实地核查（裸土）")
    assert client_of(by).get(f"/api/imagery/groups/{group.pk}").json()["orders"] == [told]
    assert client_of(by).get(f"/api/imagery/points/{make.point().pk}").json()["order"] is None
