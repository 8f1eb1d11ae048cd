"""Who chooses what is not there hears what is: in the words that people see, with the codes that programs send."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from imagery.selectors.queue import queue_filter
from kernel.errors import Invalid
from kernel.viewer import Role
from tests.factories import imagery as make
from tests.factories import people, places

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    client = Client()
    client.force_login(people.user(Role.OFFICIAL, jurisdiction=(places.COUNTY,)), "accounts.backends.Backend")
    return client


@pytest.mark.parametrize(
    "path, field, zh, en",
    [
        (
            "points/?kind=x",
            "kind",
            "“类型（kind）”只能是：建筑（building）、",
            "(kind)” must be one of: ",
        ),
        ("points/?state=x", "state", "“状态（state）”只能是：检出（detected）、", "(detected), "),
        ("points/?said=x&reviewer=1", "said", "判读（reviews）、撤销（undone）", "(reviews), "),
        ("queue/?kind=x", "kind", "“类型（kind）”只能是：建筑（building）、", "Building (building), "),
        ("queue/?state=confirmed", "state", "待核查（queued）、待复核（second_review）。", "(second_review)"),
        ("queue/?place=x", "place", "地方代码、不在任何村内（none）", "(none)"),
        ("queue/?gone=no", "gone", "是（yes）", "(yes)"),
        ("queue/?min_m2=x", "min_m2", "（min_m2）”要是 0 到", "(min_m2)"),
        ("queue/?since=0001-01-01", "since", "“检出日期（since）”要写成", "(since)"),
        ("queue/?place=" + ",".join(["1"] * 51), "place", "最多选 50 项", "50"),
        ("statistics?by=x", "by", "乡镇（township）、村（village）", "(township)"),
    ],
)
def test_filters(reader, path, field, zh, en):
    for language, said in (("zh", zh), ("en", en)):
        answer = reader.get(f"/api/imagery/{path}&lang={language}")
        error = answer.json()
        assert (answer.status_code, error["field"]) == (400, field)
        assert said in error["message"], (language, error["message"])
        assert language == "zh" or not any("一" <= sign <= "鿿" for sign in error["message"]), error["message"]


@pytest.mark.parametrize(
    "act, field, given, said",
    [
        ("review", "verdict", "x", "“结论（verdict）”只能是：有变化（change）、没变化（no_change）、"),
        ("review", "kind", "x", "“类型（kind）”只能是：建筑（building）、"),
        ("find", "finding", "x", "“结果（finding）”只能是：合法（legal）、违法（illegal）、没有变化（no_change）。"),
    ],
)
def test_bodies(reader, act, field, given, said):
    body: dict[str, Any] = (
        {"client_id": str(uuid.uuid4()), "version": 1, "verdict": "change"} if act == "review" else {}
    )
    answer = reader.post(
        f"/api/imagery/points/{make.point().pk}:{act}", body | {field: given}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "invalid", field)
    assert said in answer.json()["message"]


def test_a_saved_filter_of_another_time_is_refused_as_an_address_is():
    with pytest.raises(Invalid, match="类型"):
        queue_filter({"kind": "barn"})
