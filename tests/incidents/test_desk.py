"""Staff: whose business is what, queues in few queries, moves over HTTP, photos moderated and blurred."""

from __future__ import annotations

import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from dispatch.services import order_move
from incidents import services
from incidents.models import Attachment, CallBack, Report
from incidents.selectors.desk import desk_counts
from incidents.states import REPORTER
from kernel.errors import Conflict
from kernel.viewer import Role
from media.models import Photo
from media.selectors import original_file, photo_file
from records.models import AuditEvent
from tests.factories import incidents, media, people, places
from tests.incidents import loop
from tests.incidents.loop import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(village):
    return loop.cast()


def post(client, path, body=None):
    return client.post(path, json.dumps(body or {}), content_type="application/json")


# ---------------------------------------------------------------- whose business


def test_who_sees_which_rows(cast):
    """viewer × rows: what stands in the console, and what is 404 there."""
    mine = loop.submit()
    by_agent = loop.submit("替村民反映路灯坏了", by=cast.agent)
    places.village("990521001001", "内村")
    elsewhere = incidents.report("990521001001", "submitted")
    led = incidents.report("990521001001", "accepted", is_public=False)
    citizen = loop.who(Role.CITIZEN)
    own = loop.submit("我自己反映的路灯", by=citizen)
    expected = {
        cast.desk: {mine, by_agent, elsewhere, led, own},
        cast.supervisor: {mine, by_agent, elsewhere, led, own},
        cast.official: {mine, by_agent, elsewhere, led, own},
        cast.grid: {mine, by_agent, own},
        loop.who(Role.GRID_MANAGER, "990521003007001"): {mine, by_agent, own},
        loop.who(Role.GRID_MANAGER, "990521002"): set(),
        cast.handler: {led},
        cast.agent: {by_agent},
    }
    for viewer, rows in expected.items():
        client = client_of(viewer)
        listed = {row["id"] for row in client.get("/api/incidents/desk/").json()["items"]}
        assert listed == {row.pk for row in rows}, viewer.label
        for row in Report.objects.all():
            status = client.get(f"/api/incidents/desk/{row.pk}").status_code
            assert status == (200 if row in rows else 404), (viewer.label, row)
    assert set(Report.objects.business_of(citizen)) == {own}
    assert client_of(citizen).get("/api/incidents/desk/").status_code == 403
    assert client_of(loop.who(Role.ADMIN)).get("/api/incidents/desk/").status_code == 403
    assert Client().get("/api/incidents/desk/").status_code == 401


def test_a_handler_sees_each_report_once_however_many_tasks_hang_on_it(cast):
    report = incidents.report(is_public=False)
    for _ in range(3):
        incidents.order(report, parent=report.order, state="assigned", lead_unit=cast.unit)
    assert Report.objects.business_of(cast.handler).count() == 1
    assert (desk_counts(cast.handler)["new"], desk_counts(cast.handler)["mine"]) == (1, 0)
    order_move(by=cast.handler, order_id=report.order.children.earliest("pk").pk, move="sign")
    assert (desk_counts(cast.handler)["new"], desk_counts(cast.handler)["mine"]) == (1, 1)
    assert desk_counts(loop.who(Role.HANDLER, unit=people.unit("slj", "水利局")))["new"] == 0


# ---------------------------------------------------------------- lists


