"""What clerks do every day."""

import pytest
from playwright.sync_api import expect

from facilities.models import Facility
from kernel.viewer import Role
from projects.models import Progress
from tests.browser import DESKTOP, PHONE
from tests.e2e.accessible import faults
from tests.e2e.manage.page import COUNTY, HETANG, QIAOTOU, ready, tab_to
from tests.factories import people, places, projects


def test_a_clerk_changes_opening_hours_by_keyboard_alone(clerk):
    page = clerk(Role.VILLAGE_AGENT, area=[HETANG])
    ready(page)
    tab_to(page, "设施")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="文化广场公厕").wait_for()
    tab_to(page, "文化广场公厕")
    page.keyboard.press("Enter")
    page.get_by_label("开放时间", exact=True).wait_for()
    tab_to(page, "开放时间")
    page.keyboard.press("Control+A")
    page.keyboard.type("每天 6:00 至 22:00")
    page.keyboard.press("Enter")
    page.get_by_text("已保存", exact=True).wait_for()
    assert Facility.objects.get(name="文化广场公厕").hours == "每天 6:00 至 22:00"


def test_arrows_and_enter_walk_through_the_grid_and_a_wrong_figure_is_said(clerk, work):
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}/progress")
    june = page.get_by_role("row", name="2026 年 6 月")
    june.get_by_label("实际").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("57")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("162")
    tab_to(page, "保存")
    page.keyboard.press("Enter")
    page.get_by_text("有 1 处要改").wait_for()
    expect(june.get_by_label("实际")).to_have_attribute("aria-invalid", "true")
    assert not Progress.objects.filter(actual=57).exists(), "nothing is saved while one figure is wrong"
    june.get_by_label("实际").fill("６５ %")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存 2 行进度").wait_for()
    stored = Progress.objects.order_by("month").values_list("actual", flat=True)
    assert [int(actual) for actual in stored] == [49, 57, 65]
    expect(page.get_by_text("有改动未保存")).to_have_count(0)


def test_the_newest_month_is_on_top_and_the_next_one_above_it(clerk, work):
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}/progress")
    page.get_by_role("button", name="加一个月").click()
    page.locator(".grid tbody input:focus").wait_for()
    page.keyboard.type("80")
    months = page.locator(".grid tbody th").all_inner_texts()
    assert months == [f"2026 年 {month} 月" for month in (7, 6, 5, 4)]
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存 1 行进度").wait_for()
    assert int(Progress.objects.get(month="2026-07-01").planned) == 80


def test_pasted_progress_is_stored_when_every_line_is_right(clerk, work):
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}/progress")
    page.get_by_text("从表格粘贴").click()
    sheet = "2026-03\t管道铺设率\t荷塘村\t40\t38\t\n2026-02\t管道铺设率\t荷糖村\t20\t19\t"
    page.get_by_label("粘贴到这里").fill(sheet)
    page.get_by_role("button", name="先看结果").click()
    page.get_by_text("有错的行不会保存").wait_for()
    assert page.get_by_role("button", name="保存这").count() == 0
    assert Progress.objects.count() == 3, "nothing is saved"
    page.get_by_label("粘贴到这里").fill(sheet.replace("糖", "塘"))
    expect(page.get_by_text("有错的行不会保存")).to_have_count(0)  # the preview spoke of another text
    page.get_by_role("button", name="先看结果").click()
    page.get_by_role("button", name="保存这 2 行").click()
    page.get_by_text("已全部保存").wait_for()
    assert Progress.objects.count() == 5
    page.get_by_role("row", name="2026 年 2 月").get_by_label("计划").wait_for()


def test_grid_managers_see_only_what_they_may_change(clerk, work):
    page = clerk(Role.GRID_MANAGER, area=[f"{QIAOTOU}001"])
    ready(page)
    assert page.get_by_role("navigation").get_by_role("button").all_inner_texts()[:3] == ["概览", "工程", "传照片"]
    page.open_screen("projects")
    ready(page)
    assert page.locator(".rows .t").all_inner_texts() == ["桥头村道路改造"]
    assert page.get_by_role("button", name="新工程").count() == 0
    page.locator(".rows button").first.click()
    page.locator(".parts").wait_for()
    assert page.locator(".parts button").all_inner_texts() == ["照片"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.CITIZEN])
