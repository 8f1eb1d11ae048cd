"""Proposals of a county: by its own model, by the shipped one, by words; kept with the report; learned by command."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from incidents.models import Report, TextHelp
from incidents.services import text_help_set
from incidents.text import Reason, propose, store
from incidents.text.model import CorruptModel, from_bytes, version_of
from kernel.viewer import Viewer
from records.models import AuditEvent
from tests.factories import incidents, places
from tests.incidents.text.conftest import AND_SO, SAID

pytestmark = pytest.mark.django_db
ADMIN = Viewer(county=places.COUNTY, label="command")


@pytest.fixture(autouse=True)
def _empty():
    store._own.cache_clear()
    store._shipped.cache_clear()
    store._names.clear()
    yield
    store._own.cache_clear()
    store._shipped.cache_clear()
    store._names.clear()


@pytest.fixture
def own(village, trained):
    """The county of ``village``, served by the model of the history."""
    return text_help_set(by=ADMIN, data=trained.to_bytes())


def test_own_model_proposes_and_says_why(own):
    found = propose(places.COUNTY, "荷塘村口的路灯一闪一闪，走路看不见")
    assert found.category_code == "lamp"
    assert found.confidence > 0.9
    assert (found.model_version, found.is_own) == (own.version, True)
    assert len(found.reasons) <= 4
    history = [reason for reason in found.reasons if reason.kind == "history"]
    assert history
    assert all(reason.count >= 3 and len(reason.word) >= 2 for reason in history)
    assert found.is_urgent is any(reason.kind in ("urgent", "pattern") for reason in found.reasons)


def test_words_of_danger_are_urgent_whatever_the_model_says(own):
    found = propose(places.COUNTY, "灯杆漏电")
    assert found.is_urgent
    assert Reason("urgent", "漏电") in found.reasons


def test_kinds_out_of_use_are_never_proposed(own):
    incidents.category("lamp").delete()
    found = propose(places.COUNTY, "路灯不亮")
    assert "lamp" not in {found.category_code, *(one.code for one in found.others)}


def test_a_kind_that_the_model_never_saw_is_found_by_its_words(own):
    incidents.category("swan", title="天鹅", words="天鹅 黑天鹅 湿地")
    found = propose(places.COUNTY, "湿地里的黑天鹅受伤了")
    assert "swan" in {found.category_code, *(one.code for one in found.others)}


@pytest.mark.parametrize("text", ["", "12345", "hello", "😀"])
def test_a_text_that_tells_nothing(own, text):
    found = propose(places.COUNTY, text)
    assert (found.category_code, found.confidence, found.is_sure, found.others) == ("", 0.0, False, ())


def test_a_county_without_history_is_served_by_the_shipped_model(village):
    incidents.category("pothole", title="路面破损", words="坑 路面")
    found = propose(places.COUNTY, "村口的路面塌了一个坑，有老人绊倒了")
    assert (found.category_code, found.is_own) == ("pothole", False)
    assert found.model_version == version_of(store.SHIPPED.read_bytes())


def test_without_common_kinds_words_decide_nothing_surely(village):
    incidents.category("lamp").delete()
    incidents.category("noise").delete()
    incidents.category("swan", title="天鹅", words="天鹅")
    found = propose(places.COUNTY, "这里有天鹅")
    assert (found.category_code, found.model_version, found.is_sure) == ("swan", "words", False)
    assert found.reasons == (Reason("word", "天鹅"),)


def test_a_broken_row_is_told_and_the_shipped_model_serves(own, caplog):
    TextHelp.objects.update(data=bytes(own.data)[:-40])
    found = propose(places.COUNTY, "路灯不亮")
    assert (found.category_code, found.is_own) == ("lamp", False)
    assert "Train again" in caplog.text


def test_a_broken_file_leaves_words(village, caplog, tmp_path, monkeypatch):
    broken = tmp_path / "shipped.npz"
    broken.write_bytes(b"no model")
    monkeypatch.setattr(store, "SHIPPED", broken)
    found = propose(places.COUNTY, "路灯不亮")
    assert (found.category_code, found.model_version) == ("lamp", "words")
    assert "cannot be read" in caplog.text


def test_a_broken_model_is_refused_and_the_one_before_stays(own):
    with pytest.raises(CorruptModel):
        text_help_set(by=ADMIN, data=b"no model")
    assert TextHelp.objects.get().version == own.version


def test_cost_of_a_proposal(own, django_assert_num_queries):
    propose(places.COUNTY, "路灯不亮")
    with django_assert_num_queries(2):
        propose(places.COUNTY, "路灯不亮")


def test_a_new_model_serves_at_once(own, trained):
    assert propose(places.COUNTY, "路灯不亮").model_version == own.version
    other = from_bytes(trained.to_bytes())
    object.__setattr__(other, "threshold", 0.123)
    made = text_help_set(by=ADMIN, data=other.to_bytes())
    assert made.version != own.version
    assert propose(places.COUNTY, "路灯不亮").model_version == made.version
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["texthelp.set"] * 2


def test_the_report_keeps_what_was_proposed(own):
    lon, lat = places.lonlat("990521003007001")
    body = {"lon": lon, "lat": lat, "text": "路灯不亮，走路看不见"}
    asked = Client().post("/api/incidents/proposals", {"text": body["text"]}, content_type="application/json").json()
    assert asked["category"]["code"] == "lamp"
    assert set(asked["reasons"][0]) == {"kind", "word", "count"}
    assert Client().post("/api/incidents/", json.dumps(body), content_type="application/json").status_code == 201
    kept = Report.objects.get().proposal
    assert kept["category"]["code"] == "lamp"
    assert kept["category"]["confidence"] == asked["category"]["confidence"]
    assert (kept["model_version"], kept["is_own"]) == (own.version, True)


def decided(**fields):
    """Reports of the history, decided by the desk."""
    kinds = {code: incidents.category(code) for code in SAID}
    for code, sentences in SAID.items():
        for said in sentences:
            for so in AND_SO:
                incidents.report(category=kinds[code], text=f"{said}，{so}", **fields)


def test_the_command_learns_from_what_people_decided(village):
    decided()
    canary = "钱大壮家的秘密"
    for _ in range(2):
        incidents.report(text=f"路灯不亮，{canary}", category=incidents.category("lamp"))
    for _ in range(5):
        incidents.report(text="保密人说的话", confidence="confidential")
        incidents.report(text="没有人看过的分类", proposal={"by": "system"})
        incidents.report(text="还没有受理的事", state="submitted")
    out = io.StringIO()
    call_command("train_text_help", county=places.COUNTY, stdout=out)
    row = TextHelp.objects.get()
    assert re.search(rf"model +accuracy 0\.\d+.*version {row.version}", out.getvalue(), re.DOTALL)
    assert row.figures["reports"] == 98
    text = "".join(from_bytes(bytes(row.data)).features)
    for never in ("钱大", "秘密", "保密", "没有人看", "受理"):
        assert never not in text, never
    assert propose(places.COUNTY, "路灯一闪一闪").model_version == row.version


def test_the_command_writes_a_file_and_changes_nothing(village, tmp_path):
    decided()
    target = tmp_path / "model.npz"
    call_command("train_text_help", county=places.COUNTY, out=target, stdout=io.StringIO())
    assert from_bytes(target.read_bytes()).classes == ("lamp", "noise")
    assert not TextHelp.objects.exists()


@pytest.mark.parametrize("county, said", [("000000", "no county"), (places.COUNTY, "at least 50")])
def test_the_command_refuses(village, county, said):
    with pytest.raises(CommandError, match=said):
        call_command("train_text_help", county=county, stdout=io.StringIO())
