"""When a reply is only a template: what is left of it once everything that fits any case is taken away.

The sentences are those that inspections of hot-line replies complain about; names, dates, numbers and greetings are
taken away first, so that filling in a form does not make it an answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from enum import StrEnum

LEAST = 8
"""Characters of its own that a reply must have: the shortest true one we know is "已更换灯泡，今晚亮灯" (9)."""

ALIKE = 0.9
"""Ratio of equal characters from which two replies are the same one. One changed word in a sentence of 20 is .95."""


class ReasonCode(StrEnum):
    """Why a reply comes with neither photo nor document."""

    NO_SITE = "no_site"
    PRIVACY = "privacy"
    SECURITY = "security"
    ADVICE = "advice"


class Check(StrEnum):
    """What a reviewer must have looked at before a reply goes out."""

    ANSWERS = "answers"
    EVIDENCE = "evidence"
    PRIVATE = "private"
    PLAIN = "plain"


_STOCK = (
    *(
        "您反映的问题",
        "您反映的情况",
        "你反映的问题",
        "反映的情况属实",
        "情况属实",
        "已收悉",
        "收悉",
        "经核实",
        "经调查",
    ),
    *("高度重视", "立即安排人员进行核实", "已安排工作人员处理", "已安排人员处理", "安排专人跟进", "第一时间"),
    *("已转相关部门处理", "已责成相关单位尽快处理", "尽快处理", "尽快解决", "正在处理中", "正在协调解决"),
    *("下一步", "加强管理", "加大巡查力度", "加强巡查", "举一反三", "杜绝此类现象再次发生"),
    *("感谢您对我们工作的关心和支持", "感谢您的关心和支持", "感谢您的理解与支持", "感谢您的支持", "感谢您的反映"),
    *("如有疑问请拨打电话咨询", "如有其他问题请与我们联系", "请您耐心等待", "敬请谅解", "祝您生活愉快", "特此回复"),
    *("问题已解决", "问题已处理", "已处理完毕", "已办理完毕", "已按规定办理", "我单位", "我们将", "我局", "我镇"),
    "thank you for your report",
    "we attach great importance to your report",
    "your report has been received",
    "the matter has been handled",
    "the problem has been solved",
    "we will deal with it as soon as possible",
    "please wait patiently",
    "thank you for your understanding and support",
)
_GREETING = re.compile(
    r"尊敬的\w{0,6}?(?:先生|女士|市民|网友|居民|群众|同志)|(?:市民|网友|居民)朋友|您好|你好"
    r"|dear (?:sir|madam|resident)s?"
)
_PERSON = re.compile(r"[\u4e00-\u9fff]{1,2}(?:先生|女士|同志|某某|某)")
_DATE = re.compile(
    r"(?:\d{2,4}年)?\d{1,2}月(?:\d{1,2}[日号])?|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|[上下]午|\d{1,2}[时点:]\d{0,2}分?"
)
_NUMBER = re.compile(r"[0-9〇一二三四五六七八九十百]+(?=[号个处次名人天日盏米公里户组])|[0-9]+")
_REST = re.compile(r"[\W_]+")


def essence(text: str, names: Iterable[str] = ()) -> str:
    """``text`` without greetings, persons, dates, numbers, punctuation and ``names``, in one form of writing."""
    plain = unicodedata.normalize("NFKC", text).lower()
    for name in sorted(filter(None, names), key=len, reverse=True):
        plain = plain.replace(unicodedata.normalize("NFKC", name).lower(), " ")
    for pattern in (_GREETING, _PERSON, _DATE, _NUMBER, _REST):
        plain = pattern.sub(" " if pattern is not _REST else "", plain)
    return plain


_STOCK_ESSENCES = sorted((_REST.sub("", one) for one in _STOCK), key=len, reverse=True)


def own_words(text: str, names: Iterable[str] = ()) -> str:
    """What of ``text`` does not fit every case: its essence without stock sentences, also nearly equal ones."""
    sentences = re.split(r"[。！？!?；;，,\n.]+", unicodedata.normalize("NFKC", text))
    kept = []
    for sentence in sentences:
        plain = essence(sentence, names)
        for stock in _STOCK_ESSENCES:
            plain = plain.replace(stock, "")
        if plain and not any(_alike(plain, stock) for stock in _STOCK_ESSENCES):
            kept.append(plain)
    return "".join(kept)


def template_of(text: str, earlier: Iterable[tuple[int, str]] = (), names: Iterable[str] = ()) -> str:
    """Why ``text`` is no answer: "short", "stock", or "same_as:NUMBER"; "" when it is one.

    Args:
        text: of the reply.
        earlier: other replies of the same unit, by key.
        names: of units and places of this case.
    """
    known = tuple(names)
    plain = essence(text, known)
    if len(plain) < LEAST:
        return "short"
    if len(own_words(text, known)) < LEAST:
        return "stock"
    return next((f"same_as:{key}" for key, other in earlier if _alike(plain, essence(other, known))), "")


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    match = SequenceMatcher(None, one, other, autojunk=False)
    return match.real_quick_ratio() >= ALIKE and match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE
