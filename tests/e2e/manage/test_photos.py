"""Photos from a phone."""

import datetime as dt
import re

from playwright.sync_api import expect

from facilities.models import Facility
from kernel.viewer import Role
from projects.models import ProjectPhoto
from tests.browser import PHONE
from tests.e2e.accessible import SMALL_OR_WIDE
from tests.e2e.manage.page import HETANG, QIAOTOU, pictures
from tests.factories import facilities, media, places


def test_a_far_photo_has_to_be_confirmed(clerk, work, tmp_path):
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}/photos")
    lon, lat = places.lonlat(HETANG)
    page.get_by_label("拍照或选照片").set_input_files(pictures(tmp_path, (lon + 0.009, lat)))
    page.get_by_text("超过 500 米").wait_for()
    page.get_by_role("button", name="上传 1 张").click()
    page.get_by_text("第 1 张没有保存").wait_for()
    assert ProjectPhoto.objects.count() == 1
    page.get_by_label("就是这里拍的").check()
    page.get_by_role("button", name="上传 1 张").click()
    page.get_by_text("1 张已经保存").wait_for()
    assert ProjectPhoto.objects.filter(off_m__gt=500).count() == 1


def test_photos_find_their_projects_and_a_broken_one_is_named(clerk, tmp_path):
    page = clerk(Role.OFFICIAL, "photos", viewport=PHONE, has_touch=True, is_mobile=True)
    spots = [places.lonlat(HETANG), places.lonlat(QIAOTOU), places.lonlat(HETANG)]
    page.get_by_label("拍照或选照片").set_input_files(pictures(tmp_path, *spots, broken={2}))
    for number, name in ((1, "荷塘村供水管网改造"), (2, "桥头村道路改造")):
        chosen = page.get_by_label(f"第 {number} 张 属于哪个工程").locator("option:checked")
        expect(chosen).to_have_text(re.compile(f"^{name}"))
    assert page.evaluate(SMALL_OR_WIDE) == []
    page.get_by_role("button", name="上传 3 张").tap()
    page.get_by_text("第 2 张没有保存，原因写在照片旁边。其余 2 张已经保存。").wait_for()
    assert page.locator(".upload").nth(1).locator(".error").inner_text() != ""
    assert ProjectPhoto.objects.filter(project__name="荷塘村供水管网改造").count() == 3
    assert not ProjectPhoto.objects.filter(project__name="桥头村道路改造").exists()


def test_a_stored_photo_is_described_by_keyboard_and_keeps_what_another_clerk_said(clerk, work):
    photo = ProjectPhoto.objects.get()
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}/photos")
    page.locator(".stored .pic").focus()
    page.keyboard.press("Enter")
    page.locator(".stored .inp:focus").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type("阀门井回填")
    page.get_by_label("拍摄日期").fill("2026-06-17")
    ProjectPhoto.objects.update(moment="after", version=photo.version + 1)
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("别人刚刚改过这一条").wait_for()
    page.get_by_role("button", name="保留我的改动").click()
    page.get_by_text("已保存", exact=True).wait_for()
    photo.refresh_from_db()
    assert (photo.caption, photo.taken_on, photo.moment) == ("阀门井回填", dt.date(2026, 6, 17), "after")
    page.locator(".stored .pic:focus").wait_for()
    page.keyboard.press("Enter")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删除").click()
    page.get_by_text("还没有照片").wait_for()
    assert not ProjectPhoto.objects.exists()


def test_a_photo_of_a_facility_gets_a_caption(clerk):
    pk = Facility.objects.get(name="文化广场公厕").pk
    facilities.facility_photo(Facility.objects.get(pk=pk), media.photo())
    page = clerk(Role.OFFICIAL, f"facilities/{pk}")
    page.locator(".stored .pic").click()
    page.get_by_label("说明", exact=True).fill("无障碍坡道")
    page.locator(".stored").get_by_role("button", name="保存", exact=True).click()
    page.locator(".stored b").get_by_text("无障碍坡道").wait_for()
