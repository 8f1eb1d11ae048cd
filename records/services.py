"""Writes of the records: audit rows and their seals, the working calendar, the outbox, periodic jobs."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import OperationalError, models, transaction

from kernel import clock
from kernel.errors import Unavailable
from kernel.outbox import Message, channels
from kernel.periodic import PeriodicJob, jobs
from kernel.viewer import Viewer
from records import selectors, sql
from records.models import AuditEvent, AuditSeal, CalendarDay, HistoryEvent, OutboxMessage, PeriodicRun

log = logging.getLogger(__name__)

Changes = dict[str, list[Any]]
"""``{field: [before, after]}``."""


def audit_write(
    *, by: Viewer, action: str, obj: models.Model | tuple[str, object], changes: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Note what ``by`` did. Call it inside the transaction of the change: both stay or neither.

    Args:
        by: who did it.
        action: "entity.verb", e.g. "facility.update".
        obj: the saved object, or ("app.model", key) for one that is gone.
        changes: ``{field: [before, after]}``; see ``changes_between``.

    Raises:
        RuntimeError: outside a transaction.
    """
    _in_its_transaction()
    kind, key = obj if isinstance(obj, tuple) else (obj._meta.label_lower, obj.pk)
    row = _audit_row(by, action, kind, str(key), dict(changes or {}))
    row.save(force_insert=True)
    return row


def _in_its_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs into the transaction of its change")


def _audit_row(by: Viewer, action: str, kind: str, key: str, changes: dict[str, Any]) -> AuditEvent:
    return AuditEvent(
        at=clock.now(),
        actor_id=by.user_id,
        actor_label=by.label[:80],
        role=by.role or "",
        county=by.county,
        action=action,
        object_type=kind,
        object_id=key,
        changes=changes,
    )


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """The fields of ``after`` whose value is another one than in ``before``, as ``{field: [before, after]}``."""
    return {
        name: [_plain(before.get(name)), _plain(value)] for name, value in after.items() if before.get(name) != value
    }


def _plain(value: Any) -> Any:
    """A value that JSON can hold: objects by key, files by name, geometries as WKT."""
    if isinstance(value, models.Model):
        return value.pk
    if hasattr(value, "wkt"):
        return value.wkt
    if isinstance(value, list | tuple | set | models.QuerySet):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float | str) else _text(value)


