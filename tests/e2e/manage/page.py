"""Ways around the staff page."""

from playwright.sync_api import expect

from tests.factories import media, places

HETANG, QIAOTOU, COUNTY = "990521003007", "990521003006", places.COUNTY
FOCUSED = """() => {
  const e = document.activeElement;
  return (e.labels && e.labels[0] && e.labels[0].innerText) || e.getAttribute('aria-label') || e.innerText || '';
}"""


def ready(page):
    """Wait until the screen stands."""
    page.locator(".home, .rows li, .edithead, .single h1").first.wait_for()
    page.locator(".skels").first.wait_for(state="detached")


def tab_to(page, name):
    """Press Tab until the control of this name has the keyboard; waits until it is there."""
    expect(page.get_by_label(name).or_(page.get_by_text(name)).first).to_be_attached()
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
