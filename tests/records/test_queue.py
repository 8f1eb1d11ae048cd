"""Background work on either queue: a real Redis, the product's own processes."""

import os
import runpy
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings as project
from django.db import transaction
from django.test import override_settings
from django_tasks.exceptions import InvalidTaskError

from kernel import clock
from kernel.errors import Unavailable
from kernel.periodic import jobs
from records import selectors, services, tasks
from records.models import AuditSeal, OutboxMessage, PeriodicRun
from scripts import redis_server
from scripts.terminal import Stop
from tests.factories import people
from tests.records.processes import database_url, worker_command
from tests.records.test_seals import write
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.django_db(transaction=True)


class Redis:
    """A server on a socket of its own, which keeps nothing when it ends."""

    def __init__(self, program, env, folder):
        self.socket = folder / "redis.sock"
        self._command = [program, "--port", "0", "--unixsocket", self.socket, "--save", "", "--dir", folder]
        self._env, self._process = env, None

    @property
    def url(self):
        return f"unix://{self.socket}"

    def start(self):
        self._process = subprocess.Popen(self._command, env=self._env, stdout=subprocess.DEVNULL)
        until(self._answers, "Redis starts")

    def _answers(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def stop(self):
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
            self.socket.unlink(missing_ok=True)
            self._process = None


@pytest.fixture(scope="module")
def redis_program():
    try:
        return redis_server.command()
    except Stop as error:
        pytest.skip(f"there is no Redis here and none to be had: {error}")


@pytest.fixture
def redis(redis_program, monkeypatch, tmp_path):
    """A server that runs, and this process and those it starts with the settings of TASKS_BACKEND=rq."""
    server = Redis(*redis_program, tmp_path)
    server.start()
    monkeypatch.setenv("TASKS_BACKEND", "rq")
    monkeypatch.setenv("REDIS_URL", server.url)
    names = ("TASKS", "TASKS_ON_REDIS", "RQ", "RQ_QUEUES")
    made = runpy.run_path(str(project.BASE_DIR / "geogov/settings.py"))
    with override_settings(**{name: made[name] for name in names}):
        yield server
    server.stop()


@pytest.fixture(params=["database", "rq"])
def queue(request):
    """Either queue."""
    return request.getfixturevalue("redis") if request.param == "rq" else None


@pytest.fixture
def environment(monkeypatch):
    """Processes that are started find the test's database."""
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")


def jobs_waiting():
    from django_rq import get_queue

    return get_queue().count


def message():
    with transaction.atomic():
        services.outbox_add(
            by=people.viewer(), dedupe_key="k", channel="none", recipient="desk", subject="交办", body="您好"
        )


def test_the_product_enqueues_and_the_worker_of_up_does_it(queue, environment):
    write(3)
    message()
    assert "records.seal_audit" in services.periodic_enqueue()
    assert selectors.is_waiting(tasks.seal_audit.module_path)
    done = subprocess.run(
        [*worker_command(), "--batch"], cwd=project.BASE_DIR, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not selectors.is_waiting(tasks.seal_audit.module_path)
    assert AuditSeal.objects.count() == 1
    assert OutboxMessage.objects.get().state == OutboxMessage.State.SENT
    if queue:
        from django_rq import get_queue

        assert get_queue().failed_job_registry.count == 0
        finished = [get_queue().fetch_job(key) for key in get_queue().finished_job_registry.get_job_ids()]
        (sealed,) = [job for job in finished if job.func_name == tasks.seal_audit.module_path]
        assert sealed.return_value() == AuditSeal.objects.get().mac
        assert get_queue().connection.ttl(sealed.key) > (project.TASK_RESULTS_DAYS - 1) * 86_400


def test_a_task_is_taken_at_the_commit_and_never_after_a_rollback(queue):
    path = tasks.seal_audit.module_path
    with transaction.atomic():
        tasks.seal_audit.enqueue()
        transaction.set_rollback(True)
    assert not selectors.is_waiting(path)
    with transaction.atomic():
        tasks.seal_audit.enqueue()
        assert queue is None or jobs_waiting() == 0
    assert selectors.is_waiting(path)


def test_a_stopped_worker_finds_one_task_and_not_hundreds(redis):
    for _ in range(3):
        tasks._seal()
    assert jobs_waiting() == 1


def test_what_is_deferred_is_refused_and_not_forgotten(redis):
    with pytest.raises(InvalidTaskError):
        tasks.seal_audit.using(run_after=clock.now()).enqueue()


def test_no_period_passes_while_redis_is_down(redis, client):
    assert client.get("/readyz").json() == {"status": "ready"}
    redis.stop()
    with pytest.raises(Unavailable):
        services.periodic_enqueue()
    assert not PeriodicRun.objects.exists()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "background_work": "queue_down"})
    redis.start()
    assert "records.seal_audit" in services.periodic_enqueue()


def test_a_queue_that_fails_at_the_commit_leaves_the_job_due(redis, monkeypatch):
    monkeypatch.setattr(services, "jobs", [jobs["media.leftovers"]])
    monkeypatch.setattr(selectors, "queue_require", redis.stop)  # it goes down right after it answered
    assert services.periodic_enqueue() == []
    assert not PeriodicRun.objects.exists()


def test_scheduler_and_worker_work_together_and_end_when_told(redis, environment):
    write(3)
    both = [
        subprocess.Popen(command, cwd=project.BASE_DIR, stdout=subprocess.DEVNULL, start_new_session=True)
        for command in (worker_command(), [sys.executable, "manage.py", "scheduler"])
    ]
    try:
        until(AuditSeal.objects.exists, "the audit is sealed")
        began = time.monotonic()
        for process in both:
            os.killpg(process.pid, signal.SIGTERM)
        assert [process.wait(PATIENCE_S) for process in both] == [0, 0]
        assert time.monotonic() - began < 10
    finally:
        for process in both:
            process.kill()
            process.wait()


def test_results_are_pruned_in_the_database_and_left_to_redis(queue):
    tasks.clear_old.call()


def test_another_queue_needs_no_migration(redis, environment):
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check"], cwd=project.BASE_DIR, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")
