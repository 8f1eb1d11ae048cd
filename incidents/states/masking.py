"""What a text says of people in numbers, found in many spellings and blotted out. No Django here.

Found are mobile numbers, land lines, identity numbers of 18 and 15 digits, runs as long as a bank card, names in WeChat
and QQ, e-mail addresses and number plates. Digits may be full-width, circled, Chinese (一三八…, 壹叁捌…, 幺), and stand
apart with blanks, dots, dashes or single letters between them. Numbers of offices that the caller names stay.

Sources: telephone numbers as in ``kernel.phones``; GB 11643-1999 for identity numbers; ISO/IEC 7812-1 for the length of
card numbers (up to 19 digits); GA 36-2018 for number plates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

BLOT = "****"
"""What stands in place of a number."""

TITLE_LONGEST = 24
"""Characters of a title."""

_CHINESE = {
    **dict(zip("〇零一二三四五六七八九", (0, *range(10)), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    **{"幺": 1, "贰": 2, "貳": 2, "參": 3, "陸": 6, "兩": 2, "两": 2, "○": 0, "◯": 0},
}
_BETWEEN = set("-–—−－_.。．·•・*~～/\\|()（）[]【】<>《》'\"“”+＋=:：#杠点") | {"\u200b", "\u200d", "\ufeff"}
_MOST_BETWEEN = 3
"""Signs between two digits of one number."""

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LAND_LINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_IDENTITY = re.compile(
    r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]"
    r"|[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
)
_WHOLE = re.compile(rf"(?:00)?(?:86)?(?:{_MOBILE.pattern}|{_LAND_LINE.pattern}|{_IDENTITY.pattern})")
_CARD_FROM = 13
"""Digits in a row from which nothing but a number of somebody is meant."""

_MOMENT = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?(?!\d)|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"(?!\d)|\d{1,2}:\d{2}(?::\d{2})?(?!\d))"
)
_NAMED = re.compile(
    r"(?:微信|薇信|威信|微❤|weixin|wechat|扣扣|企鹅号?|(?<![a-z])(?:vx|wx|qq|v信|v(?=\s*[:：])))"
    r"(?:同号|账号|帐号|号码|号|id)?[\s:：是为叫（(]{0,4}(?P<name>[a-z0-9][a-z0-9_\-]{4,19})",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    r"(?:电话|座机|号码|联系|tel|打)[^\d\n，。；;]{0,6}(?P<name>[2-9]\d{2,3}[ -]?\d{4})(?!\d)", re.IGNORECASE
)
_EMAIL = re.compile(r"(?P<name>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
_PLATE = re.compile(
    r"(?P<name>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·•.]?"
    r"(?=[A-HJ-NP-Z0-9]*\d)[A-HJ-NP-Z0-9]{5,6})(?![A-Z0-9])",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，。！？；,!?;\n\r]+")
_GREETING = re.compile(
    r"(?:尊敬的)?(?:各位)?(?:领导|您|你|书记|县长|市长|工作人员)?(?:们)?(?:好|您好|你好)?|请问(?:有人管吗)?|急|(?:再)?反映(?:一下|一次)?|hello|hi"
    r"|dear .*",
    re.IGNORECASE,
)
"""Clauses that say nothing of the matter; a title is made of the first other one."""

Span = tuple[int, int]
"""First character and the one after the last."""


@dataclass(frozen=True, slots=True)
class _Digit:
    at: int
    value: str


def masked(text: str, keep: Collection[str] = ()) -> str:
    """``text`` without what identifies people.

    Args:
        text: as it was written.
        keep: numbers of offices, as they are published; they stay however they are written.
    """
    out, end = [], 0
    for start, stop in _joined(spans(text, keep)):
        out += [text[end:start], BLOT]
        end = stop
    return "".join([*out, text[end:]])


def title_of(text: str, keep: Collection[str] = ()) -> str:
    """The first clause of the masked text that is no greeting, at most 24 characters."""
    clauses = [clause for part in _CLAUSE.split(masked(text, keep)) if (clause := part.strip())]
    first = next((clause for clause in clauses if not _GREETING.fullmatch(clause)), "".join(clauses[:1]))
    return first if len(first) <= TITLE_LONGEST else first[: TITLE_LONGEST - 1] + "…"


def spans(text: str, keep: Collection[str] = ()) -> list[Span]:
    """Where ``text`` says something of people, by position; may overlap."""
    plain = _half_width(text)
    known = _known(tuple(keep))
    found = [span for run in _runs(plain) for span in _in_run(plain, run, known)]
    for pattern in (_NAMED, _LOCAL, _EMAIL, _PLATE):
        hits = pattern.finditer(plain)
        found += [hit.span("name") for hit in hits if re.sub(r"\D", "", hit["name"]) not in known]
    return sorted(found)


@lru_cache(maxsize=16)
def _known(keep: tuple[str, ...]) -> frozenset[str]:
    """Digits of numbers of offices; lists of reports mask a thousand texts with the same ones."""
    return frozenset(digits for number in keep if len(digits := re.sub(r"\D", "", _half_width(number))) >= 7)


def digits_of(text: str) -> str:
    """The digits of ``text`` in their order, whatever they are written with."""
    return "".join(digit.value for run in _runs(_half_width(text)) for digit in run)


def _half_width(text: str) -> str:
    """``text`` with full-width signs in their plain form, character by character, so that positions stay."""
    return "".join(one if len(one := unicodedata.normalize("NFKC", sign)) == 1 else sign for sign in text)


def _digit(sign: str) -> str:
    """The digit that a sign stands for, or ""."""
    value = _CHINESE.get(sign)
    if value is None:
        value = unicodedata.digit(sign, -1)
    return str(value) if value >= 0 else ""


def _is_between(sign: str) -> bool:
    """Whether a sign may stand inside a number without ending it."""
    return sign in _BETWEEN or sign.isspace() or unicodedata.category(sign) in ("Mn", "Me", "Cf") or sign.isascii()


def _runs(plain: str) -> Iterator[list[_Digit]]:
    """Digits that may belong to one number: at most three signs apart, none of which is part of a sentence."""
    run: list[_Digit] = []
    for at, sign in enumerate(plain):
        if value := _digit(sign):
            run.append(_Digit(at, value))
        elif run and sign in "xX" and _is_identity_body(run):
            run.append(_Digit(at, "X"))
        elif run and (not _is_between(sign) or at - run[-1].at > _MOST_BETWEEN):
            yield run
            run = []
    if run:
        yield run


def _is_identity_body(run: list[_Digit]) -> bool:
    """Whether the last 17 digits may be all of an identity number but its check sign X."""
    body = "".join(digit.value for digit in run[-17:])
    return len(body) == 17 and _IDENTITY.fullmatch(body + "X") is not None


def _in_run(plain: str, run: list[_Digit], known: Collection[str]) -> Iterator[Span]:
    if _WHOLE.fullmatch(_text(run)) and _text(run) not in known:
        yield _span(run)
        return
    for part in _without_moments(plain, run):
        for rest in _without_known(part, known):
            yield from _numbers(rest)


def _numbers(run: list[_Digit]) -> Iterator[Span]:
    """Numbers of people in a run without dates and numbers of offices."""
    text = _text(run)
    if len(text) >= _CARD_FROM:
        yield _span(run)
        return
    for pattern in (_MOBILE, _LAND_LINE):
        for hit in pattern.finditer(text):
            part = run[hit.start() : hit.end()]
            if pattern is _MOBILE or _begins_token(run, hit.start()):
                yield _span(part)


def _without_moments(plain: str, run: list[_Digit]) -> Iterator[list[_Digit]]:
    """The run in parts, without the dates and times of day in it."""
    first, last = run[0].at, run[-1].at + 1
    moments = [hit.span() for hit in _MOMENT.finditer(plain, max(first - 1, 0), min(last + 1, len(plain)))]
    part: list[_Digit] = []
    for digit in run:
        if any(start <= digit.at < stop for start, stop in moments):
            if part:
                yield part
            part = []
        else:
            part.append(digit)
    if part:
        yield part


def _without_known(run: list[_Digit], known: Collection[str]) -> Iterator[list[_Digit]]:
    """The run in parts, without the numbers of offices in it."""
    text, begin, at = _text(run), 0, 0
    while at < len(run):
        number = next((one for one in known if text.startswith(one, at) and _is_token(run, at, at + len(one))), "")
        if number:
            if run[begin:at]:
                yield run[begin:at]
            at += len(number)
            begin = at
        else:
            at += 1
    if run[begin:]:
        yield run[begin:]


def _is_token(run: list[_Digit], start: int, stop: int) -> bool:
    """Whether the digits from ``start`` to ``stop`` touch no other digit."""
    return _begins_token(run, start) and (stop == len(run) or run[stop].at > run[stop - 1].at + 1)


def _begins_token(run: list[_Digit], at: int) -> bool:
    return at == 0 or run[at].at > run[at - 1].at + 1


def _text(run: list[_Digit]) -> str:
    return "".join(digit.value for digit in run)


def _span(run: list[_Digit]) -> Span:
    return run[0].at, run[-1].at + 1


def _joined(found: list[Span]) -> Iterator[Span]:
    """Spans that touch or overlap as one."""
    current: Span | None = None
    for start, stop in found:
        if current and start <= current[1]:
            current = current[0], max(current[1], stop)
        else:
            if current:
                yield current
            current = start, stop
    if current:
        yield current
