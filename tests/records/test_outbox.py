"""The outbox: with the transaction or not at all, each message once, and nothing lost when somebody dies."""

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connections, transaction

from kernel import clock
from kernel.outbox import Channel, channels
from records import selectors, services, tasks
from records.models import OutboxMessage
from tests.factories import people

pytestmark = pytest.mark.django_db(transaction=True)
START = dt.datetime(2026, 6, 30, 9, 0, tzinfo=clock.ZONE)


class Post:
    """A channel that notes what it is given, and fails as told."""

    def __init__(self):
        self.sent, self.errors = [], []

    def send(self, message):
        if self.errors and (error := self.errors.pop(0)):
            raise error
        self.sent.append(message.key)


@pytest.fixture
def post():
    channel = Post()
    channels.add(Channel("test", channel.send))
    yield channel
    channels.remove("test")


@pytest.fixture
def at():
    """The clock, moved by calling it with minutes after the start."""
    with clock.freeze(START, everywhere=True):
        yield lambda minutes: clock.freeze(START + dt.timedelta(minutes=minutes), everywhere=True)


def add(*keys, **more):
    with transaction.atomic():
        for key in keys:
            services.outbox_add(
                by=people.viewer("desk"), dedupe_key=key, channel="test", recipient="x", body="你好", **more
            )


def test_a_message_is_sent_once(at, post):
    add("a", "b", "a")
    add("a")
    assert services.outbox_deliver() == (2, 0)
    assert services.outbox_deliver() == (0, 0)
    assert post.sent == ["a", "b"]
    row = OutboxMessage.objects.get(dedupe_key="a")
    assert (row.state, row.attempts, row.sent_at, row.county) == ("sent", 1, START, "990521")


def test_no_message_of_a_transaction_that_failed(post):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _add_and_fail()
    assert services.outbox_deliver() == (0, 0)


def _add_and_fail():
    add("a")
    raise ZeroDivisionError


def test_refused_outside_a_transaction_and_without_channel(post):
    with pytest.raises(RuntimeError):
        services.outbox_add(by=people.viewer(), dedupe_key="a", channel="test", recipient="x", body="y")
    with pytest.raises(ValueError, match="pigeon"):
        services.outbox_add(by=people.viewer(), dedupe_key="a", channel="pigeon", recipient="x", body="y")


def test_not_before_it_is_due(at, post):
    add("later", due_at=START + dt.timedelta(minutes=30))
    assert services.outbox_deliver() == (0, 0)
    with at(30):
        assert services.outbox_deliver() == (1, 0)


def test_failures_wait_longer_each_time_and_end(at, post):
    post.errors = [OSError("no line")] * 8
    add("a")
    minutes = 0
    for attempt in range(1, 9):
        with at(minutes):
            assert services.outbox_deliver() == (0, 1), attempt
            assert services.outbox_deliver() == (0, 0), "it waits now"
        minutes += 2 ** (attempt - 1)
    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts, row.last_error) == ("dead", 8, "OSError: no line")
    with at(100_000):
        assert services.outbox_deliver() == (0, 0)
    assert services.outbox_pause(20) == dt.timedelta(hours=6)


def test_one_that_fails_stops_no_other(at, post):
    post.errors = [ValueError("bad address"), None]
    add("a", "b")
    assert services.outbox_deliver() == (1, 1)
    assert post.sent == ["b"]


def test_worker_that_dies_while_sending_leaves_the_message_to_the_next(at, post):
    post.errors = [SystemExit()]  # as when the process is ended in the middle
    add("a")
    with pytest.raises(SystemExit):
        services.outbox_deliver()
    with at(4):
        assert services.outbox_deliver() == (0, 0), "the lease still runs"
    with at(5):
        assert services.outbox_deliver() == (1, 0)
    assert post.sent == ["a"]


def test_message_that_kills_every_worker_is_given_up(at, post):
    post.errors = [SystemExit()] * 8
    add("poison")
    for attempt in range(8):
        with at(6 * attempt), pytest.raises(SystemExit):
            services.outbox_deliver()
    with at(60):
        assert services.outbox_deliver() == (0, 1)
    assert OutboxMessage.objects.get().state == "dead"


def test_late_worker_does_not_overwrite_the_next_ones_result(at, post):
    add("a")
    slow = services._outbox_claim()
    with at(5):
        assert services.outbox_deliver() == (1, 0)
        post.errors = [OSError("time-out of the slow one")]
        assert services._outbox_send(slow) is False
    assert OutboxMessage.objects.get().state == "sent"


def test_four_workers_send_each_message_once(at, post):
    keys = [f"m{n:03}" for n in range(60)]
    add(*keys)
    begin, totals = threading.Barrier(4), []

    def worker():
        try:
            begin.wait(10)
            totals.append(services.outbox_deliver())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(post.sent) == keys
    assert sum(sent for sent, _ in totals) == 60
    assert sum(sent > 0 for sent, _ in totals) > 1, "nobody waited for the others"


def test_email_carries_the_same_id_on_every_delivery(at):
    with transaction.atomic():
        for key in ("k1", "k2"):
            services.outbox_add(
                by=people.viewer(),
                dedupe_key=key,
                channel="email",
                recipient="desk@example.org",
                subject="交办",
                body="您好",
            )
    assert services.outbox_deliver() == (2, 0)
    OutboxMessage.objects.update(state="waiting")
    with at(10):
        services.outbox_deliver()
    ids = [message.message()["Message-ID"] for message in mail.outbox]
    assert len(ids) == 4
    assert len(set(ids)) == 2
    assert mail.outbox[0].to == ["desk@example.org"]


def test_task_is_queued_only_when_something_is_due(at, post):
    tasks._deliver()
    assert not selectors.is_waiting(tasks.deliver_outbox.module_path)
    add("a")
    tasks._deliver()
    tasks._deliver()
    from django_tasks_db.models import DBTaskResult

    assert DBTaskResult.objects.filter(task_path=tasks.deliver_outbox.module_path).count() == 1
