"""The workbench of change points: one key is a verdict and the next point, and Z takes it back."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from imagery.models import ChangePoint, Review
from imagery.states import needs_second
from kernel.viewer import Role
from tests.browser import DESKTOP, PHONE
from tests.e2e import accessible
from tests.factories import imagery as make
from tests.factories import people, places
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
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 100
    assert accessible.faults(page) == []

    page.keyboard.press("2")
    page.keyboard.press("j")
    expect(title).to_contain_text(second)  # at once; the next key may come before the server has answered
    page.keyboard.press("k")
    expect(title).to_contain_text(third)
    expect(page.locator(".rqh")).to_contain_text("今天已看 2 个")
    said = Review.objects.order_by("pk").values_list("point_id", "verdict", "kind")
    assert list(said) == [(found[0].pk, "change", "bare"), (found[1].pk, "no_change", found[1].kind)]
    page.keyboard.press("z")
    expect(title).to_contain_text(second)
    expect(queue).to_have_text(f"待核查 {len(found) - 1}")
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
    assert refused == []
