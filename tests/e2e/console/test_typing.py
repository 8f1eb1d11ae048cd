"""What is being typed stays in its box while answers arrive and the page around it is drawn again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from imagery.models import ChangeRun
from tests.e2e.console.test_review_races import LISTED, Held
from tests.e2e.pages import settled

COUNTS = re.compile(r"/imagery/queue/counts")
RUNS = re.compile(r"/imagery/runs")


@pytest.mark.parametrize(
    ("query", "asked", "box"),
    [("v=cases", LISTED, "input[type=search]"), ("", COUNTS, "#f-min_m2")],
    ids=["cases", "queue"],
)
def test_letters_stay_in_the_workbench(points, office, console, live_site, query, asked, box):
    page = console(office.official)
    held = Held(page, asked)
    page.goto(f"{live_site.url}/review?{query}")
    held.comes()
    if not query:
        page.get_by_text("筛选", exact=True).click()
    typed = page.locator(box)
    typed.press_sequentially("12")
    held.go()
    settled(page)
    expect(typed).to_have_value("12")
    typed.press("Enter")
    settled(page)
    expect(typed).to_have_value("12")
    typed.fill("")
    typed.press("Enter")
    settled(page)
    expect(typed).to_have_value("")


def test_letters_stay_beside_a_run_whose_progress_is_asked_for(points, office, console, live_site):
    ChangeRun.objects.update(state=ChangeRun.State.WAITING)
    page = console(office.official)
    page.goto(f"{live_site.url}/review?v=runs")
    page.get_by_text("更多设置").click()
    held = Held(page, RUNS)
    held.comes()
    typed = page.get_by_label("变化占地的比例")
    typed.press_sequentially("12")
    held.go()
    page.wait_for_timeout(500)
    expect(typed).to_have_value("12")
