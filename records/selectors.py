"""Reads of the records: whether the audit is whole, what the working calendar says, what waits in the queue."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import chinese_calendar
from chinese_calendar.constants import Holiday, holidays, workdays
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from kernel.errors import Unavailable
from kernel.language import is_english
from records.models import AuditEvent, AuditSeal, CalendarDay, HistoryEvent
from records.querysets import Position

_CHUNK = 2000  # rows held in memory while a seal is computed

# ---------------------------------------------------------------- seals


def seal_key() -> bytes:
    """The key of the seals, derived so that it is no key of anything else."""
    return hmac.digest(settings.AUDIT_SEAL_KEY.encode(), b"geogov audit seal 1", "sha256")


def seal_key_id() -> str:
    """Tells keys apart without telling the key."""
    return hashlib.sha256(b"id" + seal_key()).hexdigest()[:16]


def seal_mac(previous: str, start: Position, end: Position) -> tuple[str, int]:
    """HMAC-SHA256 (hex) over the previous seal, the range and its rows as they are now; and how many rows."""
    mac = hmac.new(seal_key(), json.dumps([previous, start, end]).encode(), "sha256")
    count = 0
    for row in AuditEvent.objects.between(start, end).iterator(chunk_size=_CHUNK):
        mac.update(b"\n" + _canonical(row))
        count += 1
    return mac.hexdigest(), count


def _canonical(row: AuditEvent) -> bytes:
    """All columns of a row; JSON without freedom, so that equal rows are equal bytes."""
    at = row.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    columns = [
        *(row.pk, row.era, row.xid, at, row.actor_id, row.actor_label, row.role, row.county),
        *(row.action, row.object_type, row.object_id, row.changes),
    ]
    return json.dumps(columns, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def seal_end(seal: AuditSeal | None) -> Position:
    """Where the rows after ``seal`` begin."""
    return (seal.end_era, seal.end_xid) if seal else (0, 0)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a check of the audit found.

    Attributes:
        findings: sentences about seals that do not fit their rows; empty = whole up to the last seal.
        head: mac of the last seal; whoever keeps a copy elsewhere also notices that the last seals were removed.
        sealed_at: when the last seal was made.
        unsealed: rows after it.
    """

    seals: int
    rows: int
    findings: tuple[str, ...]
    head: str
    sealed_at: dt.datetime | None
    unsealed: int


def audit_report(known_head: str = "") -> AuditReport:
    """Compute every seal again and compare. Cost: reads the whole audit, in chunks.

    Args:
        known_head: mac (or its beginning) of a seal that was noted outside the database; it must still be there.
    """
    with transaction.atomic():
        # Not ordered by Meta alone: the order of the chain is the order of the numbers
        seals = list(AuditSeal.objects.order_by("id"))
        findings = list(_findings(seals))
        last = seals[-1] if seals else None
        unsealed = AuditEvent.objects.between(seal_end(last)).count()
    if known_head and not any(seal.mac.startswith(known_head) for seal in seals):
        findings.append(_("没有编码为 %s 的封存：它和它之后的封存被删除了。") % known_head)
    return AuditReport(
        seals=len(seals),
        rows=sum(seal.rows for seal in seals),
        findings=tuple(findings),
        head=last.mac if last else "",
        sealed_at=last.at if last else None,
        unsealed=unsealed,
    )


def _findings(seals: list[AuditSeal]) -> Iterator[str]:
    previous, start = "", (0, 0)
    for seal in seals:
        end = seal_end(seal)
        if seal.key_id != seal_key_id():
            yield _("封存 %s 用的是另一把密钥，无法核对（AUDIT_SEAL_KEY）。") % seal.pk
        else:
            mac, rows = seal_mac(previous, start, end)
            if not hmac.compare_digest(mac, seal.mac):
                yield _what_differs(seal, rows)
        previous, start = seal.mac, end


def _what_differs(seal: AuditSeal, rows: int) -> str:
    named = {"seal": seal.pk, "at": f"{seal.at:%Y-%m-%d %H:%M}", "n": abs(rows - seal.rows)}
    if rows < seal.rows:
        return _("封存 %(seal)s（%(at)s）：少了 %(n)s 行记录。") % named
    if rows > seal.rows:
        return _("封存 %(seal)s（%(at)s）：多了 %(n)s 行记录。") % named
    return _("封存 %(seal)s（%(at)s）：记录被改动，或前一个封存被删改。") % named


# ---------------------------------------------------------------- history


