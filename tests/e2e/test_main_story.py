"""The main job, from end to end: an official of a real county enters one project, a citizen finds it in its village."""

import datetime as dt
import io
import json
import urllib.request

import pytest
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import expect
from shapely.geometry import Polygon, mapping

from facilities.models import Facility
from fixtures.real.sources import find_sources
from kernel import clock
from kernel.errors import NotFound
from kernel.viewer import Role
from media.models import WIDTHS, Photo
from media.selectors import photo_url
from places.models import Contact, Place
from projects.models import Progress, Project
from tests.browser import DESKTOP
from tests.e2e.pages import wait_for
from tests.factories import media, people

CODE, TOWNSHIP, VILLAGE = "330521", "武康街道", "居仁社区"
NAME, PHONE = "居仁社区污水管网改造", "12345"
MONTHS = (("4", "20", "18"), ("5", "45", "41"), ("6", "70", "62"))
SECRET = "canary-of-a-phone"


@pytest.fixture
def county(transactional_db, tmp_path):
    """The real county when its packages are installed, else a small one of the same names."""
    with clock.freeze("2026-06-30", everywhere=True):
        call_command("load_county", "--adcode", CODE, *_sources(tmp_path), stdout=io.StringIO())
        yield CODE


def _sources(folder):
    try:
        find_sources()
    except NotFound:
        return _small_sources(folder)
    return []


def _small_sources(folder):
    """A pair of files like those of the packages: an outline with two townships of four villages."""
    ring = Polygon([(119.9, 30.5), (119.9, 30.65), (120.1, 30.65), (120.1, 30.5)])
    county = {"type": "Feature", "properties": {"gb": f"156{CODE}", "name": "德清县"}, "geometry": mapping(ring)}
    outlines = folder / "outlines.geojson"
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [county]}), encoding="utf-8")
    towns = ((f"{CODE}001", TOWNSHIP), (f"{CODE}100", "乾元镇"))
    names = (("居仁社区居委会", "群益社区居委会"), ("城北村委会", "五四村委会"))
    rows = [
        f'{town}{number:03d},"{name}",{town},{CODE}'
        for (town, _), villages in zip(towns, names, strict=True)
        for number, name in enumerate(villages, start=1)
    ]
    streets = [f'{code},"{name}",{CODE}' for code, name in towns]
    (folder / "streets.csv").write_text("code,name,areaCode\n" + "\n".join(streets), encoding="utf-8")
    (folder / "villages.csv").write_text("code,name,streetCode,areaCode\n" + "\n".join(rows), encoding="utf-8")
    return ["--outlines", str(outlines), "--names", str(folder)]


def phone_photos(folder, lonlat):
    """Two photos as a phone writes them: turned, with place, time, a thumbnail and its owner's name."""
    paths = []
    for number, (taken, orientation) in enumerate((("2026:05:20 09:10:00", 6), ("2026:06:18 15:40:00", 1)), start=1):
        tags = media.exif(
            lonlat, taken, offset="+08:00", orientation=orientation, text=SECRET, thumbnail=media.jpeg((64, 48))
        )
        path = folder / f"IMG_{number:04d}.jpg"
        path.write_bytes(media.jpeg((800, 600), exif=tags))
        paths.append(path)
    return paths


def sign_in(page, site, user):
    """Through the page for it, as people do."""
    page.goto(f"{site.url}/manage")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(people.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="要做的事").wait_for()


def enter_project(page, lonlat):
    page.get_by_role("button", name="新工程").click()
    page.get_by_label("名称 必填").fill(NAME)
    page.get_by_label("类别").select_option(index=1)
    expect(page.get_by_label("责任单位").locator("option:checked")).to_have_text("德清县人民政府")
    page.get_by_label("经度").fill(f"{lonlat[0]:.6f}")
    page.get_by_label("纬度").fill(f"{lonlat[1]:.6f}")
    page.get_by_label("计划开工").fill("2026-04-01")
    page.get_by_label("计划完工").fill("2026-10-31")
    page.get_by_label("监督电话").fill(PHONE)
    page.get_by_role("button", name="保存新建").click()
    page.get_by_role("heading", name=NAME).wait_for()


