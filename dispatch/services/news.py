"""Whom a move is told: the app that had the order opened, and the people whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.selectors import answering_for, handlers_of
from dispatch.models import Extension, RoutingDecision, Supervision, WorkOrder
from dispatch.selectors import day_of
from dispatch.states import State
from kernel.language import in_both
from kernel.outbox import channels
from kernel.viewer import Role, Viewer
from kernel.work import WorkNews, work_sources
from records.models import HistoryEvent
from records.services import outbox_add

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def tell(by: Viewer, order: WorkOrder, event: HistoryEvent) -> None:
    """Tell of a step that was just written, in its transaction.

    The source hears of the leading order only: tasks of further units are the office's own affair.
    """
    if order.parent_id is None:
        _tell_source(by, order, event)
    tell_people(by, order, event)


def _tell_source(by: Viewer, order: WorkOrder, event: HistoryEvent) -> None:
    source = work_sources[order.source]
    news = WorkNews(order.source_id, order.pk, event.move, order.state, event.data)
    if event.move == "approve" and order.state == State.DONE:
        source.on_finished(by, news)
    elif order.state == State.CANCELLED:
        source.on_cancelled(by, news)
    else:
        source.on_moved(by, news)


# ---------------------------------------------------------------- people

Group = Callable[[WorkOrder], Iterable[int | None]]
"""Keys of the people whose turn it is."""


def unit_of(order: WorkOrder) -> Iterable[int | None]:
    """Whoever works on it, or everybody of the unit while nobody does."""
    if order.assignee_id:
        return [order.assignee_id]
    return handlers_of(order.lead_unit_id) if order.lead_unit_id else []


def dispatchers_of(order: WorkOrder) -> Iterable[int | None]:
    """Grid managers of the place, or the desk where there is none."""
    found = answering_for(order.county_id, [Role.GRID_MANAGER], order.grid_id or order.place_id)
    return found or answering_for(order.county_id, [Role.DESK], order.place_id)


def supervisors_of(order: WorkOrder) -> Iterable[int | None]:
    """Supervisors who answer for the place."""
    return answering_for(order.county_id, [Role.SUPERVISOR], order.place_id)


def reviewers_of(order: WorkOrder) -> Iterable[int | None]:
    """Who may review it."""
    return answering_for(order.county_id, [Role.DESK, Role.SUPERVISOR], order.place_id)


def _unit_and_supervisors(order: WorkOrder) -> Iterable[int | None]:
    return [*unit_of(order), *supervisors_of(order)]


def _dispatchers_and_supervisors(order: WorkOrder) -> Iterable[int | None]:
    return [*dispatchers_of(order), *supervisors_of(order)]


def _unit_and_dispatchers(order: WorkOrder) -> Iterable[int | None]:
    return [*unit_of(order), *dispatchers_of(order)]


def _asked_by(order: WorkOrder) -> Iterable[int | None]:
    return Extension.objects.filter(order=order).values_list("asked_by", flat=True)


def _issued_by(order: WorkOrder) -> Iterable[int | None]:
    return Supervision.objects.filter(order=order).order_by("-pk").values_list("issued_by", flat=True)[:1]


def _workers(order: WorkOrder) -> Iterable[int | None]:
    return {order.signed_by_id, order.submitted_by_id, order.assignee_id}


Why = Mapping[str, str]
"""A reason in "zh" and "en"."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people are told; ``%(id)s`` and ``%(due)s`` are filled in, nothing of what the order is about.

    Attributes:
        is_pressing: it also goes to telephones, where there is a gateway.
    """

    text: StrOrPromise
    to: Group
    is_pressing: bool = False


WORDS: Mapping[str, Words] = {
    "open": Words(_("工单 %(id)s 待交办，时限 %(due)s。"), dispatchers_of),
    "assign": Words(_("工单 %(id)s 已交办给您的单位，时限 %(due)s，请签收。"), unit_of),
    "arbitrate": Words(_("工单 %(id)s 由督查裁定给您的单位，时限 %(due)s，不能再退回。"), unit_of, True),
    "hand_back": Words(_("工单 %(id)s 被退回，请裁定，时限仍是 %(due)s。"), supervisors_of),
    "allow_return": Words(_("工单 %(id)s 退回已同意，请另行交办，时限仍是 %(due)s。"), dispatchers_of),
    "resume": Words(_("工单 %(id)s 恢复计时，时限 %(due)s。"), _workers),
    "submit": Words(_("工单 %(id)s 已提交审核，时限 %(due)s。"), reviewers_of),
    "send_back": Words(_("工单 %(id)s 审核不通过，请补充，时限 %(due)s。"), _workers),
    "approve": Words(_("工单 %(id)s 审核通过。"), _workers),
    "cleared": Words(_("工单 %(id)s 的情况已自行解除，请核实，时限仍是 %(due)s。"), unit_of),
    "cancel": Words(_("工单 %(id)s 已终止。"), unit_of),
    "extend": Words(_("工单 %(id)s 申请延期，请批复，时限 %(due)s。"), supervisors_of),
    "grant": Words(_("工单 %(id)s 延期已批，时限改为 %(due)s。"), _asked_by),
    "refuse": Words(_("工单 %(id)s 延期未批，时限仍是 %(due)s。"), _asked_by),
    "supervise": Words(_("工单 %(id)s 收到督办，请阅读并回复。"), unit_of, True),
    "supervision_answer": Words(_("工单 %(id)s 的督办已回复。"), _issued_by),
    "urgent": Words(_("工单 %(id)s 已加急，时限 %(due)s。"), unit_of, True),
    "not_urgent": Words(_("工单 %(id)s 已取消加急，时限 %(due)s。"), unit_of),
    "yellow": Words(_("工单 %(id)s 即将到期，时限 %(due)s。"), _unit_and_dispatchers),
    "orange": Words(_("工单 %(id)s 已超期，时限是 %(due)s。"), _unit_and_dispatchers, True),
    "red": Words(_("工单 %(id)s 严重超期，时限是 %(due)s。"), _unit_and_supervisors, True),
}
"""By move, and by the level that an order has come to."""

NOBODY_FREE = Words(_("工单 %(id)s 没有空闲班组，请人工交办，时限 %(due)s。"), _dispatchers_and_supervisors, True)


def tell_people(by: Viewer, order: WorkOrder, event: HistoryEvent) -> None:
    """Tell those whose turn it is, but not whoever did it. Cost: one or two queries, and one per person."""
    words = WORDS.get(event.move)
    if words is not None:
        people = {key for key in words.to(order) if key is not None} - {by.user_id}
        inform(by, order, words, people, f"order-{order.pk}-{event.seq}")


def tell_nobody_free(by: Viewer, order: WorkOrder, event: HistoryEvent, decision: RoutingDecision) -> None:
    """Tell those who can make a crew free or give the order to somebody else, the rule's unit among them, and why."""
    unit = decision.rule.unit_id if decision.rule else None
    people = {*(handlers_of(unit) if unit else []), *NOBODY_FREE.to(order)}
    why = {key: between.join(decision.why[key]) for key, between in (("zh", ""), ("en", " "))}
    keys = {key for key in people if key is not None} - {by.user_id}
    inform(by, order, NOBODY_FREE, keys, f"order-{order.pk}-{event.seq}", why)


