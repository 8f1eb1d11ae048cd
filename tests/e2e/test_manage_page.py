"""The staff page in a real browser: what clerks do every day, and what keeps their work from getting lost."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from facilities.models import Facility
from kernel import clock
from kernel.viewer import Role
from projects.models import Progress, ProjectPhoto
from projects.services import projects_recompute
from tests.browser import DESKTOP, PHONE
from tests.factories import facilities, media, people, places, projects

HETANG, QIAOTOU, COUNTY = "990521003007", "990521003006", places.COUNTY
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOCUSED = """() => {
  const e = document.activeElement;
  return (e.labels && e.labels[0] && e.labels[0].innerText) || e.getAttribute('aria-label') || e.innerText || '';
}"""
SMALL_OR_WIDE = """() => [
  ...[...document.querySelectorAll('button, a[href], input:not(.sr), select, summary')].filter(e => {
    const box = (e.closest('label') || e).getBoundingClientRect();
    return box.width && (box.width < 24 || box.height < 24);
  }).map(e => e.outerHTML.slice(0, 80)),
  ...(document.documentElement.scrollWidth > innerWidth ? ['sideways scrolling'] : []),
]"""


@pytest.fixture
def work(transactional_db):
    """Two villages; in the first a project with progress, photo and notice, a facility and a phone."""
    with clock.freeze("2026-06-30", everywhere=True):
        hetang, qiaotou = places.village(HETANG, "荷塘村"), places.village(QIAOTOU, "桥头村")
        project = projects.project(hetang)
        projects.project(
            qiaotou, "桥头村道路改造", category=projects.category("road", "农村公路"), owner_unit=projects.unit("road")
        )
        projects.indicator("water", "水质合格率")
        for month, planned, actual in ((4, 50, 49), (5, 60, 56), (6, 70, 62)):
            projects.progress(project, dt.date(2026, month, 1), actual, planned)
        projects.project_photo(project)
        projects.attachment(projects.notice(project))
        projects_recompute()
        places.contact(hetang, "荷塘村代办员", "0572-0801 6230", duty="可以上门代办")
        facilities.facility(HETANG)
        facilities.facility(QIAOTOU, "桥头村卫生室", category=facilities.category("clinic", "卫生室"))
        yield project


@pytest.fixture
def clerk(work, live_site, browser_page):
    """Opens a screen of the staff page as somebody signed in: ``clerk(Role.OFFICIAL, "projects")``."""

    def go(who=Role.OFFICIAL, screen="", *, area=(COUNTY,), lang="zh", viewport=DESKTOP, **options):
        user = people.user(who, jurisdiction=area) if isinstance(who, Role) else who
        client = Client()
        client.force_login(user)
        page = browser_page(viewport=viewport, **options)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_site.url}])
        page.open_screen = lambda p, more="": page.goto(f"{live_site.url}/manage?lang={lang}&p={p}{more}")
        page.open_screen(screen)
        return page

    return go


def ready(page):
    """Wait until the screen stands."""
    page.locator(".home, .rows li, .edithead, .single h1").first.wait_for()
    page.wait_for_function("!document.querySelector('.skels')")


def tab_to(page, name):
    """Press Tab until the control of this name has the keyboard."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).strip().startswith(name):
            return
    raise AssertionError(f"Tab does not reach {name}")


def pictures(folder, *lonlats, broken=()):
    """Photos of a phone; those with a number in ``broken`` end in the middle."""
    paths = []
    for number, lonlat in enumerate(lonlats, start=1):
        data = media.jpeg((640 + number, 480), exif=media.exif(lonlat, "2026:06:18 15:40:00", offset="+08:00"))
        path = folder / f"IMG_{number:04d}.jpg"
        path.write_bytes(data[: len(data) // 3] if number in broken else data)
        paths.append(path)
    return paths


def test_a_clerk_changes_opening_hours_by_keyboard_alone(clerk):
    page = clerk(Role.VILLAGE_AGENT, area=[HETANG])
    ready(page)
    tab_to(page, "设施")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="文化广场公厕").wait_for()
    tab_to(page, "文化广场公厕")
    page.keyboard.press("Enter")
    page.get_by_label("开放时间").wait_for()
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
    assert june.get_by_label("实际").get_attribute("aria-invalid") == "true"
    assert not Progress.objects.filter(actual=57).exists(), "nothing is saved while one figure is wrong"
    june.get_by_label("实际").fill("６５ %")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存 2 行进度").wait_for()
    stored = Progress.objects.order_by("month").values_list("actual", flat=True)
    assert [int(actual) for actual in stored] == [49, 57, 65]
    assert page.get_by_text("有改动未保存").count() == 0


def test_the_newest_month_is_on_top_and_the_next_one_above_it(clerk, work):
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}/progress")
    page.get_by_role("button", name="加一个月").click()
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
    assert page.get_by_text("有错的行不会保存").count() == 0, "the preview spoke of another text"
    page.get_by_role("button", name="先看结果").click()
    page.get_by_role("button", name="保存这 2 行").click()
    page.get_by_text("已全部保存").wait_for()
    assert Progress.objects.count() == 5
    page.get_by_role("row", name="2026 年 2 月").get_by_label("计划").wait_for()


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
    page.get_by_text("正在按位置对照").wait_for(state="detached")
    chosen = "e => e.selectedOptions[0].text"
    assert page.get_by_label("第 1 张 属于哪个工程").evaluate(chosen).startswith("荷塘村供水管网改造")
    assert page.get_by_label("第 2 张 属于哪个工程").evaluate(chosen).startswith("桥头村道路改造")
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
    page.wait_for_function("document.activeElement.matches('.stored .inp')")
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
    page.wait_for_function("document.activeElement.matches('.stored .pic')")
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


