"""What reporters and followers are told: written into the outbox with the change, delivered by the worker.

A message names the report by its number and its masked title, and nothing else of it. Addresses stay encrypted until
the moment of sending: the outbox holds the key of the person, not where they live.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents import selectors
from incidents.models import Follower, Report, Reporter
from kernel import clock, sealed
from kernel.outbox import Message, channels
from kernel.viewer import Viewer
from records.models import OutboxMessage
from records.services import outbox_add

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CHANNEL = "reporter"
NOBODY = "none"
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class Words:
    """What is told of one move; ``%(title)s``, ``%(number)s`` and ``%(more)s`` are filled in.

    Attributes:
        to_followers: whether followers hear of it, too.
    """

    subject: StrOrPromise
    body: StrOrPromise
    to_followers: bool = False


WORDS: dict[str, Words] = {
    "submit": Words(
        gettext_lazy("收到您的反映 %(number)s"),
        gettext_lazy("您反映的“%(title)s”已收到，最晚 %(more)s 前受理。用查询码可以随时查看进度。"),
    ),
    "accept": Words(
        gettext_lazy("您的反映 %(number)s 已受理"), gettext_lazy("“%(title)s”已受理，办理时限到 %(more)s。")
    ),
    "ask": Words(
        gettext_lazy("您的反映 %(number)s 需要补充"),
        gettext_lazy("办理“%(title)s”还缺一些情况，请用查询码打开进度页补充，最晚 %(more)s。"),
    ),
    "lapse": Words(
        gettext_lazy("您的反映 %(number)s 已撤回"),
        gettext_lazy("“%(title)s”要补充的情况一直没有收到，已按撤回处理。需要时请重新反映。"),
    ),
    "reject": Words(
        gettext_lazy("您的反映 %(number)s 不予受理"),
        gettext_lazy("“%(title)s”不予受理：%(more)s。理由和该找谁，请看进度页。"),
    ),
    "merge": Words(
        gettext_lazy("您的反映 %(number)s 已并案"),
        gettext_lazy("“%(title)s”与 %(more)s 是同一件事，已并在一起办理。办理结果照样会告诉您。"),
        to_followers=True,
    ),
    "answer": Words(
        gettext_lazy("您的反映 %(number)s 有答复了"),
        gettext_lazy("“%(title)s”已经答复，请打开进度页看结果，并说说是否满意。"),
        to_followers=True,
    ),
    "dismiss": Words(
        gettext_lazy("您的反映 %(number)s 终止办理"), gettext_lazy("“%(title)s”终止办理，理由请看进度页。"), True
    ),
    "close": Words(gettext_lazy("反映 %(number)s 已办结"), gettext_lazy("“%(title)s”已办结。"), to_followers=True),
    "reopen": Words(
        gettext_lazy("反映 %(number)s 重新办理"), gettext_lazy("“%(title)s”已退回重办，办理时限到 %(more)s。"), True
    ),
    "comment": Words(
        gettext_lazy("您的反映 %(number)s 有新留言"), gettext_lazy("“%(title)s”有工作人员的新留言，请打开进度页查看。")
    ),
}


def tell(report: Report, event: str, *, by: Viewer, more: str = "", mark: str = "") -> None:
    """Have everybody told whom ``event`` concerns: the reporter, those whose reports were merged into it, followers.

    Call it inside the transaction of the change. Whoever left no address gets a row that says what they would have
    been told.

    Args:
        report: saved.
        event: of ``WORDS``.
        by: in whose name.
        more: a date, a reason, a number; nothing private.
        mark: tells two messages of one event apart (the round).

    Cost: two queries and one per person.
    """
    words = WORDS[event]
    for person in _people(report, words):
        with translation.override(LANGUAGES.get(person.language, "zh-hans")):
            title = report.title if report.is_public else _("这件事")  # a sensitive title is for nobody's mail box
            filled = {"number": person.report.number, "title": title, "more": more}
            outbox_add(
                by=by,
                dedupe_key=f"report-{report.pk}-{event}-{mark or report.version}-{_key(person)}",
                channel=CHANNEL if selectors.is_told(person) else NOBODY,
                recipient=_key(person),
                subject=str(words.subject) % filled,
                body=str(words.body) % filled + _links(person),
                data={"unsubscribe": _stop(person)},
            )


ASKED_MOST = 3
"""Messages a day that ask one address or telephone whether it wants to be told: whoever types that of somebody else,
and again and again, fills no letter box."""
ASKING = {"asks": True}
"""Marks such a message: the only one that goes to an address whose reader has not said yes."""


def confirm_ask(person: Reporter | Follower, *, by: Viewer, site: str = "") -> None:
    """Ask whoever reads the address of ``person`` whether they want to be told. Inside the transaction of the address.

    Whoever has no address, or has said yes, is not asked.

    Args:
        person: with its report.
        by: in whose name.
        site: what the address of the page begins with, where no setting says it; without either nobody is asked.

    Cost: two queries.
    """
    site = settings.SITE_URL or site
    if not site or not selectors.told_at(person) or selectors.is_told(person):
        return
    address = sealed.digest(sealed.unseal(selectors.told_at(person)), "follow")[:32]
    asked = f"follow-{address}-{clock.today()}-"
    number = OutboxMessage.objects.filter(dedupe_key__startswith=asked).count()
    if number >= ASKED_MOST:
        return
    page = f"{site}/follow/confirm/{selectors.confirm_token(person)}{_also(person)}"
    with translation.override(LANGUAGES.get(person.language, "zh-hans")):
        said = _("有人（应该是您）想在反映 %(number)s“%(title)s”有进展时收到消息。要收到，请打开下面的页面确认：")
        if isinstance(person, Reporter):  # what was written has been read by nobody yet, and a stranger may read this
            said = _("有人（应该是您）给反映 %(number)s 留了您的联系方式。要在有进展时收到消息，请打开下面的页面确认：")
        ignored = _("不是您？不用管，不会再发给您。")
        outbox_add(
            by=by,
            dedupe_key=f"{asked}{number}",
            channel=CHANNEL,
            recipient=_key(person),
            subject=_("请确认：反映 %(number)s 的进展提醒") % {"number": person.report.number},
            body=f"{said % {'number': person.report.number, 'title': person.report.title}}\n\n{page}\n\n{ignored}",
            data=ASKING,
        )


def _people(report: Report, words: Words) -> Iterator[Reporter | Follower]:
    together = Q(report=report) | Q(report__merged_into=report)
    yield from Reporter.objects.filter(together).select_related("report")
    if words.to_followers:
        yield from Follower.objects.filter(together, is_told=True).exclude(email=b"").select_related("report")


def _key(person: Reporter | Follower) -> str:
    return f"{type(person).__name__.lower()}:{person.pk}"


def _links(person: Reporter | Follower) -> str:
    """Where to go on, and where to stop; nothing while nobody has said what addresses begin with."""
    if not settings.SITE_URL:
        return ""
    track = f"\n\n{settings.SITE_URL}/track" if isinstance(person, Reporter) else ""
    return track + ("\n\n" + _("不想再收到：%s") % _stop(person) if selectors.is_told(person) else "")


def _stop(person: Reporter | Follower) -> str:
    """Address of the page that stops messages; "" where there is none to stop."""
    if not (settings.SITE_URL and selectors.is_told(person)):
        return ""
    return f"{settings.SITE_URL}/follow/stop/{selectors.stop_token(person)}{_also(person)}"


def _also(person: Reporter | Follower) -> str:
    return "?lang=en" if person.language == "en" else ""


def send(message: Message) -> None:
    """Deliver to a person: by e-mail where there is an address, else through the gateway for telephones.

    The delivery of the channel ``reporter``. A person who is gone or has stopped meanwhile gets nothing.
    """
    kind, _colon, key = message.recipient.partition(":")
    model = Follower if kind == "follower" else Reporter
    person = model._default_manager.filter(pk=int(key)).first()
    if person is None:
        return
    address = sealed.unseal(selectors.told_at(person))
    if address and (selectors.is_told(person) or message.data == ASKING):
        channels["email" if person.email else "webhook"].send(replace(message, recipient=address))