def inform(
    by: Viewer, order: WorkOrder, words: Words, people: Iterable[int], mark: str, why: Why | None = None
) -> None:
    """Put one message for each person into the outbox.

    Args:
        by: in whose name.
        order: that it is about.
        words: which message.
        people: keys of users.
        mark: says which message it is.
        why: the reason that the inbox shows below it; telephones get the sentence alone.
    """
    values = {"id": order.pk, "due": day_of(order.due_at).isoformat()}
    link = f"/console?sel=order:{order.pk}"
    for key in sorted(people):
        message(by, key, mark, words.text, values, link=link, is_pressing=words.is_pressing, why=why)


def message(
    by: Viewer,
    user: int,
    mark: str,
    text: StrOrPromise,
    values: Mapping[str, Any],
    *,
    link: str = "",
    is_pressing: bool = False,
    why: Why | None = None,
) -> None:
    """One message to one person, in both languages. Cost: one query, one more for a telephone."""
    chinese, english = in_both(lambda: str(text) % values)
    reason = why or {}
    told = {"subject_en": english, "body_en": reason.get("en", ""), "link": link}
    for channel in ("inbox", "staff_phone") if is_pressing else ("inbox",):
        if channel in channels:
            outbox_add(
                by=by,
                dedupe_key=f"{mark}-{user}-{channel}",
                channel=channel,
                recipient=str(user),
                subject=chinese,
                body=reason.get("zh", "") if channel == "inbox" else chinese,
                data=told,
            )
