"""Names and dates in the language of the request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import formats
from django.utils.translation import get_language, override


def is_english() -> bool:
    """Whether the request speaks English (every other one speaks Chinese)."""
    return (get_language() or "").startswith("en")


def named(name: str, name_en: str) -> str:
    """``name_en`` for English readers where there is one, else ``name``."""
    return name_en if name_en and is_english() else name


def in_both(say: Callable[[], str]) -> tuple[str, str]:
    """What ``say`` gives in Chinese and in English: for what is kept, and read later in either language."""
    with override("zh-hans"):
        chinese = say()
    with override("en"):
        return chinese, say()


def day_written(day: dt.date) -> str:
    """A date as people write it: 2026年6月15日, 15 June 2026."""
    return formats.date_format(day, "j F Y" if is_english() else "Y年n月j日")
