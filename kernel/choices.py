"""What is said to who has chosen something that is not there: the words that people see, with the codes of programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kernel.errors import Invalid

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Titles = Mapping[Any, "StrOrPromise"]
"""What codes are called, by code; codes are texts, also those of enumerations."""


def not_among(name: str, options: Iterable[str], titles: Titles | None = None, title: StrOrPromise = "") -> Invalid:
    """The refusal of a value that is none of some, to be raised.

    Args:
        name: of the field or parameter, as programs send it.
        options: codes, in the order in which people hear them.
        titles: their words; a code without one is its own.
        title: the word for the field.
    """
    words = titles or {}
    said = _("、").join(called(str(words.get(one, "")), one) for one in options)
    return Invalid(_("“%(name)s”只能是：%(of)s。") % {"name": called(str(title), name), "of": said}, field=name)


def called(title: str, code: str) -> str:
    """``建筑（building）``; the code alone where it is called nothing else."""
    return _("%(title)s（%(code)s）") % {"title": title, "code": code} if title and title != code else code
