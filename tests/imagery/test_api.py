"""The review over HTTP: who, what comes back, bad input, and what everybody sees of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from imagery import services
from imagery.models import FieldPhoto, Scene
from imagery.selectors.reviewers import reviewer_figures, reviewer_points
from imagery.selectors.statistics import Grouping, point_statistics
from imagery.states import Flag
from kernel import clock
from kernel.geo import distance_m
from kernel.panel import PlaceRef, sections
from kernel.viewer import Role
from places.models import Place
from tests.factories import dispatch, media, people, places
from tests.factories import imagery as make
from tests.imagery.conftest import say, undo

pytestmark = pytest.mark.django_db

O, S, H, G, D = Role.OFFICIAL, Role.SUPERVISOR, Role.HANDLER, Role.GRID_MANAGER, Role.DESK  # noqa: E741
WHY = [{"code": "no_project", "weight": "note"}, {"code": "of an older version"}]
GETS = {
    "/api/imagery/queue/": {O},
    "/api/imagery/queue/counts": {O},
    "/api/imagery/points/": {O, S, H, G, D},
    "/api/imagery/options": {O, S, H, G, D},
    "/api/imagery/statistics?by=month": {O, S},
    "/api/imagery/field": {H, G},
    "/api/imagery/points/export?format=csv": {O, S, H, G, D},
    "/api/imagery/queue/export?format=csv": {O},
    "/api/imagery/redlines?bbox=119,30,120,31": {O, S},
    "/api/imagery/statistics.csv?by=kind": {O, S},
    "/api/imagery/runs": {O, S},
}
POSTS = {
    **{key: {O} for key in ("queue:next", "queue:release", "reviews:undo", "reviews:batch", "reviews:undo_batch")},
    **{key: {O} for key in ("points/{}:claim", "points/{}:review", "runs", "runs/{}:cancel", "runs/{}:resume")},
    **{f"groups/{{}}:{act}": {O} for act in ("review", "check", "rectify", "recall")},
    **{f"groups/{act}": {O, S} for act in ("", "{}:add", "{}:remove", "{}:dissolve", "{}:verify", "{}:refuse")},
    **{
        key: {O, S, H, G}
        for key in ("points/{}:publish", "points/{}/checks", "points/{}/photos", "points/{}/documents")
    },
}


def client_of(by) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=by.user_id))
    return client


def post(client, path, **body):
    return client.post(f"/api/imagery/{path}", json.dumps(body, default=str), content_type="application/json")


@pytest.mark.parametrize("role", people.ROLES)
def test_who_comes_in(role):
    """The rest is decided by the services: whoever may not see a point gets a 404, whoever may not act a 403."""
    point = make.point()
    client = client_of(make.who(role)) if role else Client()
    refused = 403 if role else 401
    for path, roles in GETS.items():
        assert client.get(path).status_code == (200 if role in roles else refused), path
    for path in (f"/api/imagery/points/{point.pk}", f"/api/imagery/points/{point.pk}/route?lon=120&lat=30.6"):
        assert client.get(path).status_code == (200 if role in (O, S) else 404 if role in (H, G, D) else refused), path
    for path, roles in POSTS.items():
        status = post(client, path.format(point.pk)).status_code
        assert (status != refused) == (role in roles) or (role in roles and status == 403), (path, status)


def test_one_key_is_a_verdict_and_the_next_point(django_assert_max_num_queries):
    by, (lon, lat) = make.who(), places.lonlat(make.VILLAGE)
    apart = [{"priority": 1 - number / 10, "lonlat": (lon + number / 1000, lat)} for number in range(5)]
    client, points = client_of(by), [make.point(why=WHY, **one) for one in apart]
    make.reason("season", title="季节")
    with django_assert_max_num_queries(16):
        found = post(client, "queue:next").json()
    card = found["point"]
    assert [card["id"], *(one["id"] for one in found["ahead"])] == [one.pk for one in points[:4]]
    assert (card["number"], card["rounds"], card["area_mu"]) == (str(points[0]), 1, 0.6)
    assert [one["text"] for one in card["why"]] == ["不在任何批准项目范围内"]
    assert (card["before"]["acquired_at"], card["geom"]["type"]) == ("2025-09-11T10:30:00+08:00", "Polygon")
    body = {"client_id": uuid.uuid4(), "version": card["version"], "verdict": "no_change", "seconds": 2.5}
    path = f"points/{card['id']}:review"
    for wrong, status in (({}, 400), ({"reason": "none"}, 400), ({"reason": "season", "version": 9}, 409)):
        assert post(client, path, **body | wrong).status_code == status, wrong
    with django_assert_max_num_queries(30):
        done = post(client, path, **body, reason="season").json()
    assert done == post(client, path, **body, reason="season").json(), "sent twice it is one"
    assert (done["state"], done["version"]) == ("rejected", 2)
    after = post(client, "queue:next", near=places.lonlat(make.VILLAGE), filter={"kind": "building"}).json()
    assert after["point"]["id"] == points[1].pk
    back = post(client, "reviews:undo", client_id=uuid.uuid4()).json()
    assert (back["id"], back["state"]) == (card["id"], "queued")
    batch = {"batch": uuid.uuid4(), "ids": [one.pk for one in points], "verdict": "change"}
    tried = post(client, "reviews:batch", **batch, dry_run=True).json()["items"]
    assert [one["state"] for one in tried] == ["confirmed"] * 5
    assert client.get("/api/imagery/queue/counts").json()["total"] == 5
    post(client, "reviews:batch", **batch)
    assert post(client, "queue:next").json() == {"point": None, "until": None, "ahead": []}
    assert len(post(client, "reviews:undo_batch", batch=batch["batch"]).json()["items"]) == 5


def test_only_the_order_by_distance_tells_it(django_assert_max_num_queries):
    lon, lat = here = places.lonlat(make.VILLAGE)
    away = [make.point(lonlat=(lon + east, lat)) for east in (0.02, 0, 0.01)]
    client = client_of(make.who())
    with django_assert_max_num_queries(6):
        page = client.get(f"/api/imagery/queue/?lon={lon}&lat={lat}").json()
    near = [away[1], away[2], away[0]]
    assert [one["id"] for one in page["items"]] == [one.pk for one in near]
    assert page["distances_m"] == [round(distance_m(here, one.center.coords)) for one in near]
    assert page["distances_m"][0] == 0 < page["distances_m"][1] < 1000
    assert len(client.get(f"/api/imagery/queue/?lon={lon}&lat={lat}&limit=2").json()["distances_m"]) == 2
    for path in ("queue/", "points/"):
        page = client.get(f"/api/imagery/{path}").json()
        assert (len(page["items"]), page["distances_m"]) == (3, []), path


@pytest.mark.parametrize(
    "query",
    [
        "kind=castle",
        "place=x'",
        "min_m2=-1",
        "min_score=nan",
        "since=2026",
        "cursor=x",
        "cursor=nan_1",
        "cursor=-1e999_1",
        "place=nowhere",
        "limit=0",
        "colour=red",
        "state=closed",
        "flag=!nobody",
        "number=YG-",
        "number=1.5",
        "number=1234567890",
    ],
)
def test_bad_filters(query):
    answer = client_of(make.who()).get(f"/api/imagery/queue/?{query}")
    assert (answer.status_code, set(answer.json()) >= {"code", "message"}) == (400, True)


@pytest.mark.parametrize("path", ["queue/", "points/"])
def test_a_point_is_found_by_its_number(path):
    points, client = [make.point() for _ in range(3)], client_of(make.who())
    for written in (str(points[1].number), str(points[1]), str(points[1]).lower()):
        found = client.get(f"/api/imagery/{path}?number={written}").json()["items"]
        assert [one["id"] for one in found] == [points[1].pk], written
    for none in ("999", "0", "YG-0000"):
        assert client.get(f"/api/imagery/{path}?number={none}").json()["items"] == [], none
    assert len(client.get(f"/api/imagery/{path}?number=").json()["items"]) == 3
    assert client.get("/api/imagery/points/?number=x").json()["field"] == "number"


@pytest.mark.parametrize("wrong", [[], [120], [120, 30, 1], [181, 0], ["nan", 0]])
def test_bad_positions(wrong):
    answer = post(client_of(make.who()), "queue:next", near=wrong)
    assert (answer.status_code, answer.json()["field"][:4]) == (400, "near")


def test_a_position_off_the_earth_and_no_body_are_told_in_words():
    client = client_of(make.who())
    assert post(client, "queue:next", near=[181, 0]).json()["message"] == "位置要写成 [经度, 纬度]，单位是度。"
    nothing = client.post("/api/imagery/queue:next", "null", content_type="application/json")
    assert (nothing.status_code, nothing.json()) == (400, {"code": "invalid", "message": "请求里没有内容。"})


@pytest.mark.parametrize("path", ["statistics?by=", "statistics.csv?by=", "points/export?format="])
def test_what_is_left_empty_is_not_said(path):
    assert client_of(make.who()).get(f"/api/imagery/{path}").status_code == 200


def test_filters_count_and_pages_follow_one_another():
    client = client_of(make.who())
    for number in range(5):
        make.point(priority=0.5, kind="water" if number % 2 else "building")
    make.point("990521004001", priority=0.9)
    make.point(places.COUNTY, area_m2=make.LARGE_M2)
    saved = {"items": [{"name": "水", "queue": "imagery", "filters": "kind=water"}]}
    client.put("/api/saved-filters/", json.dumps(saved), content_type="application/json")
    counts = client.get("/api/imagery/queue/counts?place=990521003").json()
    assert (counts["total"], {one["key"]: one["count"] for one in counts["kinds"] if one["count"]}) == (
        5,
        {"building": 3, "water": 2},
    )
    assert client.get("/api/imagery/queue/counts?place=!990521003").json()["total"] == 2
    townships = {one["key"]: one["count"] for one in client.get("/api/imagery/queue/counts").json()["townships"]}
    assert townships == {"none": 1, "990521003": 5, "990521004": 1}
    for place, left in (*townships.items(), ("none,990521004", 2), ("!none", 6), ("!none,990521004", 5)):
        page = client.get(f"/api/imagery/queue/?place={place}").json()
        assert len(page["items"]) == left, (place, "each figure opens what it counts")
    narrower = client.get("/api/imagery/queue/counts?place=990521003&kind=!building").json()
    assert (narrower["total"], narrower["kinds"]) == (2, counts["kinds"]), "of a filter: what its other values leave"
    assert [(one["key"], one["count"]) for one in narrower["townships"]] == [
        ("990521003", 2),
        ("990521004", 0),
        ("none", 0),
    ], "all in which something waits: one goes from one to another"
    assert [one["count"] for one in narrower["states"]] == [2, 0], "nothing waits for a second verdict: it has a word"
    empty = client.get("/api/imagery/queue/counts?place=990521003007,990521004&kind=bare&state=second_review").json()
    asked = {one["key"]: (one["title"], one["count"]) for one in empty["townships"]}
    names = dict(Place.objects.filter(pk__in=asked).values_list("pk", "name"))
    assert set(names) == {"990521003007", "990521003", "990521004"}
    names["none"] = "不在任何村内"
    assert asked == {code: (name, 0) for code, name in names.items()}, "a place that is asked for has its name"
    assert [(one["key"], one["count"]) for one in empty["aside"]] == [(flag.value, 0) for flag in Flag if flag]
    assert counts["saved"] == [{"name": "水", "filters": "kind=water", "count": 2}]
    seen, cursor = [], ""
    while True:
        page = client.get("/api/imagery/queue/", {"limit": 3, "cursor": cursor}).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 7


def test_whoever_gives_the_second_verdict_does_not_read_the_first():
    first, second = make.who(), make.who()
    point = make.point(area_m2=make.LARGE_M2)
    say(first, point, "change", kind="road", note="新路")
    path = f"/api/imagery/points/{point.pk}"
    blind = client_of(second).get(path)
    assert (blind.json()["reviews"], "新路" in blind.content.decode()) == ([], False)
    assert [one["data"] for one in blind.json()["history"]] == [{}]
    open_ = client_of(first).get(path).json()
    assert [one["note"] for one in open_["reviews"]] == ["新路"]
    own = {"move": "review", "title": "复核", "why": "不能复核自己看过的图斑。"}
    assert (open_["waits"], blind.json()["waits"]) == ([own], [])
    Scene.objects.update(status="withdrawn")
    waits = [client_of(one).get(path).json()["waits"] for one in (first, second, make.who(Role.SUPERVISOR))]
    assert waits == [[own], [own | {"why": "这个图斑的影像已停用，恢复后再看。"}], []]
    Scene.objects.update(status="ready")
    say(second, point, "change")
    undo(second)
    for one in (second, make.who()):
        told = client_of(one).get(path).json()
        assert ([step["move"] for step in told["history"]], told["reviews"]) == (["pass_on"], []), "it would tell"
    services.point_release(by=second)
    say(make.who(), point, "change")
    assert len(client_of(second).get(path).json()["reviews"]) == 4


def test_the_newest_scene_of_a_point_is_told():
    point, client = make.point(), client_of(make.who())

    def latest():
        return client.get(f"/api/imagery/points/{point.pk}").json()["latest"]

    make.scene("2026-04-01", footprint=places.square("990521004"))
    make.scene("2026-04-02", status="withdrawn")
    make.scene("2026-04-03", county="330521")
    assert latest() is None, "elsewhere, out of use, of others; its own is the newest"
    scenes = [make.scene(day) for day in ("2026-05-01", "2026-06-01", "2025-12-01")]
    assert (latest()["id"], latest()["acquired_at"][:10]) == (scenes[1].pk, "2026-06-01")


def test_a_telephone_sends_its_check_and_only_staff_open_the_photos():
    office, by = dispatch.office(), make.who()
    point = make.point(state="confirmed")
    services.point_move(by=by, point_id=point.pk, move="check", unit=office.unit.pk)
    client, check = client_of(office.handler), uuid.uuid4()
    data = media.jpeg((40, 30))
    form = {"client_id": uuid.uuid4(), "check": check, "azimuth": "90", "taken_at": clock.now().isoformat()}
    form |= {"sha256": hashlib.sha256(data).hexdigest(), "lon": 120.05, "lat": 30.55, "accuracy_m": 6}
    path = f"/api/imagery/points/{point.pk}"
    (task,) = client.get("/api/imagery/field").json()["items"]
    assert (task["card"]["id"], task["order_state"], task["leads"], task["checks"]) == (point.pk, "assigned", True, 0)
    assert client.get(f"{path}/route", {"lon": 120.05, "lat": 30.55}).json()["by_road"] is False, (
        "no road in this county"
    )
    assert client.get(f"{path}/route", {"lon": 120.05}).status_code == 400
    assert client.post(f"{path}/photos", {**form, "lat": "x"}).status_code == 400
    more = {**form, "azimut": "90", "file": SimpleUploadedFile("a.jpg", data)}
    assert client.post(f"{path}/photos", more).json()["field"] == "azimut"
    for _twice in range(2):
        sent = client.post(f"{path}/photos", {**form, "file": SimpleUploadedFile("a.jpg", data)})
        assert sent.status_code == 201, sent.content
    at = {"at": clock.now(), "lonlat": places.lonlat(make.VILLAGE), "accuracy_m": 5, "finding": "illegal"}
    at["kind"] = "pv"
    assert post(client, f"points/{point.pk}/checks", client_id=check, **at).status_code == 201
    refused = post(client, f"points/{point.pk}:find", finding="illegal")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_evidence")
    seen = client.get(path).json()
    (sent,) = seen["checks"]
    assert (sent["distance_m"], sent["kind_title"], len(sent["photos"])) == (0, "光伏", 1)
    assert (sent["photos"][0]["lonlat"], sent["photos"][0]["photo"]["thumb"][:9]) == ([120.05, 30.55], "/media/p/")
    assert seen["reviews"] == [], "what reviewers said is not theirs"
    photo = FieldPhoto.objects.get().photo
    url = f"/media/p/{photo.token[:2]}/{photo.token}-large.jpg"
    assert [one.get(url).status_code for one in (Client(), client_of(make.who(Role.CITIZEN)), client)] == [
        404,
        404,
        200,
    ]


def test_the_panel_tells_how_many_were_found_and_handled(django_assert_max_num_queries):
    by = make.who()
    ref = PlaceRef(make.VILLAGE, "", "", places.COUNTY, places.lonlat(make.VILLAGE))
    build = sections["changepoints"].build
    assert build(people.viewer(None), ref) is None
    for state in ("confirmed", "found_legal", "found_illegal", "queued"):
        point = make.point(state=state)
        if state != "queued":
            services.point_move(by=by, point_id=point.pk, move="publish")
    with django_assert_max_num_queries(2):
        found = build(people.viewer(None), ref)
    assert (found["found"], found["handled"], found["note"]) == (3, 1, "发现 3 处，已处理 1 处")
    said = {one["subtitle"] for one in found["items"]}
    assert said == {"2026年3月8日 发现", "处理中，2026年3月8日 发现", "已处理，2026年3月8日 发现"}
    assert sorted(one["stage"] for one in found["items"]) == ["found", "handled", "handling"]
    assert Client().get("/api/layers/changepoints/counts?level=village").json()["counts"][0]["count"] == 3


def test_figures_of_points_and_reviewers():
    first, second, supervisor = make.who(name="甲"), make.who(name="乙"), make.who(Role.SUPERVISOR)
    large = [make.point(area_m2=make.LARGE_M2) for _ in range(3)]
    for point, verdict in zip(large, ("change", "change", "no_change"), strict=True):
        say(first, point, "change", seconds=4.0)
        say(second, point, verdict, seconds=8.0)
    services.point_move(by=supervisor, point_id=large[2].pk, move="uphold", note="看得出")
    say(first, make.point("990521004001"), "change")
    undo(first)
    make.point(state="found_illegal")
    day = clock.today()
    found = point_statistics(supervisor, Grouping.TOWNSHIP, day, day)
    shown = {one.key: {figure.key: figure for figure in one.figures} for one in (*found.groups, *found.reviewers)}
    names = ("found", "waiting", "confirmed", "illegal")
    assert [shown["990521003"][name].value for name in names] == [4, 0, 3, 1]
    assert [shown["990521004"][name].value for name in names] == [1, 1, 0, 0]
    assert {figure.key: figure.value for figure in found.total.figures}["handled_percent"] == 0
    names = ("reviews", "undone", "seconds", "per_hour", "pairs", "agreement_percent", "kept_percent")
    people_ = [[shown[str(one.user_id)][name].value for name in names] for one in (first, second)]
    assert people_ == [[3, 1, 4.0, 900, 3, 66.7, 100.0], [3, 0, 8.0, 450, 3, 66.7, 0.0]]
    client = client_of(supervisor)
    for one in (*found.groups, found.total, *found.reviewers):
        for figure in one.figures:
            rows = client.get(figure.rows).json()
            if figure.key not in ("seconds", "per_hour", "handled_percent", "agreement_percent", "kept_percent"):
                assert (rows["matched"], len(rows["items"])) == (figure.value, figure.value), (one, figure)
    table = client.get(f"/api/imagery/statistics.csv?from={day}&to={day}").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[1:3] for line in table if line.startswith(("石桥镇", "合计", "甲"))] == [
        *(["4", "0"], ["1", "1"], ["5", "1"]),
        ["3", "1"],
    ]


def test_pairs_of_months_add_up_to_those_of_all_of_them():
    first, second, supervisor = make.who(), make.who(), make.who(Role.SUPERVISOR)
    old, again, twice = (make.point(area_m2=make.LARGE_M2) for _ in range(3))
    with clock.freeze("2026-05-31T10:00:00+08:00", everywhere=True):
        for point in (old, again, twice):
            say(first, point, "change")
        say(second, twice, "change")
        say(second, again, "no_change")
        services.point_move(by=supervisor, point_id=again.pk, move="overrule", note="是田埂")
    services.point_move(by=supervisor, point_id=again.pk, move="reopen", note="又有人举报")
    say(first, again, "no_change")
    for point, verdict in ((again, "no_change"), (old, "change")):
        say(second, point, verdict)
    days = [dt.date(2026, 5, 1), dt.date(2026, 5, 31), dt.date(2026, 6, 1), dt.date(2026, 6, 30)]

    def told(since: dt.date, until: dt.date) -> list[tuple[int, int, float | None]]:
        found = {one.key: one for one in reviewer_figures(supervisor, since, until)}
        rows = [found[one.user_id] for one in (first, second)]
        return [(row.reviews, row.pairs, row.agreement_percent) for row in rows]

    assert told(*days[:2]) == [(3, 2, 50.0), (2, 2, 50.0)]
    assert told(*days[2:]) == [(1, 2, 100.0), (2, 2, 100.0)], "first verdicts of May count with the second of June"
    assert told(days[0], days[3]) == [(4, 4, 75.0), (4, 4, 75.0)]
    assert reviewer_points(supervisor, first.user_id, "agreed", *days[2:]) == {old.pk, again.pk}
