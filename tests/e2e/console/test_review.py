"""The workbench of change points: one key is a verdict and the next point, and Z takes it back."""

from __future__ import annotations

import re

import geopandas
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from accounts.selectors import viewer_of
from dispatch.models import WorkOrder
from imagery.models import ChangePoint, Review
from imagery.states import needs_second
from kernel.viewer import Role
from tests.browser import DESKTOP, PHONE
from tests.e2e import accessible
from tests.e2e.console.office import DOCUMENT
from tests.factories import dispatch, media, people, places
from tests.factories import imagery as make
from tests.imagery.conftest import say


def opened(console, live_site, viewport=DESKTOP, query=""):
    official = people.user(Role.OFFICIAL, jurisdiction=(places.COUNTY,))
    page = console(official, viewport=viewport, bypass_csp=True)
    refused = []
    page.on("response", lambda answer: answer.status >= 400 and refused.append(answer.url))
    page.goto(f"{live_site.url}/review{query}")
    return page, official, refused


def test_points_are_judged_by_keys(found, console, live_site):
    page, official, refused = opened(console, live_site)
    first, second, third = (str(point) for point in found[:3])
    title, queue = page.locator(".vdh h2"), page.locator(".rqh h1")
    expect(title).to_contain_text(first)
    expect(queue).to_have_text(f"待核查 {len(found)}")
    picture = page.locator(".leaflet-after-pane .chip-picture")
    expect(picture).not_to_have_js_property("naturalWidth", 0)  # "complete" is one without an address, too
    assert picture.evaluate("image => image.naturalWidth") > 100
    assert accessible.faults(page) == []

    page.keyboard.press("2")
    page.keyboard.press("j")
    expect(title).to_contain_text(second)  # at once; the next key may come before the server has answered
    page.wait_for_timeout(250)  # sooner nobody has seen it
    page.keyboard.press("k")
    expect(title).to_contain_text(third)
    expect(page.locator(".rqh")).to_contain_text("今天已看 2 个")
    said = Review.objects.order_by("pk").values_list("point_id", "verdict", "kind")
    assert list(said) == [(found[0].pk, "change", "bare"), (found[1].pk, "no_change", found[1].kind)]
    page.keyboard.press("z")
    expect(title).to_contain_text(second)
    expect(queue).to_have_text(f"待核查 {len(found) - 1}")
    expect(page.locator(".rqh")).to_contain_text("今天已看 1 个")
    assert ChangePoint.objects.get(pk=found[1].pk).claimed_by == official
    page.keyboard.press("n")
    expect(title).to_contain_text(third)

    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="闪烁")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".tagb")).to_contain_text("前")
    page.keyboard.press(" ")
    expect(page.locator(".tagb")).to_contain_text("后")
    page.get_by_role("button", name="卷帘").click()
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile("cmp=60"))
    page.get_by_role("button", name="并排").click()
    expect(page.locator(".pairs img")).to_have_count(2)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="全部按键")).to_be_visible()
    page.keyboard.press("Escape")

    several_are_tried_judged_and_taken_back(page, found[2:])
    figures_open_their_points(page)
    assert refused == []


