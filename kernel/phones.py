"""Telephone numbers as people in China write them.

Source: the numbering plan of the Ministry of Industry and Information Technology (电信网编号计划, 2017): trunk codes of
three or four digits beginning with 0 and subscriber numbers of seven or eight; mobile numbers of eleven digits
beginning with 1; service numbers of three to six digits beginning with 1 or 9; 400 and 800 numbers of ten digits.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from kernel.errors import Invalid

_DASHES = re.compile(r"[‐‑‒–—―−－ー]")
_ALLOWED = re.compile(r"\+?[0-9(][0-9 ()\-]*")
_NATIONAL = re.compile(
    r"""
    0(?:10|2[0-9]|[3-9][0-9]{2}) [0-9]{7,8} (?:-[0-9]{1,6})?   # land line with its area code, extension
    | 1[3-9][0-9]{9}                                           # mobile
    | [48]00[0-9]{7}                                           # 400 and 800 numbers
    | 1[0-9]{2,5} | 9[0-9]{4,5}                                # 110, 12345, 95598, 967890
    """,
    re.VERBOSE,
)
_LOCAL = re.compile(r"[2-9][0-9]{6,7}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def _digits(text: str) -> str:
    """Without grouping and country code; an extension keeps its dash."""
    compact = re.sub(r"[ ()]", "", text)
    if not compact.startswith(("4", "8")) and (found := re.fullmatch(r"(.*\d{7,})-(\d{1,6})", compact)):
        return _without_country(found[1].replace("-", "")) + "-" + found[2]
    return _without_country(compact.replace("-", ""))


def _without_country(digits: str) -> str:
    if not digits.startswith("+86"):
        return digits
    rest = digits[3:]
    return rest if re.fullmatch(r"0.*|1\d{2,5}|1\d{10}|[48]00\d{7}", rest) else "0" + rest


def normal_number(text: str, *, field: str = "number", mobile: bool = False) -> str:
    """``text`` as it is stored and shown: half-width digits, plain dashes, single blanks; grouping is kept.

    Args:
        text: what was typed.
        field: named by the error.
        mobile: take mobile numbers only.

    Raises:
        Invalid: code "not_a_number"; the hint says what is missing.
    """
    plain = " ".join(_DASHES.sub("-", unicodedata.normalize("NFKC", text)).split())
    if not _ALLOWED.fullmatch(plain):
        raise Invalid(
            _("“%s”不是电话号码。") % plain[:30],
            code="not_a_number",
            field=field,
            hint=_("只填一个号码，例如 0572-0123 4567、12345。"),
        )
    digits = _digits(plain)
    if mobile and not _MOBILE.fullmatch(digits):
        raise Invalid(_("手机号码要有 11 位。"), code="not_a_number", field=field)
    if not _NATIONAL.fullmatch(digits):
        local = _LOCAL.fullmatch(digits)
        hint = _("请加上区号，例如 0572-0123 4567。") if local else _("固定电话要有区号，手机 11 位，热线如 12345。")
        raise Invalid(_("号码“%s”不完整，打不通。") % plain[:30], code="not_a_number", field=field, hint=hint)
    return plain


def tel_uri(number: str) -> str:
    """The ``tel:`` link of a number, with its extension where it has one (RFC 3966)."""
    return "tel:" + _digits(number).replace("-", ";ext=")
