"""A worker that is killed with -9 in the middle loses nothing and repeats nothing, messages included.

SMTP knows no transaction over two machines: a worker that dies after the server has taken a message and before it has
noted so must send it again, or would lose it whenever the server had not. What is promised, and tested here with real
processes and receivers: every message arrives; only the one that was on its way at that moment may arrive twice, and
then with the same ``Message-ID`` (``Idempotency-Key`` for the gateway) and the same words, so that a receiver tells
that it is one. What the product delivers itself, the inbox, is there once in any case.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from accounts.models import InboxItem
from dispatch.models import WorkOrder
from incidents.models import Report, Reporter
from incidents.services.contacts import Contact
from incidents.tasks import time_passes
from kernel import clock
from kernel.outbox import Channel, channels
from kernel.viewer import Role
from records import services, tasks
from records.models import HistoryEvent, OutboxMessage
from records.selectors import history_findings
from tests.factories import people
from tests.incidents import loop
from tests.records.processes import database_url, worker_command
from tests.records.receivers import Answer, Gateway, Mailbox
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = "2026-06-30"
"""Before the day on which the worker's own clock stands: what was due then is due."""


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        yield server


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as server:
        channels.add(Channel("webhook", tasks._send_webhook))
        yield server
        channels.remove("webhook")


class Worker:
    """The product's worker, which ends when nothing is left to do; or before."""

    def __init__(self, mailbox: Mailbox, gateway: Gateway) -> None:
        places = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(mailbox.port), "WEBHOOK_URL": gateway.url}
        more = {"WEBHOOK_KEY": "a-key-of-the-gateway", "DATABASE_URL": database_url()}
        self.env = {**os.environ, **places, **more}

    def begin(self) -> None:
        """Start it."""
        self.before = others()
        self.process = subprocess.Popen([*worker_command(), "--batch"], cwd=settings.BASE_DIR, env=self.env)

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    def run(self) -> int:
        """Start it and wait for its end."""
        self.begin()
        return self.end()

    def end(self) -> int:
        """Wait for its end."""
        return self.process.wait(PATIENCE_S)

    def is_undone(self) -> bool:
        """Whether the server has noticed that the killed process is gone, and has undone what it was at."""
        return others() <= self.before


@pytest.fixture
def worker(mailbox: Mailbox, gateway: Gateway) -> Worker:
    return Worker(mailbox, gateway)


@pytest.fixture
def messages(gateway: Gateway) -> list[str]:
    """Three letters (one of them a reporter's), three for the gateway and one for an inbox; the letters' recipients."""
    reader = people.user(Role.DESK)
    with clock.freeze(TODAY):
        cast = loop.cast()
        report = loop.submit(contact=Contact(email="reporter@example.org"))
        Reporter.objects.update(is_confirmed=True)
        loop.move(cast.desk, report, "accept", category="noise")
        with transaction.atomic():
            for key, channel, recipient in (
                *(("e1", "email", "one@example.org"), ("w1", "webhook", "13900000001")),
                *(("i1", "inbox", str(reader.pk)), ("w2", "webhook", "13900000002")),
                *(("e2", "email", "two@example.org"), ("w3", "webhook", "13900000003")),
            ):
                services.outbox_add(
                    by=people.viewer(),
                    dedupe_key=key,
                    channel=channel,
                    recipient=recipient,
                    subject="交办",
                    body="请看",
                )
    return ["reporter@example.org", "one@example.org", "two@example.org"]


def blocked() -> bool:
    """Whether somebody waits for a lock of this test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw at first
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def cut() -> None:
    """End the connection of whoever waits, as the network does when a whole machine goes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )


def others() -> set[int]:
    """The other connections to this database; servers of earlier tests keep theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return {pid for (pid,) in cursor.fetchall()}


class KillAt:
    """Kills the worker at a moment of the first delivery to a receiver; "noting": answered, and not yet noted."""

    def __init__(self, worker: Worker, moment: str) -> None:
        self.worker, self.moment = worker, moment
        self.is_done = threading.Event()

    def __call__(self, moment: str, answer: Answer) -> None:
        if self.is_done.is_set():
            answer()
        elif self.moment == moment:
            self.worker.kill()
            self.is_done.set()
        elif self.moment == "noting" and moment in ("data", "request"):
            self._noting(answer)
        else:
            answer()

    def _noting(self, answer: Answer) -> None:
        """Hold the message that is on its way, so that whoever was answered waits before it can note that."""
        try:
            with transaction.atomic():
                claimed = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, attempts__gt=0)
                list(claimed.select_for_update())
                answer()
                until(blocked, "the worker notes that the message was sent")
                self.worker.kill()
                cut()  # else the server does the statement that it has got, and the message is noted after all
        finally:
            connections.close_all()
            self.is_done.set()


def lease_is_over() -> None:
    """Five minutes later: what was on its way is anybody's again."""
    OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING).update(due_at=clock.now())