def enter_progress(page):
    """Three months, typed as in a sheet: the second and third row by the button below the table."""
    page.get_by_role("button", name="进度", exact=True).click()
    page.get_by_label("指标").select_option(index=1)
    expect(page.get_by_label("地方").locator("option:checked")).to_have_text(VILLAGE)  # the project's own
    page.get_by_label("从哪个月").fill("2026-04")
    page.get_by_role("button", name="加一行").click()
    for at, (month, planned, actual) in enumerate(MONTHS):
        if at:
            page.get_by_role("button", name="加一个月").click()
        row = page.get_by_role("row", name=f"2026 年 {month} 月")
        row.get_by_label("计划").fill(planned)
        row.get_by_label("实际").fill(actual)
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存 3 行进度").wait_for()


def send_photos(page, paths):
    page.get_by_role("button", name="照片", exact=True).click()
    page.get_by_label("拍照或选照片").set_input_files(paths)
    for number, text in ((1, "沟槽开挖"), (2, "新铺的管道")):
        page.get_by_label(f"第 {number} 张 说明").fill(text)
    page.get_by_role("button", name="上传 2 张").click()
    page.get_by_text("2 张已经保存").wait_for()
    page.locator(".stored img").nth(1).wait_for()


def test_an_official_enters_a_project_and_a_citizen_sees_it(county, live_site, browser_page, tmp_path):
    village = Place.objects.get(county_id=CODE, name=VILLAGE)
    lonlat = (village.center.x, village.center.y)
    user = people.user(Role.OFFICIAL, county=CODE, jurisdiction=(CODE,))
    staff = browser_page(viewport=DESKTOP)
    sign_in(staff, live_site, user)
    staff.get_by_role("navigation").get_by_role("button", name="工程").click()
    enter_project(staff, lonlat)
    enter_progress(staff)
    send_photos(staff, phone_photos(tmp_path, lonlat))
    stored_as_entered(village)
    citizen = browser_page(viewport=DESKTOP)
    panel = look_up(citizen, live_site)
    photos_are_seen(citizen, panel, live_site)
    expect(panel.get_by_role("heading", name=NAME).first).to_be_visible()
    expect(panel.get_by_text("比计划少 8 个点")).to_be_visible()
    curve = panel.get_by_role("img", name="2026 年 6 月：实际 62%，计划 70%")
    expect(curve).to_have_count(1)
    nothing_is_made_up(panel)


def stored_as_entered(village):
    project = Project.objects.get()
    assert (project.village_id, project.supervision_phone, project.is_published) == (village.pk, PHONE, True)
    months = Progress.objects.order_by("month").values_list("month", "planned", "actual")
    assert list(months) == [(dt.date(2026, int(m), 1), int(p), int(a)) for m, p, a in MONTHS]


def look_up(page, site):
    """The citizen searches the village by its name and clicks it."""
    page.goto(f"{site.url}/c/{CODE}/")
    page.get_by_role("combobox").fill(VILLAGE)
    page.get_by_role("option", name=VILLAGE).first.click()
    page.get_by_role("heading", name=VILLAGE, exact=True).wait_for()
    panel = page.get_by_role("complementary")
    panel.locator("img").first.wait_for()
    return panel


def photos_are_seen(page, panel, site):
    """Both pictures are drawn, upright, described, and say nothing about the phone that took them."""
    expect(panel.locator("img")).to_have_count(2)
    wait_for(page, "[...document.querySelectorAll('aside img, .panel img')].every(i => i.naturalWidth > 0)")
    pictures = panel.locator("img").all()
    assert sorted(picture.get_attribute("alt") for picture in pictures) == ["新铺的管道", "沟槽开挖"]
    for photo in Photo.objects.all():
        sizes = [bytes_of(f"{site.url}{photo_url(photo, size)}") for size in WIDTHS]
        for data in sizes:
            assert SECRET.encode() not in data
            image = Image.open(io.BytesIO(data))
            assert not image.getexif()
            assert "exif" not in image.info
            assert "xmp" not in image.info
    first = photo_url(Photo.objects.earliest("pk"), "large")
    turned = Image.open(io.BytesIO(bytes_of(f"{site.url}{first}")))
    assert turned.height > turned.width, "a photo taken upright stands upright"


def bytes_of(address):
    with urllib.request.urlopen(address) as answer:
        return answer.read()


def nothing_is_made_up(panel):
    """What the official entered is all there is about this real place."""
    numbers = {link.get_attribute("href") for link in panel.locator("a[href^='tel:']").all()}
    assert numbers == {f"tel:{PHONE}"}
    assert Project.objects.count() == 1
    assert not Facility.objects.exists()
    assert not Contact.objects.exists()
