"""Names in the language of the request."""

from __future__ import annotations

from django.utils.translation import get_language


def is_english() -> bool:
    """Whether the request speaks English (every other one speaks Chinese)."""
    return (get_language() or "").startswith("en")


def named(name: str, name_en: str) -> str:
    """``name_en`` for English readers where there is one, else ``name``."""
    return name_en if name_en and is_english() else name
