"""What time does to orders: pauses end, levels are crossed, calendars are published, a day begins."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import viewer_of
from dispatch.models import WorkOrder
from dispatch.selectors import day_of, pause_ends, paused_days_of, times_of
from dispatch.services import news
from dispatch.services.acts import Act, due_put
from dispatch.services.children import due_follow
from dispatch.services.moves import order_move
from dispatch.services.rows import order_locked
from dispatch.states import OPEN_STATES, SYSTEM, Level, State
from kernel import clock
from kernel.viewer import Role, Viewer
from records.selectors import is_workday
from records.services import history_append

log = logging.getLogger(__name__)


def product(county: str) -> Viewer:
    """The product itself, at work for a county."""
    return Viewer(county=county, label="system")


def _alone(act: Callable[[str, int], bool], county: str, order_id: int) -> bool:
    """Do ``act`` to one order, in a transaction of its own: one that cannot be moved stops no other."""
    try:
        with transaction.atomic():
            return act(county, order_id)
    except Exception:
        log.exception("order %d could not be moved by the passing of time", order_id)
        return False


# ---------------------------------------------------------------- pauses


def pauses_end() -> int:
    """Let the clock run on where nobody answered the question in time; of how many orders."""
    waiting = WorkOrder.objects.filter(state=State.WAITING, paused_at__isnull=False).order_by("paused_at", "pk")
    over = [
        (county, key)
        for key, county, since in waiting.values_list("pk", "county_id", "paused_at")
        if since is not None and pause_ends(since) < clock.now()
    ]
    return sum(_alone(_resume, *one) for one in over)


def _resume(county: str, order_id: int) -> bool:
    order_move(by=product(county), order_id=order_id, move="resume", part=SYSTEM)
    return True


# ---------------------------------------------------------------- levels


def levels_tell() -> int:
    """Tell people of orders that have come to a level, once for each level and due time; how many orders."""
    now, told = clock.now(), 0
    for level in (Level.YELLOW, Level.ORANGE, Level.RED):
        rows = WorkOrder.objects.at_level(level, now).exclude(level_told=level).order_by("due_at", "pk")
        told += sum(_alone(_told(level), county, key) for key, county in rows.values_list("pk", "county_id"))
    return told


def _told(level: Level) -> Callable[[str, int], bool]:
    words = news.WORDS[level]

    def tell(county: str, order_id: int) -> bool:
        order = order_locked(product(county), order_id, SYSTEM)
        if order.state not in OPEN_STATES or order.level_told == level:
            return False
        people = {key for key in words.to(order) if key is not None}
        news.inform(product(county), order, words, people, f"order-{order.pk}-{level}-{day_of(order.due_at)}")
        # No step of the order: nobody did anything, and the version that people have read is still the last one
        WorkOrder.objects.filter(pk=order.pk).update(level_told=level)
        return True

    return tell


# ---------------------------------------------------------------- calendars


def orders_recount() -> int:
    """Count due times anew that were counted in a year without a published calendar; how many have changed.

    Also of orders that are red in the next year only: their due time stays, the red moment may move.
    """
    rows = WorkOrder.objects.still_open().filter(parent=None)
    rows = rows.filter(Q(is_provisional=True) | Q(red_at__year__gt=F("due_at__year")))
    return sum(_alone(_recount, county, key) for key, county in rows.order_by("pk").values_list("pk", "county_id"))


def _recount(county: str, order_id: int) -> bool:
    by, order = product(county), order_locked(product(county), order_id, SYSTEM)
    before = (order.yellow_at, order.due_at, order.red_at, order.is_provisional, order.paused_days)
    order.paused_days = paused_days_of(order)
    data = due_put(order, times_of(order))
    if before == (order.yellow_at, order.due_at, order.red_at, order.is_provisional, order.paused_days):
        return False
    order.version, order.updated_at = order.version + 1, clock.now()
    data |= due_follow(Act(by, order, order.updated_at))
    states = (order.state, order.state)
    event = history_append(by=by, obj=order, move="recount", part=SYSTEM, states=states, data=data)
    order.save()
    news.tell(by, order, event)
    return True


# ---------------------------------------------------------------- mornings

DIGEST_HOUR = 8
"""When the day of the offices begins; Asia/Shanghai."""

DIGEST = _("今天有 %(open)s 张工单在办：待交办 %(new)s，即将到期 %(soon)s，超期 %(late)s。")


def is_morning() -> bool:
    """Whether the messages of the day are due: from eight o'clock of a working day. Cost: at most one query."""
    now = clock.now()
    return now.hour >= DIGEST_HOUR and is_workday(now.date())


def digests_send() -> int:
    """Tell every grid manager and handler what is open, once a day; how many people. Cost: four queries a person."""
    people = User.objects.filter(role__in=[Role.GRID_MANAGER, Role.HANDLER], is_active=True, county__isnull=False)
    return sum(_digest(user) for user in people.order_by("pk"))


def _digest(user: User) -> bool:
    now = clock.now()
    rows = WorkOrder.objects.visible_to(viewer_of(user, user.county_id or "")).still_open()
    at_level = {level: rows.at_level(level, now).values("pk") for level in (Level.YELLOW, Level.ORANGE, Level.RED)}
    counts = rows.aggregate(
        open=Count("pk", distinct=True),
        new=Count("pk", filter=Q(state=State.OPENED), distinct=True),
        soon=Count("pk", filter=Q(pk__in=at_level[Level.YELLOW]), distinct=True),
        late=Count("pk", filter=Q(pk__in=at_level[Level.ORANGE]) | Q(pk__in=at_level[Level.RED]), distinct=True),
    )
    if not counts["open"]:
        return False
    with transaction.atomic():
        by = product(user.county_id or "")
        news.message(by, user.pk, f"digest-{now:%Y-%m-%d}", DIGEST, counts, link="/console")
    return True
