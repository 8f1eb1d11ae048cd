"""``manage.py export_map``: one file, opened from the disk by a browser without network."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, Point
from django.core.management import CommandError, call_command

from places.models import BaseFeature, Place, Road
from portal.reports import briefing as facts
from tests.browser import DESKTOP, PHONE
from tests.factories import facilities, media, places, projects

pytestmark = pytest.mark.django_db
HERE, NEXT = "990521003007", "990521003008"
EVIL = "</script><img src=x onerror=hacked=1>{{7*7}}{%raw%}"
STATUSES = ("late", "normal", "stopped", "done")


def photo(project: Any, **fields: Any) -> None:
    projects.project_photo(project, photo=media.photo(data=media.jpeg((1200, 900)), **fields))


@pytest.fixture
def village() -> Place:
    """Four works of different status with names that would run, a hidden one, photos, facilities, ground."""
    place = places.village(HERE, "荷塘村", name_en="Hetang Village", households=412, population=1286)
    places.village(NEXT, "双桥村")
    for at, status in enumerate(STATUSES):
        x, y = places.lonlat(HERE)
        geom = Point(x + at * 0.001, y, srid=4326)
        made = projects.project(place, f"工程{at}{EVIL}", status=status, actual=50, planned=60, geom=geom)
        for _shot in range(4 if at == 0 else 0):
            photo(made, alt=EVIL)
    hidden = projects.project(place, "不公开的工程", is_published=False)
    photo(hidden)
    projects.project(places.village(NEXT), "邻村工程")
    facilities.facility(place, EVIL)
    facilities.facility(place, "不公开的仓库", is_published=False)
    places.contact(place, title=EVIL, kind="supervision")
    names = {"county_id": places.COUNTY, "layer": "label", "kind": "village"}
    BaseFeature.objects.create(**names, name=f"<b>{EVIL}", geom=Point(*places.lonlat(HERE), srid=4326))
    BaseFeature.objects.create(county_id=places.COUNTY, layer="land", kind="county", geom=places.square("990521"))
    west, south, east, north = places.bbox(HERE)
    line = LineString((west, south), (east, north), srid=4326)
    Road.objects.create(county_id=places.COUNTY, source=1, target=2, length_m=1, road_class="main", geom=line)
    return place


def export(tmp_path: Path, *args: str) -> tuple[Path, str]:
    out, said = tmp_path / "briefing.html", io.StringIO()
    call_command("export_map", *args, "--out", str(out), stdout=said)
    return out, said.getvalue()


def opened(browser_page: Any, file: Path, viewport: dict[str, int]) -> Any:
    """The file in a browser without network; ``page.asked`` is every address but its own, ``page.said`` the console."""
    page = browser_page(viewport=viewport, offline=True)
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url) if request.url != file.as_uri() else None)
    page.on("console", lambda message: page.said.append(message.text))
    page.goto(file.as_uri())
    page.locator(".mark").first.wait_for()
    return page


def becomes_true(page: Any, expression: str) -> None:
    """Wait for it. Playwright's own waiting evaluates text, which the policy in the file rightly refuses."""
    waiting = f"""async () => {{ for (let n = 0; n < 100; n++) {{
        if ({expression}) return true; await new Promise(done => setTimeout(done, 50)) }} return false }}"""
    assert page.evaluate(waiting), expression


@pytest.fixture
def of_village(village: Place, tmp_path: Path) -> Path:
    """The file, written before a browser is there: its event loop gives this thread other connections."""
    return export(tmp_path, "--village", village.pk)[0]


