"""The guards one by one, through the services, and replies that say nothing."""

from __future__ import annotations

import pytest

from dispatch.models import HandBack, WorkOrder
from dispatch.states import template_of
from kernel import clock
from kernel.errors import DomainError
from kernel.viewer import Role
from tests.factories import dispatch as make

BACK = {"reason": "不归我单位管", "evidence": "图上是县道"}


def refused(code, *args, **given):
    with pytest.raises(DomainError) as caught:
        make.move(*args, **given)
    assert caught.value.code == code
    return caught.value


@pytest.mark.django_db
def test_no_ping_pong(office):
    order = make.move(office.supervisor, office.in_state("returned"), "allow_return")
    assert order.lead_unit_id is None
    due = order.due_at
    with pytest.raises(DomainError, match="没有这张工单"):  # it is nothing to the unit any more
        make.move(office.handler, order, "sign")
    make.move(office.desk, order, "assign", unit=office.unit.pk)
    refused("returned_before", office.handler, order, "hand_back", **BACK)
    WorkOrder.objects.filter(pk=order.pk).update(lead_unit=office.other)
    order = make.move(office.rival, order, "hand_back", **BACK)
    refused("arbitrate", office.supervisor, order, "allow_return")
    order = make.move(office.supervisor, order, "arbitrate", unit=office.unit.pk, reason="职责清单第三条")
    assert refused("binding", office.handler, order, "hand_back", **BACK).status == 409
    assert order.due_at == due, "the clock has run all the time"
    outcomes = HandBack.objects.order_by("pk").values_list("unit", "outcome", "binding_unit")
    assert list(outcomes) == [
        (office.unit.pk, "allowed", None),
        (office.other.pk, "arbitrated", office.unit.pk),
    ]


@pytest.mark.django_db
def test_one_extension_before_due_and_no_longer_than_the_length(office):
    order = office.in_state("in_progress")
    refused("extension_length", office.handler, order, "extend", workdays=8, reason="等配件")
    with clock.freeze("2026-07-10"):
        refused("past_due", office.handler, order, "extend", workdays=2, reason="等配件")
    make.move(office.handler, order, "extend", workdays=7, reason="等配件")
    refused("extension_length", office.supervisor, order, "grant", workdays=8)
    assert make.move(office.supervisor, order, "grant", workdays=2).workdays == 9
    refused("extension_used", office.handler, order, "extend", workdays=1, reason="再等")
    refused("no_extension", office.supervisor, order, "grant")


@pytest.mark.django_db
def test_two_questions_together_with_the_reports_own(office):
    order = office.in_state("in_progress", questions=1)
    make.move(office.handler, order, "ask", question="哪一盏？")
    make.move(office.handler, order, "resume")
    refused("pauses_used", office.handler, order, "ask", question="还有呢？")


@pytest.mark.django_db
def test_tasks_run_by_the_clock_of_their_order_which_waits_for_them(office):
    order = make.move(office.desk, office.in_state("in_progress"), "child", unit=office.other.pk, title="封道")
    task = order.children.get()
    refused("open_children", office.handler, order, "submit", reply=make.reply(), reason_code="no_site")
    refused("not_your_unit", office.handler, task, "sign")
    make.move(office.rival, task, "sign")
    refused("is_child", office.rival, task, "ask", question="？")
    refused("is_child", office.rival, task, "extend", workdays=1, reason="等")
    refused("is_child", office.desk, task, "child", unit=office.unit.pk, title="再分")
    make.move(office.rival, task, "submit", reply=make.reply(), reason_code="no_site")
    make.move(office.supervisor, task, "approve", checklist=make.CHECKLIST)
    assert make.move(office.handler, order, "submit", reply=make.reply(), reason_code="no_site").state == "review"


@pytest.mark.django_db
def test_nobody_reviews_the_own_work(office):
    order = office.in_state("review")
    WorkOrder.objects.filter(pk=order.pk).update(submitted_by=office.desk.user_id)
    found = refused("own_work", office.desk, order, "approve", checklist=make.CHECKLIST)
    assert found.status == 403
    refused("checklist", office.supervisor, order, "approve", checklist=make.CHECKLIST[1:])
    refused("role_may_not", make.who(Role.GRID_MANAGER, office.unit), order, "approve", checklist=make.CHECKLIST)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given, code",
    [
        ({"reply": "已处理完毕，感谢您的支持。", "reason_code": "no_site"}, "template_only"),
        ({"reply": "到现场更换灯头两只，重新接线，当晚亮灯。"}, "no_evidence"),
        ({"reply": "到现场更换灯头两只，重新接线，当晚亮灯。", "photos": [987654]}, "unknown_file"),
        ({"reply": "到现场更换灯头两只，重新接线，当晚亮灯。", "reason_code": "lazy"}, "unknown_reason"),
    ],
)
def test_replies_that_are_refused(office, given, code):
    refused(code, office.handler, office.in_state("in_progress"), "submit", **given)


@pytest.mark.parametrize(
    "text, found",
    [
        ("已办理。", "short"),
        ("尊敬的张先生，您好！2026年6月30日上午9点。", "short"),
        ("您好，您反映的问题已收悉，我单位高度重视，已安排工作人员处理，感谢您的理解与支持。", "stock"),
        ("尊敬的市民：经核实，您反映的情况属实。下一步我单位将加强管理，祝您生活愉快！", "stock"),
        ("Dear resident, the matter has been handled. Thank you for your understanding and support.", "stock"),
        ("您反映的问题已收悉，已处理完毕，感谢您的关注与支持。", "stock"),
        ("经了解，我局已联系相关部门到现场进行核查，将持续跟进，如您还有其他疑问欢迎来电。", "stock"),
        ("该问题现已按程序办理完毕。若仍有其他问题，请与我们联系。祝您身体健康！", "stock"),
        ("The issue has been resolved. Thank you for your patience, best regards.", "stock"),
        ("6月30日到荷塘村现场，更换灯头2只并重新接线，当晚亮灯。", ""),
        ("已更换灯泡，今晚亮灯", ""),
        ("感谢来电。已安排人员到现场清淤 3 方，雨后复查不再积水，问题已解决。", ""),
        ("感谢您的理解与支持。水压低是因为阀门没有全开，已经拧开，回测 0.28 兆帕。", ""),
    ],
)
def test_templates(text, found):
    assert template_of(text) == found


def test_the_same_reply_with_other_names_and_numbers_is_the_same():
    before = [(7, "6月1日到荷塘村现场，更换灯头2只并重新接线，当晚亮灯，已回访李女士。")]
    now = "7月12日到上柳村现场，更换灯头5只并重新接线，当晚亮灯，已回访王先生。"
    assert template_of(now, before, names=["荷塘村", "上柳村"]) == "same_as:7"
    assert template_of("接线盒进水，已换防水盒，并把电缆埋深到半米。", before) == ""
