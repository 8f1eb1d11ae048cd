"""The keys of the workbench on a slow network, with another tab, and with an address of what was judged."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from accounts.selectors import viewer_of
from imagery import services
from imagery.models import ChangePoint, RejectReason, Review
from tests.factories import places

LEAST_MS = 250
"""Somewhat more than the time in which nobody has seen a point (`store.ts`)."""
TOLD = re.compile(r":review|queue:next")
"""What the server is told of a verdict."""
TWICE = "key => [0, 1].forEach(() => document.dispatchEvent(new KeyboardEvent('keydown', {key})))"
"""A key that bounces, quicker than any hand: of the second point nobody has seen anything."""


def test_keys_do_not_wait_for_the_server(found, office, console, live_site):
    page, refused = console(office.official), []
    page.on("response", lambda answer: answer.status >= 400 and refused.append(answer.url))
    page.goto(f"{live_site.url}/review")
    title, queue = page.locator(".vdh h2"), page.locator(".rqh")
    expect(title).to_contain_text(str(found[0]))
    length = page.evaluate("history.length")
    held = []
    page.route(TOLD, lambda route: held.append(route))
    page.wait_for_timeout(LEAST_MS)
    page.evaluate(TWICE, "j")
    expect(title).to_contain_text(str(found[1]))
    for key, then in zip("rkj", (found[1], found[2], found[3]), strict=True):
        page.wait_for_timeout(LEAST_MS)
        page.keyboard.press(key)
        expect(title).to_contain_text(str(then))
    assert (len(held), Review.objects.count()) == (1, 0)  # the server has not answered the first yet
    page.route(TOLD, lambda route: route.continue_())
    held[0].continue_()
    expect(queue).to_contain_text("今天已看 3 个")
    second = RejectReason.objects.all()[1]
    said = Review.objects.order_by("pk").values_list("point_id", "verdict", "reason")
    verdicts = [("change", None), ("no_change", second.pk), ("change", None)]
    assert list(said) == [(point.pk, *verdict) for point, verdict in zip(found, verdicts, strict=False)]
    assert page.evaluate("history.length") == length  # Back leaves, and does not walk through what was judged
    assert refused == []

    expect(title).to_contain_text(str(found[3]))
    mine = viewer_of(office.official, places.COUNTY)
    services.point_claim(by=mine, point_id=found[4].pk)  # in another tab
    page.keyboard.press("m")
    page.keyboard.type("jk 旧棚")  # letters of a text are no keys
    page.keyboard.press("Enter")
    page.keyboard.press("k")
    expect(queue).to_contain_text("今天已看 4 个")
    assert Review.objects.filter(point=found[3], verdict="no_change", note="jk 旧棚").exists()

    ChangePoint.objects.filter(pk=found[4].pk).update(state="second_review", first_by=office.official)
    page.goto(f"{live_site.url}/review?sel=points:{found[4].pk}")
    expect(page.locator(".toast")).to_have_text("不能复核自己看过的图斑。")
    expect(title).to_contain_text(str(found[4]))  # to be read, as any address of a point is
    expect(page.get_by_role("button", name="办理")).to_have_attribute("aria-current", "page")
