"""Runs over windows: the same mask whoever works, again after a failure, on where it was broken off."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from imagery.detect.cuts import COUNT, Bins
from imagery.detect.edges import standing
from imagery.detect.masks import Plan
from imagery.detect.windows import Window, cover
from imagery.execution import executors, runs
from imagery.execution.executors import (
    PAUSES_S,
    ClusterLostError,
    ClusterUnfitError,
    Dask,
    ExecutorError,
    Serial,
    Threads,
    executor_of,
)
from imagery.execution.keeping import Kept
from imagery.execution.runs import Cancelled, Conduct, Order, fitted, masked, sampled, whole
from tests.imagery.pairs import pair


@dataclass(frozen=True)
class Arrays:
    """A source in memory."""

    before: np.ndarray
    after: np.ndarray

    rows = property(lambda self: self.before.shape[1])
    cols = property(lambda self: self.before.shape[2])

    def read(self, window: Window):
        return self.before[:, *window.slices], self.after[:, *window.slices]


@dataclass(frozen=True)
class Shaky(Arrays):
    """A source whose reads fail the first times."""

    failures: int = 0
    seen: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, window: Window):
        with self.lock:
            self.seen.append(window)
            if self.seen.count(window) <= self.failures:
                raise OSError("the drive is away")
        return super().read(window)


@dataclass(frozen=True)
class Slow(Arrays):
    """A source that takes its time."""

    takes_s: float = 2

    def read(self, window: Window):
        time.sleep(self.takes_s)
        return super().read(window)


@pytest.fixture(scope="module")
def ground():
    return pair()


def mask_of(source, conduct, size=64, detector="fusion"):
    order = Order(source, detector, size)
    plan = fitted(order, conduct, sampled(order, conduct))
    marks = whole(source, masked(order, plan, conduct))
    standing(marks, plan.least)
    return marks


@contextmanager
def cluster_of(workers: int):
    """A scheduler with workers in threads of this process, spoken to over TCP; its address, and what it can do."""
    import distributed

    with distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1",
        dashboard_address=None,
    ) as running:  # fmt: skip
        yield running.scheduler_address.removeprefix("tcp://"), running


@pytest.fixture(scope="module")
def cluster():
    with cluster_of(2) as (address, _running):
        yield address


def test_whoever_works_the_mask_is_the_same(ground, cluster):
    source = Arrays(ground.before, ground.after)
    whole = mask_of(source, Conduct(Serial()), size=512)
    assert whole.sum() > 300
    for executor in (Serial(), Threads(3), executor_of(f"dask://{cluster}")):
        np.testing.assert_array_equal(mask_of(source, Conduct(executor)), whole)


@pytest.mark.parametrize("executor", [Serial(), Threads(2)])
def test_a_read_that_fails_is_tried_again_after_a_while_and_not_for_ever(ground, executor, monkeypatch):
    paused = []
    monkeypatch.setattr(executors.time, "sleep", paused.append)
    steady = Shaky(ground.before, ground.after, failures=len(PAUSES_S))
    assert mask_of(steady, Conduct(executor), size=80).any()
    assert sum(paused) >= 2, "longer than it takes to put a file into the place of another"
    with pytest.raises(OSError, match="drive"):
        mask_of(Shaky(ground.before, ground.after, failures=len(PAUSES_S) + 1), Conduct(executor), size=80)


def test_a_run_is_ended_and_goes_on_where_it_was(ground, tmp_path):
    source, told = Shaky(ground.before, ground.after), []
    kept = Kept(tmp_path, "this run")

    def tell(*at):
        told.append(at)
        if len(told) == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        mask_of(source, Conduct(Serial(), tell, kept), size=80)
    assert told == [(n, 12) for n in range(1, 6)]
    first = len(source.seen)
    (kept.place / "stats-0-0.npz").write_bytes(b"half a file")
    mask = mask_of(source, Conduct(Threads(2), kept=kept), size=80)
    assert len(source.seen) - first == 12 - 5 + 1, "only what was not known, and what was broken"
    np.testing.assert_array_equal(mask, mask_of(Arrays(ground.before, ground.after), Conduct()))
    kept.forget()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("notice_s", [0, 4], ids=["at once", "when it is known to be gone"])
def test_of_a_cluster_that_goes_the_windows_that_came_are_kept(ground, tmp_path, notice_s):
    import dask
    import distributed  # noqa: F401  its settings are there before they are changed

    source, kept, came = Shaky(ground.before, ground.after), Kept(tmp_path, "this run"), []
    with dask.config.set({"distributed.comm.timeouts.connect": "2s"}), cluster_of(1) as (address, running):

        def gone(done: int, _total: int) -> None:
            came.append(done)
            if done == 5:
                running.close()
                time.sleep(notice_s)

        with pytest.raises(ClusterLostError, match=address):
            mask_of(Arrays(ground.before, ground.after), Conduct(Dask(address), gone, kept=kept), size=80)
        with pytest.raises(ClusterLostError, match=address):
            mask_of(source, Conduct(Dask(address), kept=kept), size=80)
    assert len(came) >= 5
    mask = mask_of(source, Conduct(kept=kept), size=80)
    assert len(source.seen) == 12 - len(came), "on where it was, by whoever is there"
    np.testing.assert_array_equal(mask, mask_of(Arrays(ground.before, ground.after), Conduct()))


def test_what_a_worker_has_given_counts_though_it_is_known_to_be_gone_just_then(ground, cluster, monkeypatch):
    import distributed

    gathered = distributed.Future._result

    async def gathered_and_lost(task, raiseit=True):
        result = await gathered(task, raiseit)
        task._state.lose()  # as the client does when the scheduler tells it of a worker's end
        return result

    monkeypatch.setattr(distributed.Future, "_result", gathered_and_lost)
    source = Arrays(ground.before, ground.after)
    np.testing.assert_array_equal(mask_of(source, Conduct(Dask(cluster)), size=80), mask_of(source, Conduct(Serial())))


def test_a_run_waits_for_workers_with_a_sign_of_life_and_not_for_ever(ground, monkeypatch):
    monkeypatch.setattr(executors, "BEAT_S", 0.1)
    source, told = Arrays(ground.before, ground.after), []
    with cluster_of(0) as (address, running):

        def end(*at: int) -> None:
            raise Cancelled

        def start(*at: int) -> None:
            told.append(at)
            if len(told) == 3:
                running.scale(2)

        with pytest.raises(Cancelled):
            mask_of(source, Conduct(Dask(address), end), size=80)
        with pytest.raises(ClusterLostError, match="no workers for 1 s"):
            mask_of(source, Conduct(Dask(address, patience_s=1)), size=80)
        mask = mask_of(source, Conduct(Dask(address), start), size=80)
    assert told[:3] == [(0, 12)] * 3
    assert told[-1] == (12, 12)
    np.testing.assert_array_equal(mask, mask_of(source, Conduct(Serial()), size=80))


@pytest.mark.parametrize("is_cluster", [False, True])
def test_while_a_window_takes_long_its_end_is_heard(ground, cluster, monkeypatch, is_cluster):
    monkeypatch.setattr(executors, "BEAT_S", 0.1)
    source, began, heard = Slow(ground.before, ground.after), time.monotonic(), []

    def end(done: int, total: int) -> None:
        heard.append((done, time.monotonic() - began < source.takes_s))
        raise Cancelled

    with pytest.raises(Cancelled):
        mask_of(source, Conduct(Dask(cluster) if is_cluster else Threads(2), end), size=80)
    assert heard == [(0, True)]


@contextmanager
def program(name: str, *options: str, path: Path | None = None):
    """A program of Dask of its own; it finds our code only below ``path``."""
    env = {**os.environ, "PYTHONPATH": str(path or "")}
    command = [sys.executable, "-P", "-m", f"distributed.cli.dask_{name}", "--no-dashboard", *options]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as running:
        try:
            yield running
        finally:
            running.terminate()


def test_workers_without_the_code_are_told_of_and_a_scheduler_needs_none(ground, tmp_path):
    source, file = Arrays(ground.before, ground.after), tmp_path / "scheduler.json"
    worker = partial(program, "worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny")
    with program("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)):
        while not file.exists():
            time.sleep(0.1)
        conduct = Conduct(Dask(json.loads(file.read_text())["address"].removeprefix("tcp://")))
        with worker() as bare:
            with pytest.raises(ClusterUnfitError, match="No module named 'imagery'"):
                mask_of(source, conduct, size=80)
            assert bare.poll() is None, "it lives on"
        with worker(path=settings.BASE_DIR):
            mask = mask_of(source, conduct, size=80)
    np.testing.assert_array_equal(mask, mask_of(source, Conduct(Serial()), size=80))


@pytest.mark.timeout(60)
def test_an_address_where_something_else_listens_is_told(ground, monkeypatch):
    """As the dashboard does beside its scheduler."""
    monkeypatch.setattr(executors, "ANSWER_S", 1)
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with pytest.raises(ClusterLostError, match="no scheduler answers"):
            mask_of(Arrays(ground.before, ground.after), Conduct(Dask(f"127.0.0.1:{other.server_port}")))
        other.shutdown()


def test_executors_by_name():
    assert executor_of("threads") == Threads()
    assert isinstance(executor_of("serial"), Serial)
    assert executor_of("dask://10.0.0.1:8786") == Dask("10.0.0.1:8786")
    for wrong in ("", "dask://", "dask://host", "dask://host:x", "celery"):
        with pytest.raises(ExecutorError):
            executor_of(wrong)


def test_a_cluster_without_its_packages_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)  # as where it is not installed: importing it fails
    with pytest.raises(ExecutorError, match=r"requirements-dask\.txt"):
        executor_of("dask://10.0.0.1:8786")


@dataclass(frozen=True)
class Told(Arrays):
    """It tells what was read."""

    windows: list = field(default_factory=list)

    def read(self, window):
        self.windows.append(window)
        return super().read(window)


def test_patches_are_followed_out_of_their_windows_only_as_far_as_they_lead():
    """Lines of 290 and 310 pixels, straight, slanting and bent, and specks; what has less than 300 is no change."""
    rows, cols, least = 700, 700, 300
    seen = np.zeros((1, rows, cols), np.float32)
    along = np.arange(310)
    seen[0, 100, 20 : 20 + 310] = seen[0, 104, 20 : 20 + 290] = 1
    seen[0, 150 + along, 50 + along] = seen[0, 160 + along[:290], 80 + along[:290]] = 1
    seen[0, 480:640, 500] = seen[0, 480, 500:640] = seen[0, 690:, 300:320] = 1
    seen[0, ::35, 400::50] = 1
    plan = Plan(lambda before, _after: before[0], Bins(0, 1), 0, is_smoothed=False, cut=COUNT // 2, least=least)
    source = Told(seen, 1 - seen)

    def masked(size):
        mask = np.zeros((rows, cols), bool)
        for window in cover(rows, cols, size):
            got = np.unpackbits(runs.mask_of(source, plan, False, window)["mask"], count=window.height * window.width)
            mask[window.slices] = got.reshape(window.height, window.width)
        return mask

    whole = masked(rows)
    assert whole.sum() == 310 + 310
    for size in (64, 250):
        np.testing.assert_array_equal(masked(size), whole)
    source.windows.clear()
    runs.mask_of(source, plan, False, Window(520, 0, 120, 120))
    assert source.windows == [Window(502, 0, 156, 138)], "where nothing leads out, no farther"