def history_hash(previous: str, event: HistoryEvent) -> str:
    """SHA-256 (hex) over the hash of the event before and all columns of this one but its own hash."""
    at = event.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    data = json.loads(json.dumps(event.data, cls=DjangoJSONEncoder))
    columns = [
        *(previous, event.object_type, event.object_id, event.seq, at, event.actor_id, event.actor_label),
        *(event.part, event.county, event.move, event.state_from, event.state_to, data),
    ]
    text = json.dumps(columns, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def history_of(obj: models.Model) -> list[HistoryEvent]:
    """The steps of an object, oldest first. Cost: one query."""
    return list(HistoryEvent.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk)).order_by("seq"))


def history_actor(obj: models.Model, moves: Collection[str]) -> int | None:
    """Key of who did the last of these moves of an object; None: the product, or nobody has. Cost: one query."""
    steps = HistoryEvent.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk), move__in=moves)
    return steps.order_by("-seq").values_list("actor_id", flat=True).first()


def history_findings(object_type: str = "") -> Iterator[str]:
    """What is wrong with the chains: altered or inserted events, gaps, and ends that the audit knows to be longer.

    Args:
        object_type: only of objects of this kind; "" for all.

    Cost: reads all events, and the audit rows that name one, in chunks.
    """
    events = HistoryEvent.objects.order_by("object_type", "object_id", "seq")
    known = AuditEvent.objects.filter(changes__has_key="history").order_by("object_type", "object_id", "id")
    if object_type:
        events, known = events.filter(object_type=object_type), known.filter(object_type=object_type)
    previous: HistoryEvent | None = None
    for event in events.iterator(chunk_size=_CHUNK):
        is_next = previous is not None and (previous.object_type, previous.object_id) == (
            event.object_type,
            event.object_id,
        )
        before = previous if is_next else None
        if event.seq != (before.seq + 1 if before else 1):
            yield _("%(what)s：第 %(n)s 步之前缺了记录。") % {"what": _object(event), "n": event.seq}
        elif event.hash != history_hash(before.hash if before else "", event):
            yield _("%(what)s：第 %(n)s 步被改动。") % {"what": _object(event), "n": event.seq}
        previous = event
    hashes = Subquery(
        HistoryEvent.objects.filter(object_type=OuterRef("object_type"), object_id=OuterRef("object_id"))
        .order_by("-seq")
        .values("hash")[:1]
    )
    ends = known.annotate(end=hashes).order_by("object_type", "object_id", "-id").distinct("object_type", "object_id")
    for row in ends.iterator(chunk_size=_CHUNK):
        if row.changes["history"][1] != row.end:
            yield _("%(what)s：最后的步骤被删除。") % {"what": _object(row)}


def _object(row: HistoryEvent | AuditEvent) -> str:
    return f"{row.object_type} {row.object_id}"


# ---------------------------------------------------------------- working calendar

_PUBLISHED = frozenset(day.year for day in holidays if (day.month, day.day) == (10, 1))
"""Years of which the package knows the State Council's notice: each of them names National Day."""

_LONGEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Due:
    """A date found by counting working days; provisional when a year not yet published was counted."""

    date: dt.date
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A number of working days; provisional when a year not yet published was counted."""

    days: int
    is_provisional: bool


def is_workday(day: dt.date) -> bool:
    """Whether people work on ``day``, make-up days included. Cost: one query."""
    return _Calendar(day, day).works(day)


def is_provisional(day: dt.date) -> bool:
    """Whether the calendar of that year is not published yet: weekends are free, holidays unknown. Cost: one query."""
    return _Calendar(day, day).provisional([day])


def workdays_add(start: dt.date, count: int) -> Due:
    """The date ``count`` working days after ``start`` (that day not counted). Cost: one query.

    ``workdays_add(day, 0)`` is ``day`` itself where it is a working day, else the next one.

    Raises:
        ValueError: for a negative count, or one of more than about seven years.
    """
    if not 0 <= count <= 1800:  # about seven years of working days; no deadline is further away
        raise ValueError(f"cannot count {count} working days")
    horizon = start + dt.timedelta(days=2 * count + 60)
    calendar = _Calendar(start, horizon)
    day, left = start, count
    while left > 0 or not calendar.works(day):
        day += dt.timedelta(days=1)
        left -= left > 0 and calendar.works(day)
    return Due(day, calendar.provisional([start, day]))


def workdays_back(end: dt.date, count: int) -> Due:
    """The date ``count`` working days before ``end`` (that day not counted). Cost: one query.

    Raises:
        ValueError: as ``workdays_add``.
    """
    if not 0 <= count <= 1800:  # as above
        raise ValueError(f"cannot count {count} working days")
    calendar = _Calendar(end - dt.timedelta(days=2 * count + 60), end)
    day, left = end, count
    while left > 0 or not calendar.works(day):
        day -= dt.timedelta(days=1)
        left -= left > 0 and calendar.works(day)
    return Due(day, calendar.provisional([day, end]))


def workdays_between(start: dt.date, end: dt.date) -> Span:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier. Cost: one query.

    Raises:
        ValueError: for more than ten years.
    """
    if end < start:
        back = workdays_between(end, start)
        return Span(-back.days, back.is_provisional)
    if (end - start).days > _LONGEST_DAYS:
        raise ValueError("more than ten years")
    calendar = _Calendar(start, end)
    days = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    return Span(sum(map(calendar.works, days)), calendar.provisional([start, end]))


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day on which the calendar differs from Monday to Friday: free, or worked to make up for it."""

    date: dt.date
    is_workday: bool
    name: str


def special_days(start: dt.date, end: dt.date) -> tuple[SpecialDay, ...]:
    """Those after ``start`` up to and with ``end``, as ``workdays_between`` counts them. Cost: two queries."""
    calendar = _Calendar(start, end)
    own = dict(CalendarDay.objects.filter(day__gt=start, day__lte=end).values_list("day", "name"))
    days = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    unusual = ((day, calendar.works(day)) for day in days if calendar.works(day) != (day.weekday() < 5))
    return tuple(SpecialDay(day, works, own.get(day) or _holiday_of(day)) for day, works in unusual)


def _holiday_of(day: dt.date) -> str:
    """What the State Council's notice calls the holiday that ``day`` belongs to, in the language of the request."""
    name = holidays.get(day) or workdays.get(day)
    if name is None:
        return ""
    return str(name) if is_english() else str(Holiday(name).chinese)


_held: ContextVar[dict[dt.date, bool] | None] = ContextVar("held", default=None)


@contextmanager
def calendar_held() -> Iterator[None]:
    """Read the county's table once for the block, in which nobody changes it: for loaders, which count for thousands.

    Cost: one query; inside the block counting days costs none.
    """
    token = _held.set(dict(CalendarDay.objects.values_list("day", "is_workday")))
    try:
        yield
    finally:
        _held.reset(token)


class _Calendar:
    """The days from ``start`` to ``end``: what the county says, else what is published, else Monday to Friday."""

    def __init__(self, start: dt.date, end: dt.date) -> None:
        held = _held.get()
        if held is None:
            own = CalendarDay.objects.filter(day__year__gte=start.year, day__year__lte=end.year)
            held = dict(own.values_list("day", "is_workday"))
        self._own = held
        # A county's table publishes a year when it says something about National Day, as every notice does
        self._published = _PUBLISHED | {day.year for day in self._own if (day.month, day.day) == (10, 1)}

    def works(self, day: dt.date) -> bool:
        """Whether people work on ``day``."""
        own = self._own.get(day)
        if own is not None:
            return own
        if day.year in _PUBLISHED:
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5  # Monday to Friday

    def provisional(self, days: Iterable[dt.date]) -> bool:
        """Whether a year from the first to the last of ``days`` is not published."""
        years = [day.year for day in days]
        return any(year not in self._published for year in range(min(years), max(years) + 1))


# ---------------------------------------------------------------- background work


def is_waiting(path: str) -> bool:
    """Whether a task already stands in the queue, so that a stopped worker finds one of it and not hundreds.

    Args:
        path: import path of the task.
    """
    if settings.TASKS_ON_REDIS:
        from django_rq import get_queue

        return any(job.func_name == path for job in get_queue().jobs)
    return bool(DBTaskResult.objects.ready().filter(task_path=path).exists())


def queue_require() -> None:
    """The queue takes tasks. That in the database does when the database answers, which is not asked here.

    Raises:
        Unavailable: Redis does not answer.
    """
    if not settings.TASKS_ON_REDIS:
        return
    from django_rq import get_connection
    from redis.backoff import NoBackoff
    from redis.exceptions import RedisError
    from redis.retry import Retry

    redis = get_connection()
    redis.set_retry(Retry(NoBackoff(), 0))  # who asks wants to know how it is now; the default tries for seconds
    try:
        redis.ping()
    except RedisError as error:
        raise Unavailable(_("后台任务的队列没有回应。"), code="queue_down") from error
