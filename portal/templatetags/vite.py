"""Tags that put a page's files of the front end into its template."""

from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal.vite import assets

register = template.Library()


@register.simple_tag
def vite_css(page: str) -> SafeString:
    """The style sheets of a page."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((url,) for url in assets(page).css))


@register.simple_tag
def vite_js(page: str, lang: str = "") -> SafeString:
    """The script of a page and what it loads first, the dictionary of ``lang`` included."""
    files = assets(page, lang)
    first = format_html_join("\n", '<link rel="modulepreload" href="{}">', ((url,) for url in files.preload))
    script = format_html_join("", '<script type="module" src="{}"></script>', [(files.script,)] if files.script else [])
    return first + script
