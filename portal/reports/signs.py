"""Leaflet, icons and marks as the front end's build leaves them for files (``frontend/dist/briefing``)."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kernel.errors import Unavailable

_TYPES = {".js": "text/javascript", ".css": "text/css"}


def text_of(name: str) -> str:
    """A file of the build.

    Raises:
        Unavailable: the front end was not built.
    """
    path = Path(settings.BASE_DIR) / "frontend" / "dist" / "briefing" / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        hint = _("先运行 ./dev up，或在 frontend 里运行 npm run build。")
        raise Unavailable(_("前端还没有构建，缺少 %s。") % path.name, hint=hint) from None


def data_uri(name: str) -> str:
    """A file of the build as an address that holds it."""
    data = base64.b64encode(text_of(name).encode()).decode()
    return f"data:{_TYPES[Path(name).suffix]};charset=utf-8;base64,{data}"


@cache
def _signs() -> dict[str, dict[str, Any]]:
    signs: dict[str, dict[str, Any]] = json.loads(text_of("signs.json"))
    return signs


def tone(status: str) -> str:
    """The family of colours of a status: "work", "late" …"""
    return str(_signs()["looks"].get(status, {}).get("tone", "pause"))


def strokes(status: str) -> list[dict[str, Any]]:
    """Paths of the mark of a status on 16 × 16: ``d``, tokens ``fill`` and ``line``, ``width``, ``dash``."""
    name = _signs()["looks"].get(status, {}).get("mark", "even")
    drawn: list[dict[str, Any]] = _signs()["marks"][name]
    return drawn


def mark(status: str) -> SafeString:
    """The mark of a status, as ``core/icons/Icon.tsx`` draws it."""
    lines = (
        (one["d"], _token(one.get("fill")), _token(one.get("line")), one.get("width", 1), one.get("dash", "none"))
        for one in strokes(status)
    )
    path = '<path d="{}" style="fill:{};stroke:{};stroke-width:{};stroke-dasharray:{}"/>'
    return format_html(
        '<svg class="st" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', format_html_join("", path, lines)
    )


def _token(name: str | None) -> str:
    return f"var(--{name})" if name else "none"


def icon(name: str) -> SafeString:
    """An icon on 24 × 24; a pin for a name that the build does not know."""
    icons = _signs()["icons"]
    return format_html(
        '<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', icons.get(name, icons["pin"])
    )
