"""Colours of the printed sheets: those of the pages, read from the one file that defines them."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings

FONTS = "Noto Sans CJK SC,Noto Sans SC,Droid Sans Fallback,Open Sans,sans-serif"
"""Chinese faces first, otherwise punctuation is Latin; the last two come with the product (scripts/pango.py)."""

_FILE = "frontend/src/core/css/tokens.css"


@cache
def light() -> dict[str, str]:
    """Token → value of the light theme: {"map-land": "#F4F5EF", …}."""
    text = (settings.BASE_DIR / _FILE).read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    blocks = re.findall(r"(?:^|\})\s*:root\s*\{([^}]*)\}", text)
    return dict(re.findall(r"--([\w-]+):\s*([^;]+?)\s*(?:;|$)", "".join(blocks)))


def as_css() -> str:
    """The tokens as a style sheet."""
    return ":root{" + "".join(f"--{name}:{value};" for name, value in light().items()) + "}"
