"""How two scenes are compared: by keys, by mouse and by thumb, and what is laid over them in each way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from imagery.models import Scene
from tests.browser import PHONE
from tests.e2e.console.test_review import opened
from tests.e2e.console.test_review_lines import review  # noqa: F401


@pytest.mark.parametrize("address", ["", "?v=cases&of=queued"])
def test_under_which_licence_scenes_are_shown_is_told_beside_them(found, console, live_site, address):
    run = found[0].run
    Scene.objects.update(licence="CC BY 4.0")
    page, _official, _refused = opened(console, live_site, query=address)
    told = page.locator(".vdb .hint").last
    expect(told).to_have_text("影像许可：CC BY 4.0")
    expect(page.locator(".vdb .hint").first).to_have_text("影像只是线索。“违法”须有实地核查或文件依据。")
    Scene.objects.filter(pk=run.before_id).update(licence="© 县测绘院")
    page.reload()
    expect(told).to_have_text("影像许可：前 © 县测绘院, 后 CC BY 4.0")
    Scene.objects.update(licence="")
    page.reload()
    expect(page.locator(".vdb .hint")).to_have_count(1)


def test_what_slides_fills_no_history(found, console, live_site):
    page, _official, _refused = opened(console, live_site)
    expect(page.locator(".vdh h2")).to_contain_text(str(found[0]))
    length = page.evaluate("history.length")
    page.locator(".knob input").focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("]")
    expect(page.locator(".knob input")).to_have_value("54")
    assert "cmp=54" in page.url
    assert page.evaluate("history.length") == length


def test_the_space_bar_blinks_whatever_the_mouse_was_at(found, console, live_site):
    page, _official, _refused = opened(console, live_site)
    expect(page.locator(".vdh h2")).to_contain_text(str(found[0]))
    knob = page.locator(".hand").bounding_box()
    page.mouse.move(knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2)
    page.mouse.down()
    page.mouse.move(knob["x"] - 60, knob["y"] + knob["height"] / 2, steps=4)
    page.mouse.up()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="闪烁")).to_have_attribute("aria-pressed", "true")
    outline = page.get_by_role("checkbox", name="图斑范围")
    outline.click()
    expect(page.locator(".tagb")).to_contain_text("前")
    page.keyboard.press(" ")
    expect(page.locator(".tagb")).to_contain_text("后")
    expect(outline).not_to_be_checked()


def test_a_thumb_blinks(found, console, live_site):
    page, _official, _refused = opened(console, live_site, viewport=PHONE)
    expect(page.locator(".vdh h2")).to_contain_text(str(found[0]))
    for side in ("后", "前", "后"):
        page.get_by_role("button", name="闪烁").click()
        expect(page.locator(".tagb")).to_contain_text(side)


def test_side_by_side_both_pictures_have_what_is_laid_over(review):  # noqa: F811
    page, _point, refused = review
    page.get_by_role("button", name="并排").click()
    expect(page.locator(".pairs .outline polygon:not(.casing)")).to_have_count(2)
    for name in ("控制线", "在建项目"):
        page.get_by_role("checkbox", name=name).check()
    for kind in ("redlines", "projects"):
        expect(page.locator(f".pairs .lines .{kind}")).to_have_count(2)
    page.get_by_role("checkbox", name="控制线").uncheck()
    expect(page.locator(".pairs .lines .redlines")).to_have_count(0)
    assert refused == []
