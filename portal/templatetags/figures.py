"""Tags of the printed sheets: figures as SVG."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.reports import figures

register = template.Library()


@register.simple_tag
def status_mark(status: str) -> SafeString:
    """The mark of a project's status."""
    return mark_safe(figures.mark(status))  # noqa: S308  numbers and our own words only


@register.simple_tag
def progress_bar(project: dict[str, Any]) -> SafeString:
    """Actual and plan of a project as a bar with a tick."""
    return mark_safe(figures.bar(project["actual"], project["planned"], project["status"]))  # noqa: S308


@register.simple_tag
def curve(indicator: dict[str, Any]) -> SafeString:
    """An indicator by month."""
    return mark_safe(figures.curve(indicator["months"], indicator["unit"]))  # noqa: S308
