"""The staff page, opened by somebody signed in, and what there is to maintain."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client

from kernel import clock
from kernel.viewer import Role
from projects.services import projects_recompute
from tests.browser import DESKTOP
from tests.e2e.manage.page import COUNTY, HETANG, QIAOTOU
from tests.factories import facilities, people, places, projects


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