POINTS = [
    *[("mailbox", "connect", 0), ("mailbox", "mail", 0), ("mailbox", "data", 1), ("mailbox", "noting", 1)],
    *[("gateway", "request", 1), ("gateway", "noting", 1)],
]
"""Receiver, moment, and how many copies a kill then costs."""


@pytest.mark.parametrize("points", [POINTS[3:5], pytest.param(POINTS, marks=pytest.mark.long)], ids=["two", "all"])
def test_every_message_arrives_and_a_copy_is_known_as_one(mailbox, gateway, worker, messages, points):
    """One worker after the other is killed; the last one ends."""
    for receiver, moment, _copies in points:
        both = {"mailbox": mailbox, "gateway": gateway}
        both[receiver].hook = kill = KillAt(worker, moment)
        tasks._deliver()
        assert worker.run() == -signal.SIGKILL
        assert kill.is_done.wait(PATIENCE_S)
        until(worker.is_undone, "the server ends the killed worker's connection")
        lease_is_over()
    tasks._deliver()
    assert worker.run() == 0
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}, "nothing is lost"
    assert {str(one["To"]) for one in mailbox.got} == set(messages)
    letters, posts = Counter(mailbox.ids()), Counter(key for key, _body in gateway.got)
    assert (len(letters), set(posts)) == (len(messages), {"w1", "w2", "w3"})
    copies = sum(letters.values()) - len(letters) + sum(posts.values()) - len(posts)
    assert copies == sum(one[2] for one in points), "only what was on its way comes once more"
    assert len({(one["Message-ID"], one["To"], one["Subject"], one.get_payload()) for one in mailbox.got}) == len(
        letters
    )
    assert len(set(gateway.got)) == len(posts), "a copy has the same key and the same words"
    assert InboxItem.objects.filter(key="i1").count() == 1
    assert not OutboxMessage.objects.exclude(state="sent").exists(), "and nothing comes a third time"


def test_a_report_is_accepted_whole_or_not_at_all(mailbox, gateway, worker):
    """Killed between opening the order and telling the reporter: none of it has happened, and then all of it once."""
    with clock.freeze(TODAY):
        loop.cast()
        report = loop.submit()
    time_passes.enqueue()
    other = threading.Thread(target=_stand_in_the_way, args=(report, worker))
    other.start()
    other.join(PATIENCE_S)
    assert worker.end() == -signal.SIGKILL
    until(worker.is_undone, "the server undoes what the killed worker was at")
    assert Report.objects.get(pk=report.pk).state == "submitted"
    assert not WorkOrder.objects.exists()
    time_passes.enqueue()
    time_passes.enqueue()
    assert worker.run() == 0
    after = Report.objects.get(pk=report.pk)
    assert (after.state, WorkOrder.objects.count()) == ("accepted", 1)
    moves = HistoryEvent.objects.filter(object_type="incidents.report").values_list("move", flat=True)
    assert list(moves) == ["submit", "accept"]
    assert OutboxMessage.objects.filter(dedupe_key__startswith=f"report-{report.pk}-accept-").count() == 1
    assert list(history_findings()) == []


def _stand_in_the_way(report: Report, worker: Worker) -> None:
    """Hold the key of the message that the acceptance will write, so that the worker waits there; kill it there."""
    key = f"report-{report.pk}-accept-{report.version}-reporter:{report.reporter.pk}"
    try:
        with transaction.atomic():
            services.outbox_add(by=people.viewer(), dedupe_key=key, channel="none", recipient="x", body="x")
            worker.begin()
            until(blocked, "the worker comes to the message")
            worker.kill()
            transaction.set_rollback(True)
    finally:
        connections.close_all()