@pytest.mark.parametrize("count", [2, 40])
def test_queues_cost_the_same_however_many_rows(cast, count):
    for _ in range(count):
        incidents.report()
    client = client_of(cast.desk)
    for path in ("/api/incidents/desk/?queue=all", "/api/incidents/desk/counts"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        assert answer.status_code == 200
        assert len(queries) <= 12, [query["sql"][:120] for query in queries]
    assert len(client.get("/api/incidents/desk/").json()["items"]) == count


def test_the_counts_are_those_of_the_queues(cast):
    loop.submit()
    loop.accepted(cast)
    loop.answered(cast)
    incidents.report(order_state="review")
    incidents.report(order_state="returned")
    client = client_of(cast.desk)
    counts = client.get("/api/incidents/desk/counts").json()
    for queue, count in counts.items():
        listed = client.get("/api/incidents/desk/", {"queue": queue}).json()["items"]
        assert len(listed) == count, queue
    assert (counts["new"], counts["returned"], counts["review"], counts["all"]) == (2, 1, 1, 5)
    assert client.get("/api/incidents/desk/?queue=none").status_code == 400
    assert client.get("/api/incidents/desk/?colour=1").json()["code"] == "unknown_parameter"


def test_a_reviewer_is_not_offered_the_own_work(cast):
    me = loop.who(Role.DESK, loop.COUNTY)
    report = incidents.report(order_state="review")
    report.order.submitted_by_id = me.user_id
    report.order.save()
    assert client_of(me).get("/api/incidents/desk/counts").json()["review"] == 0


# ---------------------------------------------------------------- moves over HTTP


def test_the_loop_over_http(cast):
    client = client_of(cast.desk)
    called = post(
        client,
        "/api/incidents/desk/",
        {"lon": loop.HERE[0], "lat": loop.HERE[1], "text": "来电说路灯不亮", "channel": "phone", "category": "noise"},
    )
    assert called.status_code == 201, called.content
    report = Report.objects.get(number=called.json()["number"])
    assert (report.channel, report.filed_by_id) == ("phone", cast.desk.user_id)
    case = client.get(f"/api/incidents/desk/{report.pk}").json()
    moves = {move["name"] for move in case["moves"]}
    assert moves == {"accept", "ask", "reject", "merge", "comment", "edit", "photo", "publish"}
    assert case["suggestions"]["category"] is None or case["suggestions"]["category"]["why"]
    wrong = post(client, f"/api/incidents/desk/{report.pk}:accept", {})
    assert (wrong.status_code, wrong.json()["field"]) == (400, "category")
    done = post(client, f"/api/incidents/desk/{report.pk}:accept", {"category": "noise", "version": case["version"]})
    assert done.status_code == 200, done.content
    assert done.json()["status"] == "accepted"
    again = post(client, f"/api/incidents/desk/{report.pk}:accept", {"category": "noise", "version": case["version"]})
    assert (again.status_code, again.json()["code"]) == (409, "version_conflict")
    late = post(client, f"/api/incidents/desk/{report.pk}:accept", {"category": "noise"})
    assert (late.status_code, late.json()["code"]) == (409, "no_such_move")
    assert post(
        client_of(cast.handler), f"/api/incidents/desk/{report.pk}:accept", {"category": "noise"}
    ).status_code in (403, 404)
    path = f"/api/incidents/desk/{report.pk}"
    assert post(client, f"{path}:explode").status_code == 404
    assert (
        post(client_of(cast.supervisor), f"/api/incidents/desk/{report.pk}:edit", {"title": "别的"}).status_code == 403
    )
    again = loop.submit("还是那盏路灯不亮")
    merged = post(client, f"/api/incidents/desk/{again.pk}:merge", {"into": report.number, "version": again.version})
    assert (merged.status_code, merged.json()["merged_into"]) == (200, report.number), merged.content
    assert client.get(path).json()["merged"] == [again.number]


OFFERED = {
    "desk": {
        "submitted": "accept ask comment edit merge photo publish reject",
        "waiting": "comment edit photo publish supplement",
        "answered": "call call_back call_back_reopen comment edit photo publish",
        "called": "call_back call_back_reopen call_missed comment edit photo publish",
        "withdrawn": "",
    },
    "grid": {"submitted": "accept ask comment edit photo publish", "answered": "comment edit photo publish"},
    "handler": {"waiting": "comment"},
    "supervisor": {"submitted": "comment", "called": "call_back call_back_reopen call_missed comment"},
    "official": {"submitted": "comment", "answered": "call comment", "called": "comment"},
    "agent": {"submitted": "comment withdraw", "waiting": "comment supplement", "answered": "comment confirm reopen"},
}


@pytest.mark.parametrize(("role", "state"), [(role, state) for role, said in OFFERED.items() for state in said])
def test_what_is_offered_is_what_may_be_done(cast, role, state):
    """Every button of the console is a verb that the role may use now, and no verb is without a button."""
    viewer = getattr(cast, role)
    stands = {"waiting": "accepted", "called": "answered"}.get(state, state)
    order = {"waiting": "waiting", "called": "done", "answered": "done"}.get(state, "")
    report = incidents.report(state=stands, order_state=order, filed_by_id=viewer.user_id)
    if report.order:
        report.order.lead_unit = cast.unit
        report.order.save()
    if state == "called":
        CallBack.objects.create(report=report)
    path = f"/api/incidents/desk/{report.pk}"
    client = client_of(viewer)
    assert sorted(move["name"] for move in client.get(path).json()["moves"]) == OFFERED[role][state].split()
    for verb in ("comment", "edit", "publish", "call_missed", "call"):
        body = {"comment": {"text": "已电话核实"}, "publish": {"is_public": False}, "call_missed": {"note": "关机"}}
        done = post(client, f"{path}:{verb}", body.get(verb))
        is_offered = verb in OFFERED[role][state].split()
        assert (done.status_code == 200) == is_offered or (verb, state) == ("call", "called"), (verb, done.content)


def test_whom_nobody_reached_has_been_called_and_may_be_called_again(cast):
    report = incidents.report(state="answered")
    client, path = client_of(cast.desk), f"/api/incidents/desk/{report.pk}"
    assert post(client, f"{path}:call_missed", {"note": "关机"}).json()["code"] == "no_call_back"
    assert post(client, f"{path}:call", {"mode": "visit"}).json()["call_backs"][0]["outcome"] == "pending"
    assert client.get("/api/incidents/desk/counts").json()["callback"] == 1
    missed = post(client, f"{path}:call_missed", {"note": "三次都没人在家", "mode": "visit"}).json()
    assert [(one["outcome"], one["mode"]) for one in missed["call_backs"]] == [("unreached", "visit")]
    assert missed["history"][-1]["note"] == "三次都没人在家"
    assert client.get("/api/incidents/desk/counts").json()["callback"] == 0
    assert post(client, f"{path}:call_back", {"note": "接通了，满意"}).json()["state"] == "closed"


def test_accepted_and_assigned_in_one_go_or_not_at_all(cast):
    kind = incidents.category("noise")
    kind.default_unit = cast.unit
    kind.save()
    one, two, gone, plain = loop.submit(), loop.submit("渠道护栏断了"), loop.submit("夜里施工"), loop.submit("路灯坏了")
    client, path = client_of(cast.grid), f"/api/incidents/desk/{one.pk}:accept"
    refused = post(client, path, {"category": "noise", "unit": 9_999_999})
    assert (refused.status_code, refused.json()["field"]) == (400, "unit")
    one.refresh_from_db()
    assert (one.state, one.order_id) == ("submitted", None), "one transaction: without its unit it is not accepted"
    told = post(client, path, {"category": "noise", "unit": cast.unit.pk}).json()
    assert told["status"] == "assigned"
    assert [step["move"] for step in told["history"]] == ["submit", "accept", "assign"], "as it happened"
    loop.move(cast.desk, gone, "reject", reason="not_ours", where_to_go="信访局")
    body = {"ids": [two.pk, gone.pk, 9_999_999], "usual_unit": True}
    lines = post(client, "/api/incidents/desk/bulk:accept", body).json()["items"]
    assert [(line["id"], line["ok"], line.get("code", "")) for line in lines] == [
        (two.pk, True, ""),
        (gone.pk, False, "no_such_move"),
        (9_999_999, False, "not_found"),
    ]
    two.refresh_from_db()
    assert (two.order.state, two.order.lead_unit_id) == ("assigned", cast.unit.pk)
    post(client, "/api/incidents/desk/bulk:accept", {"ids": [plain.pk]})
    plain.refresh_from_db()
    assert plain.order.state == "opened"
    assert post(client_of(cast.handler), "/api/incidents/desk/bulk:accept", body).status_code == 403


def test_urgency_of_the_work_is_that_of_the_report(cast):
    report = loop.accepted(cast)
    with pytest.raises(Conflict):
        services.report_edit(by=cast.desk, report_id=report.pk, is_urgent=True)
    for move, is_urgent in (("urgent", True), ("not_urgent", False)):
        order_move(by=cast.supervisor, order_id=report.order_id, move=move, reason="小学门口")
        report.refresh_from_db()
        assert report.is_urgent is is_urgent


def test_contact_only_by_asking_for_it(cast):
    report = incidents.report()
    incidents.reporter(report)
    client = client_of(cast.desk)
    assert b"13900001234" not in client.get(f"/api/incidents/desk/{report.pk}").content
    assert not AuditEvent.objects.filter(action="report.contact_read").exists()
    assert post(client, f"/api/incidents/desk/{report.pk}:contact").json()["phone"] == "13900001234"
    assert AuditEvent.objects.filter(action="report.contact_read").count() == 1


def test_the_own_view_by_code(cast):
    told = (
        Client()
        .post(
            "/api/incidents/",
            json.dumps({"lon": loop.HERE[0], "lat": loop.HERE[1], "text": "门口路灯不亮", "category": "noise"}),
            content_type="application/json",
        )
        .json()
    )
    path = f"/api/incidents/track/{told['code'].lower()}"
    answer = Client().get(path)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    view = answer.json()
    assert (view["number"], view["status"], view["text"]) == (told["number"], "submitted", "门口路灯不亮")
    assert {move["name"] for move in view["moves"]} == {"withdraw", "comment"}
    assert post(Client(), f"{path}:comment", {"text": "还没人来"}).json()["comments"][0]["is_own"]
    assert post(Client(), f"{path}:confirm").json()["code"] == "no_such_move"
    assert post(Client(), f"{path}:withdraw").json()["status"] == "withdrawn"
    assert Client().get("/api/incidents/track/0000-0000-00000").json()["code"] == "unknown_code"
    assert Client().get(f"{path}?x=1").status_code == 400


# ---------------------------------------------------------------- photos


def test_a_photo_is_blurred_from_the_original_and_its_old_address_is_gone(cast, django_capture_on_commit_callbacks):
    report = loop.accepted(cast)
    photo = services.photo_receive(
        by=loop.CITIZEN,
        file=io.BytesIO(media.jpeg((800, 600), exif=media.exif(loop.HERE))),
        name="a.jpg",
        part=REPORTER,
    ).photo
    Attachment.objects.update(report=report)
    old = [photo_file(photo, size) for size in ("thumb", "medium", "large")]
    before = f"/media/p/{photo.token[:2]}/{photo.token}-large.jpg"
    client = client_of(cast.desk)
    assert client.get(before).status_code == 200
    original = original_file(photo).read_bytes()
    body = {"boxes": [{"x": 0, "y": 0, "width": 0.25, "height": 0.25}], "state": "published"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(client, f"/api/incidents/desk/{report.pk}/photos/{photo.pk}", body)
    assert answer.status_code == 200, answer.content
    fresh = Photo.objects.get(pk=photo.pk)
    assert fresh.token != photo.token
    assert client.get(before).status_code == 404
    assert not any(path.exists() for path in old)
    assert original_file(fresh).read_bytes() == original, "the original stays sealed"
    public = Client().get(f"/media/p/{fresh.token[:2]}/{fresh.token}-large.jpg")
    assert public.status_code == 200
    shown = Image.open(io.BytesIO(b"".join(public.streaming_content)))
    red, green, _blue = shown.getpixel((100, 75))
    assert (red > 200, green < 60) == (True, True), "one colour stays one colour"
    assert shown.getpixel((790, 590))[0] > 240, "the rest is as it was"
    assert "GPS" not in str(shown.getexif())
    wrong = post(
        client,
        f"/api/incidents/desk/{report.pk}/photos/{photo.pk}",
        {"boxes": [{"x": 2, "y": 0, "width": 1, "height": 1}]},
    )
    assert wrong.status_code == 400
    assert post(client_of(cast.handler), f"/api/incidents/desk/{report.pk}/photos/{photo.pk}", body).status_code in (
        403,
        404,
    )


def test_blurring_leaves_nothing_to_read():
    from media.models import WIDTHS
    from media.pipeline.pictures import Box, picture_read

    image = Image.new("RGB", (640, 480), "white")
    for x in range(0, 640, 8):  # stripes, as fine as letters
        image.paste("black", (x, 0, x + 4, 480))
    data = media.encoded("PNG", image)
    plain = Image.open(io.BytesIO(picture_read(data, WIDTHS).derivatives["large"])).convert("L")
    blurred = picture_read(data, WIDTHS, [Box(0.1, 0.1, 0.4, 0.4)])
    for name, content in blurred.derivatives.items():
        shown = Image.open(io.BytesIO(content)).convert("L")
        inner = shown.crop(
            (int(shown.width * 0.15), int(shown.height * 0.15), int(shown.width * 0.45), int(shown.height * 0.45))
        )
        low, high = inner.getextrema()
        assert high - low < 40, name
    assert plain.crop((70, 60, 300, 200)).getextrema()[1] - plain.crop((70, 60, 300, 200)).getextrema()[0] > 200


def test_publishing_is_the_desks_and_the_grid_managers(cast):
    report = loop.accepted(cast)
    for viewer in (cast.supervisor, cast.official):
        assert (
            post(client_of(viewer), f"/api/incidents/desk/{report.pk}:publish", {"is_public": False}).status_code == 403
        )
    assert (
        post(client_of(cast.grid), f"/api/incidents/desk/{report.pk}:publish", {"is_public": False}).status_code == 200
    )
    assert Client().get(f"/api/incidents/{report.number}").status_code == 404
    secret = loop.accepted(cast, confidence="confidential")
    refused = post(client_of(cast.desk), f"/api/incidents/desk/{secret.pk}:publish", {"is_public": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "never_public")
