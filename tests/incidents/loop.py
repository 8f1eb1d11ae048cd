"""Drives a report and its order through the loop, as the people of one county."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.models import Unit, User
from accounts.selectors import viewer_of
from dispatch.models import WorkOrder
from dispatch.services import order_move
from dispatch.states import Check
from incidents.models import Report
from incidents.services import ReportFields, report_move, report_submit
from incidents.states import REPORTER, SYSTEM
from kernel import clock
from kernel.viewer import Role, Viewer
from tests.factories import incidents, people, places

COUNTY = places.COUNTY
CODE = "K3W8-9QZT-2M7RX"
"""A tracking code, where only its shape matters."""
HERE = places.lonlat("990521003007001")
CITIZEN = Viewer(county=COUNTY, label=REPORTER)
PRODUCT = Viewer(county=COUNTY, label=SYSTEM)
REPLY = "已到现场换了灯泡和整流器，今晚七点起恢复照明，值班电话已告知村里。"


@dataclass
class Cast:
    """One of each."""

    unit: Unit
    desk: Viewer
    grid: Viewer
    handler: Viewer
    supervisor: Viewer
    official: Viewer
    agent: Viewer


def cast() -> Cast:
    """People with rows behind, in a county with a village, a grid and kinds of matters."""
    places.grid()
    incidents.category("lamp", precision_m=0)
    incidents.category("noise", title="噪音扰民", words="噪音 吵", precision_m=200)
    unit = people.unit()
    return Cast(
        unit=unit,
        desk=who(Role.DESK, COUNTY),
        grid=who(Role.GRID_MANAGER, "990521003007"),
        handler=who(Role.HANDLER, unit=unit),
        supervisor=who(Role.SUPERVISOR, COUNTY),
        official=who(Role.OFFICIAL, COUNTY),
        agent=who(Role.VILLAGE_AGENT, "990521003007"),
    )


def who(role: Role, *jurisdiction: str, **fields: Any) -> Viewer:
    """A viewer with a row behind."""
    return viewer_of(people.user(role, jurisdiction=jurisdiction, **fields), COUNTY)


def client_of(viewer: Viewer | None) -> Client:
    """A browser in which ``viewer`` is signed in."""
    client = Client()
    if viewer is not None:
        client.force_login(User.objects.get(pk=viewer.user_id))
    return client


def submit(text: str = "村口路灯坏了三天了", by: Viewer = CITIZEN, **fields: Any) -> Report:
    """A new report."""
    given = {"category": "noise", **fields}
    told = report_submit(by=by, fields=ReportFields(lonlat=given.pop("lonlat", HERE), text=text, **given))
    return Report.objects.get(number=told.number)


def move(by: Viewer, report: Report, name: str, part: str = "", **fields: Any) -> Report:
    """A move of the report, and the row as it is after it."""
    return report_move(by=by, report_id=report.pk, move=name, part=part, **fields)


def accepted(cast: Cast, **fields: Any) -> Report:
    """A report whose order is open."""
    report = submit(**fields)
    return move(cast.desk, report, "accept", category=report.category.code)


def work(cast: Cast, report: Report) -> Report:
    """From an open order to an answered report."""
    order = WorkOrder.objects.get(pk=report.order_id)
    order_move(by=cast.desk, order_id=order.pk, move="assign", unit=cast.unit)
    order_move(by=cast.handler, order_id=order.pk, move="sign")
    text = REPLY + words(order.pk)
    order_move(by=cast.handler, order_id=order.pk, move="submit", reply=text, reason_code=reason())
    order_move(by=cast.desk, order_id=order.pk, move="approve", checklist=list(Check))
    return Report.objects.get(pk=report.pk)


def words(seed: int) -> str:
    """Words of their own for each order, for a reply like the one before is refused."""
    drawn = random.Random(seed)
    return "".join(chr(drawn.randrange(0x4E00, 0x9000)) for _ in range(60))


def clock_day() -> dt.date:
    """A day on which somebody outside promised to be done."""
    return clock.today() + dt.timedelta(days=5)


def reason() -> str:
    """Any reason why a reply has no evidence."""
    from dispatch.states import ReasonCode

    return next(iter(ReasonCode)).value


def answered(cast: Cast, **fields: Any) -> Report:
    """A report with an approved answer."""
    return work(cast, accepted(cast, **fields))


def moved_by_code(report: Report, name: str, **fields: Any) -> Report:
    """A move of the reporter."""
    return move(CITIZEN, report, name, part=REPORTER, **fields)
