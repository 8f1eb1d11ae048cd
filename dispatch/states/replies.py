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


_STOCK = re.compile(
    "|".join(
        (
            r"[您你]?所?反[映应]的?(?:问题|情况|事项|诉求|内容)(?:属实|已?(?:收悉|收到|知悉|核实))?",
            r"情况属实|已?(?:收悉|知悉)|经(?:认真)?(?:核实|调查|核查|了解|研究)|(?:高度|十分|非常)重视|第一时间|举一反三",
            r"(?:已|将|会)?(?:立即|马上|及时|迅速|尽快)?(?:安排|组织|派出?|责成|责令|督促|联系|协调|通知|转交?)了?"
            r"(?:专人|(?:我[局镇站]|相关|有关|职能|责任|工作)?(?:人员|部门|单位|科室))"
            r"(?:对此|前往|到现场|现场)?(?:进行)?(?:核实|核查|查看|调查|处理|处置|办理|整改|解决|跟进)?",
            r"(?:将|会|正在?)?(?:尽快|及时|抓紧|妥善|进一步|持续|继续|加快|积极|全力)(?:予以|进行)?"
            r"(?:协调|处理|处置|解决|办理|落实|整改|跟进|推进|答复|回复)",
            r"正在(?:协调|积极)?(?:处理|处置|办理|解决|整改|落实)中?",
            r"(?:该|此|相关|上述)?(?:问题|事项|情况)?(?:现|均|都)?已经?(?:按照?(?:规定|程序|流程|要求))?"
            r"(?:处理|处置|办理|解决|整改|落实)(?:完毕|到位|完成|完结|好|了)?",
            r"下一步|(?:加强|加大|强化).{0,6}?(?:管理|巡查|监管|监督|宣传|维护|力度)|杜绝.{0,6}再次发生",
            r"感谢.{0,20}(?:支持|理解|关心|关注|配合|监督|反映|来电|来信|信任|宽容)",
            r"[如若]您?(?:仍|还|再)?有(?:任何|其[他它])?(?:疑问|问题|需要|情况)",
            r"(?:欢迎|请您?|可以?)?(?:随时|再)?(?:[与向和](?:我们|我[局镇站]|我?单位))?(?:来电|致电|拨打电话|联系我们|咨询|联系)",
            r"(?:敬|还)?[请望]您?(?:耐心等[待候]|谅解|理解|知悉|放心|监督)|祝[您你]?.{0,8}(?:愉快|健康|幸福|快乐|顺利)",
            r"特此(?:回复|答复|函复|告知)|我(?:们|单位|局|镇|乡|街道|部门|中心)将?",
            r"thankyoufor.*|weattachgreatimportanceto.*|yourreporthasbeenreceived|wewill(?:dealwith|handle|solve)?it.*",
            r"the(?:matter|problem|issue)hasbeen(?:handled|solved|dealtwith|resolved)|pleasewaitpatiently|bestregards",
        )
    )
)
"""What fits every case, clause by clause, in the writing of ``essence``: with verbs and nouns that are exchanged."""
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


def own_words(text: str, names: Iterable[str] = ()) -> str:
    """What of ``text`` does not fit every case: its essence without stock clauses."""
    clauses = re.split(r"[。！？!?；;，,\n.]+", unicodedata.normalize("NFKC", text))
    return "".join(_STOCK.sub("", essence(clause, names)) for clause in clauses)


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
