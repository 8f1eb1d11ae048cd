"""The printable sheet of a place: what is on it, what is not, and that nothing leaves this machine for it."""

from __future__ import annotations

import datetime as dt
import io
import re
import socket
from typing import Any

import pypdf
import pytest
from django.core.cache import cache
from django.test import Client

from kernel.viewer import Role
from media.models import State
from places.models import Contact
from places.sql import base_rebuild
from portal import pace
from portal.reports import libraries, place_sheet
from portal.templatetags.pages import day
from tests.factories import facilities, media, people, places, projects

pytestmark = pytest.mark.django_db
HETANG, TOWN = "990521003007", "990521003"


@pytest.fixture(autouse=True)
def _places() -> None:
    cache.clear()  # the pace of one test is not the next one's
    places.village(HETANG, "荷塘村", name_en="Hetang Village", households=412, population=1286)
    places.village("990521003008", "星桥村")
    places.contact(places.township(TOWN), "监督热线", "0572-0308 0355", kind=Contact.Kind.SUPERVISION)
    places.contact(places.village(HETANG), "荷塘村代办员", "0572-0255 7822", duty="可以上门代办")


def get(path: str, client: Client | None = None, **headers: str) -> Any:
    return (client or Client()).get(path, headers=headers)


def read(path: str, client: Client | None = None) -> pypdf.PdfReader:
    answer = get(path, client)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.content[:200]
    return pypdf.PdfReader(io.BytesIO(answer.content))


def text_of(pdf: pypdf.PdfReader) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pdf.pages))


def test_a_sheet_says_whom_to_call_and_how_far_the_works_are() -> None:
    work = projects.project(status="late", supervision_phone="0572-0443 7965")
    projects.progress(work)
    projects.project_photo(work, photo=media.photo(), caption="管沟开挖")
    base_rebuild("990521")
    facilities.facility(name="文化广场公厕")
    text = text_of(read(f"/village/{HETANG}.pdf"))
    for said in ("荷塘村", "石桥镇", "412户", "0572-04437965", "0572-03080355", "0572-02557822", "荷塘村代办员"):
        assert said in text
    for said in ("供水管网改造", "滞后", "管道铺设率", "管沟开挖", "文化广场公厕", "审图号：未配置，仅供内部测试"):
        assert said in text
    assert "星桥村" in text, "neighbours are named on the map"


def test_the_approval_number_and_the_warnings_are_on_it() -> None:
    county = places.county()
    county.approval_number, county.is_demo, county.cells_illustrative = "GS(2026)0001号", True, True
    county.save()
    text = text_of(read(f"/village/{HETANG}.pdf"))
    assert "审图号：GS(2026)0001号" in text
    for said in ("演示数据", "示意网格", "村界为示意，不作划界依据"):
        assert said in text


def test_in_english() -> None:
    text = text_of(read(f"/village/{HETANG}.pdf?lang=en"))
    assert "HetangVillage" in text
    assert "412households" in text


def test_nothing_leaves_this_machine_for_a_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was opened")

    projects.project_photo(projects.project(), photo=media.photo(), caption="<img src='http://example.org/x.png'>")
    sheet = place_sheet.place_sheet("990521", HETANG, "http://testserver/village/x")
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    html = sheet.html(place_sheet.SHOWN[0])
    monkeypatch.setattr(place_sheet.Sheet, "html", lambda _self, _shown: html + FOREIGN)
    pdf = pypdf.PdfReader(io.BytesIO(sheet.pdf()))
    assert "root:" not in text_of(pdf)
    assert len({image.name for page in pdf.pages for image in page.images}) == 1


FOREIGN = (
    "<img src='http://example.org/a.png'><link rel='stylesheet' href='https://example.org/a.css'>"
    "<img src='file:///etc/passwd'><a rel='attachment' href='file:///etc/passwd'>x</a>"
    "<img src='sheet:/media/p/aa/../../secret'><img src='//example.org/b.png'><img src='data:image/png;base64,AAAA'>"
)


@pytest.mark.parametrize("role", people.ROLES)
def test_what_is_hidden_is_on_nobodys_sheet(role: Role | None) -> None:
    places.contact(places.village(HETANG), "内部", "0572-0999 0000", is_published=False, mobile="13912345678")
    hidden = projects.project(name="未公开的工程")
    hidden.is_published = False
    hidden.save()
    projects.project_photo(projects.project(), photo=media.photo(state=State.HIDDEN), caption="被隐藏的照片")
    client = Client()
    if role:
        client.force_login(people.user(role, jurisdiction=["990521"]))
    text = text_of(read(f"/village/{HETANG}.pdf", client))
    for secret in ("0572-09990000", "13912345678", "未公开的工程", "被隐藏的照片"):
        assert secret not in text


@pytest.mark.parametrize("path", ["/village/990521003099.pdf", "/village/110101003007.pdf", "/village/x.pdf"])
def test_a_sheet_of_nothing_is_a_404_in_the_one_shape(path: str) -> None:
    answer = get(path, accept="application/json")
    assert answer.status_code == 404
    assert answer.json()["code"] in ("unknown_place", "unknown_county")


