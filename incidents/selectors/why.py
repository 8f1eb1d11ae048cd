"""Why the text help proposes what it proposes, in a sentence for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from incidents.text import WORDS


def category_why(proposal: Mapping[str, Any]) -> str:
    """From which history the kind was worked out, and by which words."""
    reasons = proposal.get("reasons", ())
    if proposal.get("model_version", WORDS) == WORDS:
        return _("原话里有这一类常用的词，您来定")
    source = _("由本县历史推算，您来定") if proposal.get("is_own") else _("由样例数据推算，您来定")
    known = [_("“%s”见于 %d 件") % (one["word"], one["count"]) for one in reasons if one["kind"] == "history"]
    own = [_("“%s”是这一类常用的词") % one["word"] for one in reasons if one["kind"] == "word"]
    return _("；").join([source, *known, *own])


def urgent_why(proposal: Mapping[str, Any]) -> str:
    """Which words are those of a danger, or that the text reads like those that people called urgent."""
    words = [one["word"] for one in proposal.get("reasons", ()) if one["kind"] == "urgent"]
    return _("原话里有“%s”") % _("”“").join(words) if words else _("用词和以往定为紧急的反映相近")
