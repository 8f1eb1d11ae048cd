"""Pictures of every screen for docs/screens, taken from a running demo.

``./dev up``, then ``.venv/bin/python -m scripts.screens [http://127.0.0.1:8000] [NAME ...]``.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.browser import program
from scripts.paths import BASE, LOCAL

FOLDER = BASE / "docs" / "screens"
VILLAGE, TOWNSHIP = "990521003007", "990521003"
FIELD = (120.0341, 30.6005)
"""Some 170 m beside one of the points that somebody is sent to."""
PHONE, WIDE, HALL = (390, 844), (1280, 800), (1920, 1080)
QUALITY = 88
"""Of WebP: text stays sharp, a screen takes some 60 KB."""

SETTLED_MS = 1500
"""Marks, names and photos have been drawn; pictures need no exact moment."""


@dataclass(frozen=True)
class Look:
    """One way of looking: size of the window, language, theme, large type."""

    size: tuple[int, int]
    lang: str = "zh"
    theme: str = "light"
    large: bool = False

    def __str__(self) -> str:
        """As in the file's name."""
        return "-".join([str(self.size[0]), self.lang, self.theme, *(["large"] if self.large else [])])


USUAL = (Look(WIDE), Look(PHONE), Look(WIDE, "en", "dark"), Look(PHONE, "en", "dark"))
BRIEF = (Look(WIDE), Look(PHONE))
ON_FOOT = (Look(PHONE), Look(PHONE, "en", "dark"))


@dataclass(frozen=True)
class Screen:
    """One screen: its address, how it is looked at, who is signed in, what is pressed, and where one is."""

    path: str
    looks: tuple[Look, ...] = USUAL
    account: str = ""
    whole: bool = False
    keys: str = ""
    press: str = ""
    at: tuple[float, float] | None = None


SCREENS = {
    "map": Screen("/"),
    "village": Screen(f"/?sel=village:{VILLAGE}", (*USUAL, Look(PHONE, large=True))),
    "township": Screen(f"/?sel=township:{TOWNSHIP}", BRIEF),
    "list": Screen("/?v=list"),
    "list-filtered": Screen("/?v=list&f=projects.status:late,stopped&t=2026-01..2026-12", BRIEF),
    "board": Screen("/?v=board"),
    "kiosk": Screen("/kiosk", (Look(HALL), Look(HALL, "en", "dark"), Look((1080, 1920)))),
    "embed": Screen(f"/embed?sel=village:{VILLAGE}", BRIEF),
    "village-page": Screen(f"/village/{VILLAGE}", BRIEF, whole=True),
    "report": Screen(f"/report?village={VILLAGE}", (*USUAL, Look(PHONE, large=True))),
    "track": Screen("/track", (*USUAL, Look(PHONE, large=True))),
    "login": Screen("/login", BRIEF),
    "manage": Screen("/manage", BRIEF, account="official"),
    "console": Screen("/console", account="desk"),
    "console-case": Screen("/console?queue=overdue", BRIEF, account="supervisor", keys="j"),
    "console-figures": Screen("/console?v=figures", BRIEF, account="official"),
    "devices": Screen("/devices", account="grid"),
    "field": Screen("/field", ON_FOOT[:1], account="grid", at=FIELD),
    "field-point": Screen("/field", ON_FOOT, account="grid", at=FIELD, press=".fi"),
    "review": Screen("/review", account="official"),
    "review-figures": Screen("/review?v=figures", BRIEF, account="official"),
    "review-runs": Screen("/review?v=runs", BRIEF, account="official"),
    "review-cases": Screen("/review?v=cases&of=disputed", BRIEF, account="supervisor"),
    "console-rules": Screen("/console?v=dispatch", BRIEF, account="supervisor"),
}


def _pictures(browser: Browser, site: str, screen: Screen) -> Iterator[tuple[Look, bytes]]:
    for look in screen.looks:
        width, height = look.size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if look.theme == "dark" else "light",
            has_touch=look.size == PHONE,
            timezone_id="Asia/Shanghai",
        )
        if screen.at:
            context.grant_permissions(["geolocation"])
            context.set_geolocation({"longitude": screen.at[0], "latitude": screen.at[1], "accuracy": 9})
        page = context.new_page()
        if look.large:
            page.add_init_script("localStorage.setItem('size', 'large')")
        if screen.account:
            _sign_in(page, site, screen.account)
        page.goto(f"{site}{screen.path}{'&' if '?' in screen.path else '?'}lang={look.lang}")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(SETTLED_MS)
        if screen.keys:
            page.keyboard.press(screen.keys)
            page.wait_for_timeout(SETTLED_MS)
        if screen.press:
            page.locator(screen.press).first.click()
            page.wait_for_timeout(SETTLED_MS)
        yield look, page.screenshot(full_page=screen.whole)
        context.close()


def _sign_in(page: Page, site: str, account: str) -> None:
    page.goto(f"{site}/login")
    page.fill("input[name=username]", account)
    page.fill("input[name=password]", (LOCAL / "demo_password").read_text(encoding="utf-8").strip())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def _store(path: Path, picture: bytes) -> None:
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").save(path, quality=QUALITY, method=6)


def main(args: list[str]) -> None:
    """Take all pictures, or those of the named screens."""
    site = args.pop(0).rstrip("/") if args and args[0].startswith("http") else "http://127.0.0.1:8000"
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox", "--disable-gpu"])
        for name in args or SCREENS:
            for look, picture in _pictures(browser, site, SCREENS[name]):
                _store(FOLDER / f"{name}-{look}.webp", picture)
                print(f"{name}-{look}.webp")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
