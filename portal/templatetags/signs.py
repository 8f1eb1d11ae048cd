"""Icons and marks of the visual language in templates of files."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from portal.reports import signs

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon."""
    return signs.icon(name)


@register.simple_tag
def mark(status: str) -> SafeString:
    """The mark of a status."""
    return signs.mark(status)


@register.filter
def tone(status: str) -> str:
    """The family of colours of a status."""
    return signs.tone(status)
