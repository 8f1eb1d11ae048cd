"""The scheduler: one of many works, jobs keep their period over restarts, and it ends when told."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django_tasks_db.models import DBTaskResult

from kernel import clock
from kernel.periodic import PeriodicJob, jobs
from records import services, sql, tasks
from records.management.commands.scheduler import STAND_BY_S, Command
from records.models import AuditSeal, PeriodicRun
from tests.records.test_seals import in_thread, write

pytestmark = pytest.mark.django_db(transaction=True)
START = dt.datetime(2026, 6, 30, 9, 0, tzinfo=clock.ZONE)


@pytest.fixture
def job():
    """A job of its own that counts; the others are put aside."""
    others, done = list(jobs), []
    for other in others:
        jobs.remove(other.key)
    jobs.add(PeriodicJob("test.count", 60, lambda: done.append(clock.now())))
    yield done
    jobs.remove("test.count")
    for other in others:
        jobs.add(other)


def after(seconds):
    return clock.freeze(START + dt.timedelta(seconds=seconds))


def test_job_keeps_its_period(job):
    for seconds, count in [(0, 1), (59, 1), (60, 2), (61, 2), (600, 3), (0, 4)]:  # the clock is set back at the end
        with after(seconds):
            services.periodic_enqueue()
        assert len(job) == count, seconds


def test_job_that_fails_stops_no_other_and_is_tried_again(job):
    jobs.add(PeriodicJob("test.bad", 60, lambda: 1 / 0, order=1))
    try:
        with after(0):
            assert services.periodic_enqueue() == ["test.count"]
        assert not PeriodicRun.objects.filter(key="test.bad").exists()
    finally:
        jobs.remove("test.bad")


def command():
    made = Command(stdout=open(os.devnull, "w"), stderr=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    made._end, made._is_at_work = threading.Event(), False
    return made


def test_two_schedulers_only_one_enqueues(job):
    first, second = command(), command()
    with clock.freeze(START, everywhere=True):
        first._turn()
        assert in_thread(second._turn) == STAND_BY_S
    assert len(job) == 1
    sql.unlock(sql.SCHEDULER)  # the first one dies
    with clock.freeze(START + dt.timedelta(minutes=1), everywhere=True):
        in_thread(second._turn)
    assert len(job) == 2


@pytest.mark.parametrize("ran_before", [False, True])
def test_two_that_both_believe_to_be_alone_do_not_enqueue_twice(job, ran_before):
    """The second comes while the first is in the middle: it must wait for the first, and then find nothing to do."""
    if ran_before:
        PeriodicRun.objects.create(key="test.count", at=START - dt.timedelta(hours=1))
    second = threading.Thread(target=_periodic_enqueue)
    jobs.remove("test.count")
    jobs.add(PeriodicJob("test.count", 60, lambda: (job.append(1), _start_and_see_it_wait(second))))
    with clock.freeze(START, everywhere=True):
        services.periodic_enqueue()
        second.join(20)
    assert job == [1]


def _periodic_enqueue():
    try:
        services.periodic_enqueue()
    finally:
        connections.close_all()


def _start_and_see_it_wait(thread):
    if thread.ident:
        return
    thread.start()
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
    while thread.is_alive():
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return


def test_lost_database_is_waited_for(job, monkeypatch):
    one = command()
    one._turn()
    assert one._is_at_work

    def gone():
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(services, "periodic_enqueue", gone)
    assert one._turn() == STAND_BY_S
    assert not one._is_at_work


def test_all_jobs_enqueue_and_the_worker_does_them():
    write(3)
    with after(0):
        assert set(services.periodic_enqueue()) == {job.key for job in jobs}
        services.periodic_enqueue()
    paths = list(DBTaskResult.objects.values_list("task_path", flat=True))
    assert paths.count(tasks.seal_audit.module_path) == 1
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    failed = DBTaskResult.objects.filter(status="FAILED").values_list("task_path", "traceback")
    assert not list(failed)
    result = DBTaskResult.objects.get(task_path=tasks.seal_audit.module_path)
    assert result.return_value == AuditSeal.objects.get().mac


def test_stopped_worker_finds_one_task_and_not_hundreds():
    for minutes in range(0, 60, 5):
        with clock.freeze(START + dt.timedelta(minutes=minutes)):
            services.periodic_enqueue()
    assert DBTaskResult.objects.filter(task_path=tasks.seal_audit.module_path).count() == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_when_it_is_told_to(number):
    database = connection.settings_dict
    place = f"host={database['HOST']}" + (f"&port={database['PORT']}" if database["PORT"] else "")
    url = f"postgis://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?{place}"
    process = subprocess.Popen(
        [sys.executable, "manage.py", "scheduler"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "scheduler: at work\n"
        process.send_signal(number)
        began = time.monotonic()
        while not in_thread(lambda: sql.try_lock(sql.SCHEDULER)):
            assert time.monotonic() - began < 10, "the whole group ends within 10 s"
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