def test_two_clerks_change_the_same_facility(clerk):
    pk = Facility.objects.get(name="文化广场公厕").pk
    first, second = (clerk(Role.OFFICIAL, f"facilities/{pk}") for _ in range(2))
    for page, field, text in ((first, "开放时间", "8:00 至 20:00"), (second, "地址", "文化广场东侧")):
        page.get_by_label(field).fill(text)
    second.get_by_label("开放时间").fill("9:00 至 17:00")
    first.get_by_role("button", name="保存", exact=True).click()
    first.get_by_text("已保存", exact=True).wait_for()
    second.get_by_role("button", name="保存", exact=True).click()
    second.get_by_text("别人刚刚改过这一条").wait_for()
    second.get_by_role("button", name="看对方的内容").click()
    theirs = second.locator(".theirs")
    theirs.wait_for()
    assert theirs.inner_text().split("\n") == ["开放时间", "对方：8:00 至 20:00", "您：9:00 至 17:00"]
    second.get_by_role("button", name="保留我的改动").click()
    second.get_by_text("已保存", exact=True).wait_for()
    row = Facility.objects.get(pk=pk)
    assert (row.hours, row.address) == ("9:00 至 17:00", "文化广场东侧")


def test_taking_theirs_keeps_nothing_of_mine(clerk):
    pk = Facility.objects.get(name="文化广场公厕").pk
    page = clerk(Role.OFFICIAL, f"facilities/{pk}")
    page.get_by_label("开放时间").fill("9:00 至 17:00")
    Facility.objects.filter(pk=pk).update(hours="8:00 至 20:00", version=2)
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="看对方的内容").click()
    page.get_by_role("button", name="用对方的").click()
    page.get_by_text("别人刚刚改过这一条").wait_for(state="detached")
    assert page.get_by_label("开放时间").input_value() == "8:00 至 20:00"
    assert page.get_by_text("有改动未保存").count() == 0


def test_progress_of_two_clerks_meets_in_the_grid(clerk, work):
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}/progress")
    june = page.get_by_role("row", name="2026 年 6 月")
    june.get_by_label("实际").fill("65")
    Progress.objects.filter(month="2026-06-01").update(actual=60, version=2)
    Progress.objects.filter(month="2026-05-01").update(actual=58, version=2)
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("别人刚刚改过进度").wait_for()
    assert june.get_by_label("实际").input_value() == "65"
    assert june.get_by_text("对方填的是：计划 70，实际 60").is_visible()
    assert page.get_by_role("row", name="2026 年 5 月").get_by_label("实际").input_value() == "58"
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存 1 行进度").wait_for()
    assert int(Progress.objects.get(month="2026-06-01").actual) == 65


def test_a_stage_is_moved_while_facts_are_typed(clerk, work):
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}")
    page.get_by_label("施工单位").fill("第二施工队")
    page.get_by_role("button", name="转为：停工").click()
    page.get_by_label("原因").fill("下雨")
    page.get_by_role("button", name="确定停工").click()
    page.get_by_text("已转为停工").wait_for()
    assert page.get_by_label("施工单位").input_value() == "第二施工队", "what was typed stays"
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存", exact=True).wait_for()
    work.refresh_from_db()
    assert (work.stage, work.contractor) == ("paused", "第二施工队")


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
            page.locator(".listhead small").wait_for()
            assert page.locator(".note.late").count() == 0
            assert page.locator(".rows .t").count() == 1, f"{role}: {subject}"


def test_leaving_asks_before_something_is_lost(clerk):
    one = Facility.objects.get(name="文化广场公厕")
    page = clerk(Role.OFFICIAL, "facilities")
    page.get_by_role("button", name="文化广场公厕").click()
    page.get_by_label("开放时间").fill("8:00 至 20:00")
    asked = []

    def stay(dialog):
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("button", name="桥头村卫生室").click()
    page.go_back()
    page.wait_for_function("document.querySelector('.editor')")
    assert len(asked) == 2
    assert page.get_by_label("开放时间").input_value() == "8:00 至 20:00"
    assert f"p=facilities/{one.pk}" in page.url
    page.remove_listener("dialog", stay)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="桥头村卫生室").click()
    page.get_by_role("heading", name="桥头村卫生室").wait_for()
    assert page.get_by_label("开放时间").input_value() == "全天开放"


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
    page.get_by_role("button", name="新工程").tap()
    page.get_by_label("名称 必填").fill("荷塘村停车场")
    page.get_by_label("类别").select_option(index=1)
    page.get_by_label("责任单位").select_option(index=1)
    save = page.get_by_role("button", name="保存新建")
    assert PHONE["height"] - save.bounding_box()["y"] <= 80, "the main act is in reach of the thumb"
    save.tap()
    page.get_by_text("有 1 处要改").wait_for()
    page.get_by_role("button", name="用地图中心").tap()
    assert page.get_by_label("经度").input_value() != ""
    save.tap()
    page.get_by_role("heading", name="荷塘村停车场").wait_for()
    page.get_by_role("button", name="返回").tap()
    page.get_by_role("button", name="荷塘村停车场").wait_for()


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
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            only = TAGS if theme == "light" else ["color-contrast"]
            found = page.evaluate("only => axe.run({runOnly: only}).then(r => r.violations)", only)
            found = [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
            assert (screen, theme, found) == (screen, theme, [])
        assert (screen, page.evaluate(SMALL_OR_WIDE)) == (screen, [])