def test_strict_parameters_and_methods() -> None:
    assert get(f"/village/{HETANG}.pdf?size=a3").json()["code"] == "unknown_parameter"
    assert Client().post(f"/village/{HETANG}.pdf").status_code in (403, 405)


@pytest.mark.parametrize(
    "name", ["O'Neil & <b>村</b>", "很长很长的名字" * 8, "a" * 60, "新疆维吾尔自治区石河子市北泉镇社区"]
)
def test_names_of_any_kind_fit(name: str) -> None:
    places.village("990521003009", name[:60])
    pdf = read("/village/990521003009.pdf")
    assert re.sub(r"\s+", "", name[:60]) in text_of(pdf)
    assert len(pdf.pages) <= 2


@pytest.mark.parametrize("code", ["990521", TOWN])
def test_townships_and_the_county_have_one_too(code: str) -> None:
    assert len(read(f"/village/{code}.pdf").pages) <= 2


def test_a_full_village_fits_on_two_pages() -> None:
    for at in range(9):
        work = projects.project(name=f"第{at}项工程" + "很长的名字" * 4, supervision_phone=f"0572-0443 {at:04}")
        projects.progress(work)
        projects.project_photo(work, photo=media.photo(), caption="压路机压实路面" * 3)
        projects.notice(work, title=f"第{at}号公示")
        facilities.facility(name=f"第{at}号公厕")
        places.contact(places.village(HETANG), f"第{at}网格员", f"0572-0255 {at:04}", duty="路灯、井盖、垃圾、积水")
    assert len(read(f"/village/{HETANG}.pdf").pages) == 2


def test_it_is_kept_until_something_changes() -> None:
    first = get(f"/village/{HETANG}.pdf")
    assert first.headers["Cache-Control"] == "public, no-cache"
    tag = first.headers["ETag"]
    again = get(f"/village/{HETANG}.pdf", **{"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert get(f"/village/{HETANG}.pdf?lang=en").headers["ETag"] != tag
    places.contact(places.village(HETANG), "网格员", "0572-0458 0029")
    assert get(f"/village/{HETANG}.pdf", **{"if-none-match": tag}).status_code == 200


def test_its_name_is_the_villages() -> None:
    said = get(f"/village/{HETANG}.pdf").headers["Content-Disposition"]
    assert said.startswith("inline; filename*=utf-8''%E8%8D%B7%E5%A1%98%E6%9D%91-")


def test_one_address_gets_so_many_in_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_sheet.Sheet, "pdf", lambda _self: b"%PDF-")
    codes = [get(f"/village/{HETANG}.pdf").status_code for _ in range(21)]
    assert codes == [200] * 20 + [429]
    refused = get(f"/village/{HETANG}.pdf")
    assert refused.json()["code"] == "throttled"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    other = Client(REMOTE_ADDR="192.0.2.7").get(f"/village/{HETANG}.pdf")
    assert other.status_code == 200


def test_what_costs_nothing_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace.SheetPace, "rate", "2/min")
    monkeypatch.setattr(place_sheet.Sheet, "pdf", lambda _self: b"%PDF-")
    tag = get(f"/village/{HETANG}.pdf").headers["ETag"]
    for _ in range(3):
        assert get(f"/village/{HETANG}.pdf", **{"if-none-match": tag}).status_code == 304
        assert get("/village/990521003099.pdf").status_code == 404
    assert [get(f"/village/{HETANG}.pdf").status_code for _ in range(2)] == [200, 429]


def test_one_is_made_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_sheet, "WAIT_S", 0.01)
    with place_sheet._turn:
        refused = get(f"/village/{HETANG}.pdf")
    assert (refused.status_code, refused.json()["code"]) == (503, "pdf_busy")
    assert refused.headers["Retry-After"] == "8"
    assert get(f"/village/{HETANG}.pdf").status_code == 200


def test_few_wait_for_their_turn_so_that_others_get_their_pages() -> None:
    busy = [place_sheet._asking.acquire(blocking=False) for _ in range(place_sheet.MOST_ASKING)]
    try:
        assert all(busy), "whoever was refused above has left the queue"
        refused = get(f"/village/{HETANG}.pdf")
        as_page = get(f"/village/{HETANG}.pdf", accept="text/html")
    finally:
        for _ in busy:
            place_sheet._asking.release()
    assert (refused.status_code, refused.json()["code"]) == (503, "pdf_busy")
    assert (as_page.status_code, as_page.headers["Retry-After"]) == (503, refused.headers["Retry-After"])
    assert get(f"/village/{HETANG}.pdf").status_code == 200


def test_without_the_libraries_everything_else_works(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    monkeypatch.setattr(libraries, "_opens", lambda name: False)
    settings.PANGO_ROOT = tmp_path
    refused = get(f"/village/{HETANG}.pdf")
    assert (refused.status_code, refused.json()["code"]) == (503, "pdf_unavailable")
    assert get(f"/village/{HETANG}").status_code == 200


def test_a_moment_is_dated_in_china() -> None:
    assert day(dt.datetime(2026, 6, 29, 20, tzinfo=dt.UTC)) == "2026年6月30日"