def test_who_keeps_nothing_is_told_so(clerk, role):
    page = clerk(role, area=[] if role is Role.CITIZEN else [COUNTY])
    assert page.get_by_role("heading").inner_text() == "这个页面只给负责维护内容的工作人员用。"
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 403


def test_every_role_of_the_page_gets_its_lists(clerk):
    roles = [Role.VILLAGE_AGENT, Role.GRID_MANAGER, Role.DESK, Role.HANDLER, Role.OFFICIAL]
    unit = projects.unit()
    for role in roles:
        user = people.user(role, jurisdiction=[HETANG], unit=unit)
        page = clerk(user)
        ready(page)
        for subject in page.locator(".tasks button .t").all_inner_texts():
            if subject == "传照片":
                continue
            page.get_by_role("navigation").get_by_role("button", name=subject, exact=True).click()
            expect(page.locator(".listhead")).to_contain_text(subject)
            expect(page.locator(".rows .t")).to_have_count(1)
            assert page.locator(".note.late").count() == 0, f"{role}: {subject}"


def centre_of_a_new_project(page):
    page.open_screen("projects/new")
    page.get_by_role("button", name="用地图中心").wait_for()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="用地图中心").click()
    return [float(page.get_by_label(name).input_value()) for name in ("经度", "纬度")]


def test_the_map_of_a_new_project_starts_where_the_clerk_works(clerk, work):
    page = clerk(Role.OFFICIAL, area=[QIAOTOU])
    assert centre_of_a_new_project(page) == pytest.approx(places.lonlat(QIAOTOU), abs=0.002)
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}")
    page.get_by_label("施工单位").wait_for()
    assert centre_of_a_new_project(page) == pytest.approx(places.lonlat(HETANG), abs=0.002), "the village of before"


def test_a_new_project_by_touch(clerk):
    page = clerk(Role.OFFICIAL, viewport=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="工程 填月度进度").tap()
    page.get_by_role("button", name="新工程").wait_for()
    widths = page.locator(".tabbar button").evaluate_all("all => all.map(e => e.getBoundingClientRect().width)")
    assert widths == [pytest.approx(PHONE["width"] / 5, abs=10)] * 5, "the five ways share the width of a phone"
    held = page.locator(".top").evaluate("e => getComputedStyle(e).position")
    assert held == "sticky", "the page's own style sheet comes after those that pages share"
    page.get_by_role("button", name="新工程").tap()
    page.get_by_label("名称 必填").fill("荷塘村停车场")
    page.get_by_label("类别").select_option(index=1)
    page.get_by_label("责任单位").select_option(index=1)
    save = page.get_by_role("button", name="保存新建")
    assert PHONE["height"] - save.bounding_box()["y"] <= 80, "the main act is in reach of the thumb"
    save.tap()
    page.get_by_text("有 1 处要改").wait_for()
    page.get_by_role("button", name="用地图中心").tap()
    expect(page.get_by_label("经度")).not_to_have_value("")
    save.tap()
    page.get_by_role("heading", name="荷塘村停车场").wait_for()
    page.get_by_role("button", name="返回").tap()
    page.get_by_role("button", name="荷塘村停车场").wait_for()


def test_villages_of_a_project_are_chosen_with_keys_alone(clerk, work):
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}")
    tab_to(page, "受益村")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    tab_to(page, "加一个村")
    page.keyboard.press("Enter")
    page.locator(".chip", has_text="桥头村").wait_for()
    tab_to(page, "保存")
    page.keyboard.press("Enter")
    page.get_by_text("已保存", exact=True).wait_for()
    assert set(work.villages.values_list("code", flat=True)) == {HETANG, QIAOTOU}


SCREENS = (
    "", "projects", "projects/new", "projects/{p}", "projects/{p}/progress", "projects/{p}/photos",
    "projects/{p}/notices", "photos", "facilities/{f}", "contacts", "contacts/{c}",
)  # fmt: skip


@pytest.mark.parametrize("lang, viewport", [("zh", PHONE), ("en", DESKTOP)], ids=["phone-zh", "desktop-en"])
def test_axe_finds_nothing(clerk, work, lang, viewport):
    contact, facility = places.Contact.objects.get(), Facility.objects.get(name="文化广场公厕")
    page = clerk(Role.OFFICIAL, lang=lang, viewport=viewport, bypass_csp=True)
    for screen in SCREENS:
        page.open_screen(screen.format(p=work.pk, f=facility.pk, c=contact.pk))
        ready(page)
        assert (screen, faults(page)) == (screen, [])