@pytest.fixture
def of_township(village: Place, tmp_path: Path) -> Path:
    return export(tmp_path, "--township", village.pk[:9])[0]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_file_opens_without_network(of_village: Path, browser_page: Any, viewport: dict[str, int]) -> None:
    page = opened(browser_page, of_village, viewport)
    assert page.locator(".mark.project").count() == len(STATUSES)
    assert page.locator(".mark.facility").count() == 1
    drawn = page.evaluate("[...document.querySelectorAll('path.g')].filter(p => p.getBBox().width > 0).length")
    assert drawn >= 6, "land, road and its edge, veil, outline and its casing"
    page.locator(".works button").first.click()
    shown = page.locator(".leaflet-popup-content .photos img")
    assert shown.count() == facts.PHOTOS_OF_PROJECT
    becomes_true(page, "[...document.querySelectorAll('.leaflet-popup-content img')].every(i => i.naturalWidth > 300)")
    becomes_true(
        page,
        """(() => { const p = document.querySelector('.leaflet-popup').getBoundingClientRect(),
        m = document.getElementById('map_briefing').getBoundingClientRect();
        return p.top >= m.top && p.left >= m.left && p.right <= m.right })()""",
    )  # not cut off
    assert page.locator(".leaflet-popup-content a.call").get_attribute("href") == "tel:057201230001"
    shown.first.click()
    becomes_true(page, "document.querySelector('dialog[open] img')?.naturalWidth === 960")
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.evaluate("window.hacked") is None
    assert (page.asked, page.said) == ([], [])


def test_marks_differ_by_shape(of_village: Path, browser_page: Any) -> None:
    page = opened(browser_page, of_village, DESKTOP)
    shapes = page.evaluate(
        "[...document.querySelectorAll('.mark.project path:first-child')].map(p => p.getAttribute('d'))"
    )
    assert len(set(shapes)) == len(STATUSES)
    names = page.evaluate("[...document.querySelectorAll('.mark.project')].map(e => e.title)")
    titles = ("滞后", "正常", "停工", "完工")
    expected = {f"工程{at}{EVIL}，{title}" for at, title in enumerate(titles)}
    assert set(names) == expected, "names as they were typed, in full"
    assert page.locator(".label span").first.inner_text() == f"<b>{EVIL}"


@pytest.mark.usefixtures("village")
def test_it_says_what_everybody_may_know(tmp_path: Path) -> None:
    out, said = export(tmp_path, "--village", HERE)
    text = out.read_text(encoding="utf-8")
    assert "不公开" not in text
    assert "审图号：未配置，仅供内部测试" in text
    assert re.search(r"4 projects, 3 photos, 1 facilities .*\(\d+\.\d MB\)", said)
    assert not re.search(
        r"""(?:src|href)=["'](?!data:|tel:|#)""", re.sub(r'base64,[^"]+', "", text).replace("src=x", "")
    )


@pytest.mark.usefixtures("village")
def test_labels_of_the_county(tmp_path: Path) -> None:
    county = Place.objects.get(pk=HERE).county
    county.is_demo, county.cells_illustrative, county.approval_number = True, True, "GS(2026)0001号"
    county.save()
    text = export(tmp_path, "--village", HERE)[0].read_text(encoding="utf-8")
    for label in ("演示数据", "示意网格", "审图号：GS(2026)0001号", "村界为示意"):
        assert label in text
    english = export(tmp_path, "--village", HERE, "--lang", "en")[0].read_text(encoding="utf-8")
    assert '<html lang="en"' in english
    assert "Hetang Village" in english
    assert "Works and facilities" in english


def test_a_township_has_the_works_and_photos_of_its_villages(of_township: Path, browser_page: Any) -> None:
    page = opened(browser_page, of_township, DESKTOP)
    assert page.locator(".mark.project").count() == len(STATUSES) + 1
    assert page.evaluate("document.querySelectorAll('template').length") == len(STATUSES) + 2


@pytest.mark.usefixtures("village")
def test_too_many_bytes_of_photos_are_sent_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = export(tmp_path, "--village", HERE)[0].stat().st_size
    monkeypatch.setattr(facts, "PHOTO_BYTES", 1000)
    assert export(tmp_path, "--village", HERE)[0].stat().st_size < large - 10_000


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize(
    "args, out, said",
    [
        (("--village", "990521003099"), "x.html", "990521003099"),
        (("--village", "x"), "x.html", "x"),
        (("--township", HERE), "x.html", "不是乡镇"),
        (("--village", HERE), "missing/x.html", "missing"),
        (("--village", HERE), "x.txt", "html"),
        (("--village", HERE), "folder.html", "folder"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, args: tuple[str, ...], out: str, said: str) -> None:
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(CommandError, match=said):
        call_command("export_map", *args, "--out", str(tmp_path / out))
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]