def several_are_tried_judged_and_taken_back(page, waiting):
    page.get_by_role("button", name="批量判定").click()
    first, last = (page.locator(".qi", has_text=str(point)) for point in (waiting[0], waiting[-1]))
    first.click()
    last.click(modifiers=["Shift"])
    expect(page.locator(".vdh h2")).to_have_text(f"选了 {len(waiting)} 个")
    page.locator(".lasso").drag_to(page.locator(".lasso"), source_position={"x": 5, "y": 5})
    box = page.locator(".lasso").bounding_box()
    corners = [(5, 5), (box["width"] - 5, 5), (box["width"] - 5, box["height"] - 5), (5, box["height"] - 5)]
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    for x, y in corners[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.up()
    rows = page.locator(".rq .qi").count()
    expect(page.locator(".vdh h2")).to_have_text(f"选了 {rows} 个")
    page.locator(".vda").get_by_role("button", name="有变化").click()
    expect(page.locator(".outcome")).to_contain_text("如果都判“有变化”")
    before = Review.objects.count()
    page.get_by_role("button", name=f"确定，判 {rows} 个").click()
    expect(page.locator(".outcome")).to_contain_text("已判定")
    assert Review.objects.count() == before + rows
    assert accessible.faults(page) == []
    page.get_by_role("button", name="撤销这一批").click()
    expect(page.locator(".rq .qi")).to_have_count(rows)
    page.get_by_role("button", name="批量判定").click()


def figures_open_their_points(page):
    page.get_by_role("button", name="统计", exact=True).click()
    page.get_by_role("button", name=re.compile("^合计 检出")).click()
    line = page.locator(".figrows li button").first
    name = line.locator("b").inner_text().split(" ")[0]
    assert accessible.faults(page) == []
    line.click()
    expect(page.locator(".vdh h2")).to_contain_text(name)
    page.get_by_role("button", name="比对", exact=True).click()
    expect(page.locator(".run")).to_contain_text("完成")
    expect(page.locator(".run")).to_contain_text(f"2025-09-11 → 2026-03-08 #{ChangePoint.objects.latest('pk').run_id}")
    expect(page.get_by_label("前一景").locator("option")).to_have_text(
        ["请选择", "2026-03-08 demo 10 米", "2025-09-11 demo 10 米"]
    )
    for label in ("前一景", "后一景"):
        page.get_by_label(label).select_option(index=2 if label == "前一景" else 1)
    page.get_by_label("方法").select_option("cva")
    page.get_by_role("button", name="开始比对").click()
    expect(page.locator(".run")).to_have_count(2)
    page.get_by_role("button", name=re.compile("^取消")).click()
    expect(page.locator(".run").first).to_contain_text("取消")
    expect(page.get_by_role("button", name=re.compile("^接着做"))).to_be_visible()
    assert accessible.faults(page) == []


def test_a_supervisor_decides_between_two_verdicts(found, console, live_site):
    point = next(one for one in found if needs_second(one.area_m2, one.redline_m2, one.number))
    say(make.who(name="甲"), point, "change")
    say(make.who(name="乙"), point, "no_change")
    page = console(people.user(Role.SUPERVISOR, jurisdiction=(places.COUNTY,)), viewport=PHONE, bypass_csp=True)
    page.goto(f"{live_site.url}/review")
    expect(page.locator(".vdh h2")).to_contain_text(str(point))
    expect(page.locator(".said")).to_have_count(2)
    expect(page.locator(".saids")).to_contain_text("甲")
    assert accessible.faults(page) == []
    page.get_by_label("理由").fill("看得出新房")
    page.get_by_role("button", name="裁定有变化").click()
    expect(page.locator(".vdh .status")).to_have_text("有变化")
    expect(page.locator(".past")).to_contain_text("裁定有变化")


def test_filters_say_not_and_are_kept_in_the_address(found, console, live_site):
    kinds = {point.kind for point in found}
    page, _official, refused = opened(console, live_site, PHONE, "?f=points.kind:!bare&lang=en")
    rest = sum(point.kind != "bare" for point in found)
    assert {"bare", "water"} <= kinds
    expect(page.locator(".vdh h2")).to_contain_text("YG-")
    page.locator(".rqd > summary").click()
    expect(page.locator(".rqh h1")).to_have_text(f"To review {rest}")
    page.get_by_role("button", name="Remove the filter: Not: Bare soil").click()
    expect(page.locator(".rqh h1")).to_have_text(f"To review {len(found)}")
    page.get_by_label("What comes first").select_option("near")
    expect(page.locator(".qi").first).to_have_attribute("aria-current", "true")
    assert accessible.faults(page) == []
    page.locator(".rqd > summary").click()
    expect(page.locator(".vda")).to_be_visible()
    assert accessible.faults(page) == []
    assert refused == []


def press(page, name):
    """By keys alone."""
    button = page.locator(".vd").get_by_role("button", name=name)
    expect(button).to_be_enabled()
    button.press("Enter")


def becomes(page, text):
    expect(page.locator(".vd")).to_contain_text(text)


def signed_in(page, live_site, user):
    client = Client()
    client.force_login(user)
    own = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([own | {"url": live_site.url}])


@pytest.mark.parametrize(
    "form, crs, epsg",
    [("GeoPackage", "CGCS2000 经纬度", 4490), ("Shapefile（GBK）", "CGCS2000 高斯投影（米）", 4549)],
)
def test_what_the_filter_shows_is_what_the_file_has(found, console, live_site, tmp_path, form, crs, epsg):
    page, official, refused = opened(console, live_site, query="?f=points.kind:!bare")
    rest = {str(point) for point in found if point.kind != "bare"}
    aside = next(point for point in found if point.kind == "bare")
    page.get_by_text(f"导出这 {len(rest)} 个").click()
    page.get_by_label("格式").select_option(form)
    expect(page.get_by_text("文字最多 254 字节")).to_have_count(int(form.startswith("Shapefile")))
    page.get_by_label("坐标系").select_option(crs)
    assert accessible.faults(page) == []
    with page.expect_download() as waited:
        page.get_by_role("link", name="下载").click()
    file = tmp_path / waited.value.suggested_filename
    waited.value.save_as(file)
    rows = geopandas.read_file(file)
    assert (set(rows["number"]), rows.crs.to_epsg()) == (rest, epsg)
    say(viewer_of(official, places.COUNTY), aside, "no_change")
    page.goto(f"{live_site.url}/review?v=cases&of={ChangePoint.objects.get(pk=aside.pk).state}")
    page.get_by_text("导出这 1 个").click()
    page.get_by_label("格式").select_option("CSV 表格")
    with page.expect_download() as waited:
        page.get_by_role("link", name="下载").click()
    text = waited.value.path().read_text(encoding="utf-8-sig")
    assert (text.count("YG-"), str(aside) in text) == (1, True)
    assert refused == []


def test_a_case_is_sent_found_put_right_and_accepted_by_buttons(found, office, console, live_site):
    first, second = found[:2]
    ChangePoint.objects.filter(pk=first.pk).update(state="confirmed")
    ChangePoint.objects.filter(pk=second.pk).update(state="found_illegal")
    page, _official, refused = opened(console, live_site, query=f"?v=cases&sel=points:{first.pk}")
    page.get_by_label("承办单位").select_option("水利局")
    press(page, "去实地看")
    becomes(page, "还没有人到过实地")
    assert WorkOrder.objects.get().lead_unit == office.unit
    page.get_by_label("核查结果").select_option("合法")
    expect(page.get_by_role("button", name="填写核查结果")).to_be_disabled()
    with page.expect_file_chooser() as chooser:
        page.get_by_text("上传依据文件").click()
    chooser.value.set_files(DOCUMENT)
    becomes(page, DOCUMENT["name"])
    assert accessible.faults(page) == []
    press(page, "填写核查结果")
    becomes(page, "认定：合法")
    first.refresh_from_db()
    assert (first.finding, first.basis.name) == ("legal", DOCUMENT["name"])
    assert page.get_by_role("link", name=DOCUMENT["name"]).get_attribute("href").startswith("/media/")

    page.goto(f"{live_site.url}/review?v=cases&sel=points:{second.pk}")
    page.get_by_label("承办单位").select_option("水利局")
    press(page, "责令整改")
    becomes(page, "不能验收自己经手的整改。")
    second.refresh_from_db()
    assert (second.state, second.order.lead_unit) == ("rectifying", office.unit)
    handler = viewer_of(office.handler, places.COUNTY)
    dispatch.move(handler, second.order, "sign")
    proof = media.photo(handler, data=media.jpeg((40, 30), comment=b"proof"))
    dispatch.move(
        handler,
        second.order,
        "submit",
        reply="已拆除二层砌体，清运建筑垃圾三车，场地平整后恢复耕种。",
        photos=[proof.pk],
    )
    signed_in(page, live_site, office.supervisor)
    page.reload()
    becomes(page, "整改工单还没有办完。")
    supervisor = viewer_of(office.supervisor, places.COUNTY)
    dispatch.move(supervisor, second.order, "approve", checklist=dispatch.CHECKLIST)
    page.reload()
    expect(page.get_by_role("button", name="验收不通过")).to_be_disabled()
    page.get_by_label("理由").fill("地基还在")
    press(page, "验收不通过")
    expect(page.locator(".vdh .status")).to_have_text("违法")
    ChangePoint.objects.filter(pk=second.pk).update(state="rectifying")
    page.reload()
    press(page, "验收销号")
    expect(page.locator(".vdh .status")).to_have_text("已销号")
    second.refresh_from_db()
    assert second.state == "verified_closed"
    assert refused == []


def test_a_long_list_of_cases_goes_on(county, console, live_site):
    for _ in range(52):
        make.point(state="confirmed")
    page, _official, _no_pictures = opened(console, live_site, query="?v=cases")
    rows, more = page.locator(".qi"), page.get_by_role("button", name="再看一些")
    expect(rows).to_have_count(50)
    more.click()
    expect(rows).to_have_count(52)
    expect(more).to_have_count(0)