def _text(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def history_append(
    *,
    by: Viewer,
    obj: models.Model,
    move: str,
    part: str = "",
    states: tuple[str, str] = ("", ""),
    data: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> HistoryEvent:
    """Write the next step of ``obj``, and the audit row that goes with it. The caller holds the row's lock.

    Args:
        by: who did it.
        obj: the saved object, locked (or new) in this transaction.
        move: name of the move.
        part: as what, where that is no role ("reporter", "system").
        states: before and after.
        data: what was given; nothing that is private, for the history has readers.
        changes: further changes for the audit, beside the state's.
        at: when it was done, where what followed from it has been written before it; None = now.

    Cost: three queries.

    Raises:
        RuntimeError: outside a transaction.
    """
    kind, key = obj._meta.label_lower, str(obj.pk)
    last = HistoryEvent.objects.filter(object_type=kind, object_id=key).order_by("-seq").first()
    event = _event(by, obj, last, move, part, states, dict(data or {}), at)
    audit_write(by=by, action=f"{obj._meta.model_name}.{move}", obj=obj, changes=dict(changes or {}) | _told(event))
    event.save(force_insert=True)
    return event


def history_begin(
    *,
    by: Viewer,
    objs: Sequence[models.Model],
    move: str,
    part: str = "",
    states: tuple[str, str] = ("", ""),
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write one and the same first step of many objects, each as ``history_append`` would.

    Args:
        by: who did it.
        objs: new in this transaction, of one model.
        move: name of the move.
        part: as what, where that is no role.
        states: before and after.
        data: as of ``history_append``.

    Cost: two queries for every 2,000 objects.

    Raises:
        IntegrityError: one of them has a history already.
        RuntimeError: outside a transaction.
    """
    _in_its_transaction()
    events = [_event(by, obj, None, move, part, states, dict(data or {})) for obj in objs]
    rows = [
        _audit_row(by, f"{obj._meta.model_name}.{move}", event.object_type, event.object_id, _told(event))
        for obj, event in zip(objs, events, strict=True)
    ]
    AuditEvent.objects.bulk_create(rows, batch_size=2000)
    HistoryEvent.objects.bulk_create(events, batch_size=2000)


def _event(
    by: Viewer,
    obj: models.Model,
    last: HistoryEvent | None,
    move: str,
    part: str,
    states: tuple[str, str],
    data: dict[str, Any],
    at: dt.datetime | None = None,
) -> HistoryEvent:
    """The step after ``last``, with its hash."""
    event = HistoryEvent(
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        seq=last.seq + 1 if last else 1,
        at=at or clock.now(),
        actor_id=by.user_id,
        actor_label=by.label[:80],
        part=part or by.role or "",
        county=by.county,
        move=move,
        state_from=states[0],
        state_to=states[1],
        data=data,
    )
    event.hash = selectors.history_hash(last.hash if last else "", event)
    return event


def _told(event: HistoryEvent) -> Changes:
    """What the audit says of a step: other states, and the end of the chain."""
    states: Changes = {"state": [event.state_from, event.state_to]} if event.state_from != event.state_to else {}
    return states | {"history": [None, event.hash]}


def history_ends(*, by: Viewer, events: Iterable[HistoryEvent]) -> int:
    """Note in the audit how long chains are that were written in one go, as ``history_append`` does step by step.

    Without that, nobody would notice when their last steps were deleted. Call it inside the transaction of the events.

    Args:
        by: in whose name they were written.
        events: with their hashes, those of one object in their order.

    Returns:
        How many chains.
    """
    ends = {(event.object_type, event.object_id): event.hash for event in events}
    rows = (
        _audit_row(by, f"{kind.partition('.')[2]}.load", kind, key, {"history": [None, end]})
        for (kind, key), end in ends.items()
    )
    AuditEvent.objects.bulk_create(rows, batch_size=2000)
    return len(ends)


def audit_seal() -> AuditSeal | None:
    """Seal the rows of all transactions that are over, up to the oldest one still running; None if there are none.

    Rows whose transaction commits late are above that mark and come into a later seal, whatever their id.
    """
    with transaction.atomic():
        sql.lock_for_transaction(sql.SEALING)
        last = AuditSeal.objects.order_by("-id").first()
        start = selectors.seal_end(last)
        over = sql.oldest_running_xid()
        newest_era = AuditEvent.objects.between(start).aggregate(era=models.Max("era"))["era"]
        end = (start[0] if newest_era is None else newest_era, over)
        mac, rows = selectors.seal_mac(last.mac if last else "", start, end)
        if not rows:
            return None
        return AuditSeal.objects.create(
            at=clock.now(), end_era=end[0], end_xid=end[1], rows=rows, key_id=selectors.seal_key_id(), mac=mac
        )


def calendar_import(*, by: Viewer, days: Iterable[CalendarDay]) -> int:
    """Put days into the working calendar, replacing those that are there; how many."""
    rows = list(days)
    with transaction.atomic():
        CalendarDay.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day"], update_fields=["is_workday", "name", "source"]
        )
        said = {row.day.isoformat(): [None, row.is_workday] for row in rows}
        audit_write(by=by, action="calendar.import", obj=("records.calendarday", len(rows)), changes=said)
    return len(rows)


def outbox_add(
    *,
    by: Viewer,
    dedupe_key: str,
    channel: str,
    recipient: str,
    body: str,
    subject: str = "",
    data: Mapping[str, Any] | None = None,
    due_at: dt.datetime | None = None,
) -> None:
    """Have a message delivered if, and only if, the caller's transaction succeeds; once per ``dedupe_key``.

    Args:
        by: in whose name.
        dedupe_key: says which message it is; asked for twice, it is sent once.
        channel: key of a ``kernel.outbox.channels``.
        recipient: address in the terms of the channel.
        body: plain text.
        subject: for channels that have one.
        data: whatever else the channel needs.
        due_at: not before this moment.

    Raises:
        ValueError: there is no such channel.
        RuntimeError: outside a transaction.
    """
    if channel not in channels:
        raise ValueError(f"there is no channel {channel!r}")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a message belongs into the transaction of what it tells")
    now = clock.now()
    message = OutboxMessage(
        dedupe_key=dedupe_key,
        channel=channel,
        recipient=recipient,
        subject=subject,
        body=body,
        data=dict(data or {}),
        county=by.county,
        due_at=due_at or now,
        created_at=now,
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


def outbox_deliver(limit: int = 100) -> tuple[int, int]:
    """Deliver what is due, at most ``limit`` messages; several workers may do this at once.

    A message is claimed for ``OUTBOX_LEASE`` in a transaction of its own, sent outside of any, and noted as sent. Two
    workers never hold the same message; a worker that dies in between leaves it to the next one after the lease.

    Returns:
        How many were sent, and how many attempts failed.
    """
    sent = failed = 0
    for _ in range(limit):
        message = _outbox_claim()
        if message is None:
            break
        if message.state == OutboxMessage.State.DEAD:
            failed += 1
            continue
        ok = _outbox_send(message)
        sent, failed = sent + ok, failed + (not ok)
    return sent, failed


OUTBOX_LEASE = dt.timedelta(minutes=5)  # longer than any channel's own time-outs
OUTBOX_ATTEMPTS = 8
OUTBOX_LONGEST_PAUSE = dt.timedelta(hours=6)


def outbox_pause(attempts: int) -> dt.timedelta:
    """How long to wait after the attempt of that number: 1, 2, 4 … minutes, at most six hours."""
    return min(dt.timedelta(minutes=2 ** (attempts - 1)), OUTBOX_LONGEST_PAUSE)


def _outbox_claim() -> OutboxMessage | None:
    """The next message that is due and nobody's, now ours until the lease ends; a dead one when begun too often."""
    with transaction.atomic():
        now = clock.now()
        waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, due_at__lte=now)
        message = waiting.select_for_update(skip_locked=True).order_by("due_at", "id").first()
        if message is None:
            return None
        if message.attempts >= OUTBOX_ATTEMPTS:
            message.state = OutboxMessage.State.DEAD
            message.last_error = message.last_error or "delivery was begun and never ended"
        else:
            message.attempts += 1
            message.due_at = now + OUTBOX_LEASE
        message.save(update_fields=["state", "last_error", "attempts", "due_at"])
        return message


def _outbox_send(message: OutboxMessage) -> bool:
    ours = OutboxMessage.objects.filter(pk=message.pk, state=OutboxMessage.State.WAITING, attempts=message.attempts)
    try:
        channels[message.channel].send(
            Message(message.dedupe_key, message.recipient, message.subject, message.body, message.data)
        )
    except Exception as error:
        log.warning("message %s was not sent (attempt %d): %s", message.dedupe_key, message.attempts, error)
        is_last = message.attempts >= OUTBOX_ATTEMPTS
        ours.update(
            state=OutboxMessage.State.DEAD if is_last else OutboxMessage.State.WAITING,
            due_at=clock.now() + outbox_pause(message.attempts),
            last_error=f"{type(error).__name__}: {error}"[:300],
        )
        return False
    ours.update(state=OutboxMessage.State.SENT, sent_at=clock.now(), last_error="")
    return True


def outbox_retry() -> int:
    """Put messages that were given up back among those that wait, with all attempts before them; how many."""
    dead = OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD)
    return dead.update(state=OutboxMessage.State.WAITING, attempts=0, due_at=clock.now())


def periodic_enqueue() -> list[str]:
    """Enqueue every periodic job whose time has come; their keys. A job that cannot be enqueued stops no other.

    Raises:
        OperationalError: the database is gone: for the scheduler to handle.
        Unavailable: the queue does not answer: likewise.
    """
    done, began = [], clock.now()
    for job in jobs:
        try:
            if _periodic_enqueue(job):
                done.append(job.key)
        except (OperationalError, Unavailable):
            raise
        except Exception:
            # A queue outside of the database takes the task after the commit, and may fail there: no period began.
            PeriodicRun.objects.filter(key=job.key, at__gte=began).delete()
            log.exception("periodic job %s could not be enqueued", job.key)
    return done


def _periodic_enqueue(job: PeriodicJob) -> bool:
    now = clock.now()
    with transaction.atomic():
        run, is_new = PeriodicRun.objects.select_for_update().get_or_create(key=job.key, defaults={"at": now})
        # A clock that was set back must not silence a job until the old time comes again
        if not is_new and 0 <= (now - run.at).total_seconds() < job.every_s:
            return False
        selectors.queue_require()
        job.enqueue()
        run.at = now
        run.save(update_fields=["at"])
    return True
