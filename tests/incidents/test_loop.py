"""The whole loop: 反映 — 交办 — 反馈 — 评价, with everything that may go another way."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from dispatch.models import WorkOrder
from dispatch.services import order_move
from incidents import selectors, services
from incidents.models import Comment, Follower, Rating, Report, Reporter
from incidents.states import REPORTER, SYSTEM, State
from kernel import clock
from kernel.cells import public_point
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.viewer import Role
from records.models import OutboxMessage
from records.selectors import history_findings, history_of
from tests.factories import incidents as factory
from tests.factories import people, places
from tests.incidents import loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(village):
    return loop.cast()


def told(report, event):
    return OutboxMessage.objects.filter(dedupe_key__startswith=f"report-{report.pk}-{event}-")


# ---------------------------------------------------------------- acceptance


def test_accepting_opens_the_order_and_shows_the_masked_words(cast):
    report = loop.submit("王家门口太吵，电话13800138000，身份证330521199001011234")
    report = loop.move(cast.grid, report, "accept", category="noise", is_urgent=True)
    assert (report.state, selectors.status_of(report)) == ("accepted", "accepted")
    assert report.order.state == "opened"
    assert (report.order.source, report.order.source_id) == ("incidents", str(report.pk))
    assert report.is_urgent
    assert not re.search(r"\d{11}", report.public_text)
    assert report.text.count("13800138000") == 1, "staff read what was written"
    assert told(report, "accept").count() == 1
    assert (report.public_geom.x, report.public_geom.y) == public_point(loop.HERE, 200)


def test_nobody_looked_for_a_working_day_then_it_accepts_itself(cast):
    report = loop.submit("王家媳妇电话13800138000天天吵")
    assert services.overdue_accept() == 0
    with clock.freeze("2026-07-02"):
        assert services.overdue_accept() == 1
        assert services.overdue_accept() == 0
    report.refresh_from_db()
    assert report.state == State.ACCEPTED
    assert report.order_id
    assert report.title == "噪音扰民", "nobody has read the words: the public gets the kind"
    assert report.public_text == ""
    assert history_of(report)[-1].part == SYSTEM


def test_whoever_should_have_looked_hears_that_it_accepted_itself(cast):
    """The desk and the supervisors who answer for the place today: not for another township, not until last year."""
    loop.who(Role.SUPERVISOR, "990521004")
    gone = people.user(Role.SUPERVISOR, jurisdiction=[loop.COUNTY])
    gone.jurisdictions.update(valid_to=dt.date(2025, 12, 31))
    report = loop.submit("王家媳妇电话13800138000天天吵")
    with clock.freeze("2026-07-02"):
        services.overdue_accept()
    alarms = OutboxMessage.objects.filter(dedupe_key__startswith=f"report-{report.pk}-unseen-", channel="inbox")
    assert {int(one.recipient) for one in alarms} == {cast.desk.user_id, cast.supervisor.user_id}
    one = alarms[0]
    assert one.subject == f"{report.number}“噪音扰民”一个工作日没有人受理，已自动受理，时限照算。"
    assert one.data["subject_en"].endswith("it accepted itself and its clock runs.")
    assert one.data["link"] == f"/console?sel=case:{report.pk}"


def test_a_question_stops_the_clock_of_acceptance_and_silence_withdraws(cast):
    report = loop.move(cast.desk, loop.submit(), "ask", question="哪一盏？")
    assert (report.accept_by, report.info_by.date().isoformat()) == (None, "2026-07-14")
    with clock.freeze("2026-07-05"):
        assert services.overdue_accept() == 0
    report = loop.moved_by_code(report, "supplement", text="东头第三盏")
    assert report.accept_by is not None
    report = loop.move(cast.desk, report, "ask", question="还有呢？")
    with clock.freeze("2026-07-20"):
        assert services.silent_lapse() == 1
    report.refresh_from_db()
    assert report.state == State.WITHDRAWN
    assert told(report, "lapse").exists()


def test_a_reporter_is_asked_twice_at_most(cast):
    report = loop.submit()
    for _ in range(2):
        report = loop.move(cast.desk, report, "ask", question="哪一盏？")
        report = loop.moved_by_code(report, "supplement", text="东头第三盏")
    with pytest.raises(Conflict) as refused:
        loop.move(cast.desk, report, "ask", question="再问一次")
    assert refused.value.code == "questions_used"


def test_rejecting_needs_a_legal_reason_and_where_to_go(cast):
    report = loop.submit()
    with pytest.raises(Invalid) as refused:
        loop.move(cast.desk, report, "reject", reason="not_ours")
    assert refused.value.field == "where_to_go"
    with pytest.raises(Invalid):
        loop.move(cast.desk, report, "reject", reason="because", where_to_go="县法院")
    with pytest.raises(Forbidden):
        loop.move(cast.grid, report, "reject", reason="not_ours", where_to_go="县法院")
    report = loop.move(cast.desk, report, "reject", reason="in_procedure", where_to_go="县人民法院立案庭")
    assert report.state == State.REJECTED
    steps = selectors.steps_of(report)
    assert "县人民法院立案庭" in steps[-1].note
    assert told(report, "reject").exists()


# ---------------------------------------------------------------- merging


def test_merged_reporters_hear_of_everything_and_followers_add_up(cast):
    first = loop.accepted(cast)
    second = loop.submit("路灯又不亮了")
    Reporter.objects.filter(report=second).update(email=b"x")
    Follower.objects.create(report=second, client="a", email=b"x", is_told=True)
    Follower.objects.create(report=second, client="b", email=b"y")  # whom nobody has confirmed
    Report.objects.filter(pk=second.pk).update(followers=1)
    merged = loop.move(cast.desk, second, "merge", into=first.number)
    first.refresh_from_db()
    assert (merged.state, merged.merged_into_id, first.followers) == (State.MERGED, first.pk, 2)
    assert told(second, "merge").count() == 2
    loop.work(cast, first)
    keys = {key.rsplit("-", 1)[1].split(":")[0] for key in told(first, "answer").values_list("dedupe_key", flat=True)}
    assert told(first, "answer").count() == 3
    assert keys == {"reporter", "follower"}
    view = selectors.track_view(
        loop.CITIZEN, selectors.report_by_code(loop.CITIZEN, merged.reporter.code_hash), loop.CODE
    )
    assert (view["status"], view["merged_into"], view["number"]) == ("answered", first.number, merged.number)


def test_merging_goes_one_deep_and_never_into_what_is_over(cast):
    first, second, third = loop.submit(), loop.submit(), loop.submit()
    loop.move(cast.desk, second, "merge", into=str(first.pk))
    for wrong, code in ((second, "merge_target"), (third, "merge_target")):
        with pytest.raises(Conflict) as refused:
            loop.move(cast.desk, third, "merge", into=wrong.number)
        assert refused.value.code == code
    with pytest.raises(Conflict) as refused:
        loop.move(cast.desk, first, "merge", into=third.number)
    assert refused.value.code == "merge_depth"
    with pytest.raises(Conflict) as refused:
        loop.moved_by_code(first, "withdraw")
    assert refused.value.code == "others_wait", "it is not the reporter's alone any more"
    with pytest.raises(Invalid):
        loop.move(cast.desk, third, "merge", into="2606-ZZZZZ")


# ---------------------------------------------------------------- work, answer, rating


def test_the_order_answers_the_report_and_its_state_is_what_people_see(cast):
    report = loop.accepted(cast)
    order = report.order
    seen = []
    for by, name, fields in (
        (cast.desk, "assign", {"unit": cast.unit}),
        (cast.handler, "sign", {}),
        (cast.handler, "ask", {"question": "哪一盏灯？"}),
    ):
        order_move(by=by, order_id=order.pk, move=name, **fields)
        seen.append(selectors.status_of(Report.objects.get(pk=report.pk)))
    assert seen == ["assigned", "in_progress", "waiting"]
    assert told(report, "ask").count() == 1
    assert Comment.objects.get(report=report).text == "哪一盏灯？"
    moves = {move.name for move in selectors.moves_of(loop.CITIZEN, Report.objects.get(pk=report.pk))}
    assert {"supplement", "comment"} <= moves
    services.report_supplement(by=loop.CITIZEN, report_id=report.pk, text="东头第三盏", part=REPORTER)
    assert WorkOrder.objects.get(pk=order.pk).state == "in_progress"
    assert selectors.status_of(Report.objects.get(pk=report.pk)) == "in_progress"


def test_satisfied_closes_and_the_answer_is_public_without_names(cast):
    report = loop.answered(cast)
    assert report.state == State.ANSWERED
    assert report.first_reply_at == report.answered_at
    report = loop.moved_by_code(report, "confirm", text="很快")
    assert report.state == State.CLOSED
    assert Rating.objects.get().is_satisfied
    public = selectors.public_detail(people.viewer(None), report.number)
    assert loop.REPLY[:10] in public["replies"][0]["text"]
    said = str(public)
    for viewer in (cast.desk, cast.handler, cast.grid):
        assert viewer.label not in said
    assert "很快" not in said
    assert [step["move"] for step in public["steps"]] == [
        *("submit", "accept", "assign", "sign", "submit", "answer", "confirm"),
    ]


def test_two_weeks_of_silence_close_and_an_appeal_stops_that(cast):
    report = loop.answered(cast)
    with clock.freeze("2026-07-14T09:00"):
        assert services.silent_expire() == 0
    with clock.freeze("2026-07-14T10:30"):
        assert services.silent_expire() == 1
    report.refresh_from_db()
    assert report.state == State.CLOSED


def test_unsatisfied_twice_then_a_supervisor_rules(cast):
    report = loop.answered(cast)
    spans, earlier = [], []
    for number in (1, 2):
        earlier.append(loop.words(report.order_id))
        report = loop.moved_by_code(report, "reopen", reason="还是不亮")
        assert (report.state, report.reopens, report.order.round) == (State.ACCEPTED, number, number + 1)
        spans.append(report.order.workdays)
        report = loop.work(cast, report)
    assert spans == [4, 4], "half of seven, rounded up"
    with pytest.raises(Conflict) as refused:
        loop.moved_by_code(report, "reopen", reason="还是不亮")
    assert refused.value.code == "reopens_used"
    earlier.append(loop.words(report.order_id))
    report = loop.moved_by_code(report, "appeal", reason="请领导看看")
    with clock.freeze("2026-09-01"):
        assert services.silent_expire() == 0, "it waits for the ruling"
    with pytest.raises(Forbidden):
        loop.move(cast.desk, report, "rule_close", reason="已经办好")
    report = loop.move(cast.supervisor, report, "rule_reopen", reason="确实没修好")
    assert (report.state, report.appealed_at, report.order.round) == (State.ACCEPTED, None, 4)
    report = loop.work(cast, report)
    assert [one.text[-60:] for one in selectors.replies_of(report)] == [*earlier, loop.words(report.order_id)]
    assert [rating.is_satisfied for rating in Rating.objects.filter(report=report)] == [False, False, False]
    assert list(history_findings()) == []


def test_a_closed_report_opens_for_thirty_days_with_new_evidence(cast):
    report = loop.moved_by_code(loop.answered(cast), "confirm")
    with pytest.raises(Conflict) as refused:
        loop.moved_by_code(report, "reopen", reason="又坏了")
    assert refused.value.code == "new_evidence"
    from tests.factories import media

    uploaded = services.photo_receive(by=loop.CITIZEN, file=_file(media.jpeg()), name="a.jpg", part=REPORTER)
    with clock.freeze("2026-08-15"), pytest.raises(Conflict) as refused:
        loop.moved_by_code(report, "reopen", reason="又坏了", photos=[uploaded.photo.token])
    assert refused.value.code == "too_late"
    report = loop.moved_by_code(report, "reopen", reason="又坏了", photos=[uploaded.photo.token])
    assert (report.state, report.closed_at) == (State.ACCEPTED, None)


def _file(data):
    import io

    return io.BytesIO(data)


# ---------------------------------------------------------------- the table


def test_versions_and_unknown_fields_are_refused(cast):
    report = loop.submit()
    with pytest.raises(Conflict) as refused:
        loop.move(cast.desk, report, "accept", category="noise", version=9)
    assert refused.value.code == "version_conflict"
    with pytest.raises(Invalid) as wrong:
        loop.move(cast.desk, report, "accept", category="noise", colour="red")
    assert wrong.value.field == "colour"


def test_admin_has_no_acts_and_hidden_ones_are_not_there(cast):
    report = loop.submit()
    admin = people.viewer(Role.ADMIN, jurisdiction=[loop.COUNTY])
    with pytest.raises(NotFound):
        loop.move(admin, report, "accept", category="noise")
    public = loop.accepted(cast)
    with pytest.raises(Forbidden):
        loop.move(loop.who(Role.GRID_MANAGER, "990521001"), public, "accept", category="noise")


def test_reading_a_contact_is_written_down(cast):
    from records.models import AuditEvent

    report = factory.report("990521003007")
    factory.reporter(report)
    assert services.contact_read(by=cast.desk, report_id=report.pk).phone == "13900001234"
    row = AuditEvent.objects.get(action="report.contact_read")
    assert (row.actor_id, row.object_id) == (cast.desk.user_id, str(report.pk))
    assert "13900001234" not in str(row.changes)
    for nobody in (cast.agent, people.viewer(None), people.viewer(Role.ADMIN, jurisdiction=[loop.COUNTY])):
        with pytest.raises(NotFound):
            services.contact_read(by=nobody, report_id=report.pk)
    Report.objects.filter(pk=report.pk).update(confidence="confidential")
    with pytest.raises(Forbidden):
        services.contact_read(by=cast.grid, report_id=report.pk)
    assert AuditEvent.objects.filter(action="report.contact_read").count() == 1


def test_dismissed_work_ends_the_report_with_a_reason(cast):
    report = loop.accepted(cast)
    order_move(by=cast.supervisor, order_id=report.order_id, move="cancel", reason="已由上级统一处理")
    report.refresh_from_db()
    assert report.state == State.REJECTED
    assert told(report, "dismiss").exists()


def test_half_of_a_loop_is_nothing(cast, monkeypatch):
    """What fails in the report undoes the order's move as well."""
    from incidents.services import effects

    report = loop.accepted(cast)

    def broken(act, *, reply):
        raise RuntimeError("boom")

    monkeypatch.setitem(effects.EFFECTS, "answer", broken)
    with pytest.raises(RuntimeError):
        loop.work(cast, report)
    order = WorkOrder.objects.get(pk=report.order_id)
    assert order.state == "review"
    assert Report.objects.get(pk=report.pk).state == State.ACCEPTED


def test_days(cast):
    report = loop.submit()
    assert report.accept_by.astimezone(clock.ZONE) == dt.datetime(2026, 7, 1, 23, 59, 59, tzinfo=clock.ZONE)
    with clock.freeze("2026-09-30"):  # the National Day holiday begins
        assert loop.submit("国庆前一天的路灯").accept_by.astimezone(clock.ZONE).date().isoformat() == "2026-10-08"


def test_places_and_kinds_are_put_right_before_acceptance(cast):
    report = loop.submit("路灯坏了，找张师傅13800138000")
    other = places.lonlat("990521003008")
    places.village("990521003008", "北村")
    report = services.report_edit(
        by=cast.desk, report_id=report.pk, category="lamp", lonlat=other, title="灯坏，电话13800138000"
    )
    assert (report.village_id, report.category.code, report.title) == ("990521003008", "lamp", "灯坏，电话****")
    report = loop.move(cast.desk, report, "accept", category="lamp")
    with pytest.raises(Conflict):
        services.report_edit(by=cast.desk, report_id=report.pk, category="noise")
    with pytest.raises(Forbidden):
        services.report_edit(by=cast.supervisor, report_id=report.pk, title="别的")
