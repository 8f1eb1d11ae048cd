"""What tests do with the form for reports, and with any page by keys."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

TEXT = "村口涵洞一下雨就积水，昨天电瓶车都过不去。"


def picture(colour="teal"):
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": "hole.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def write(page, text=TEXT):
    """Takes the middle of the map, and writes what it is."""
    page.get_by_role("button", name="用地图中心作为位置").click()
    page.get_by_role("textbox", name="说说是什么事").fill(text)


def send(page):
    page.get_by_role("button", name="下一步：怎么联系您").click()
    page.get_by_role("button", name="提交").click()


def code_on(page):
    return page.locator(".codes .code").inner_text()


def to(page, name, press=True):
    """Goes on with Tab until something called ``name`` has the focus, and presses it; waits until it is there."""
    expect(page.get_by_label(name).or_(page.get_by_text(name)).first).to_be_attached()
    named = """name => { const now = document.activeElement;
      return (now.ariaLabel || now.labels?.[0]?.textContent || now.textContent).trim().startsWith(name); }"""
    for _ in range(40):
        if page.evaluate(named, name):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"the Tab key never reached {name}")
    if press:
        page.keyboard.press("Enter")
