"""Runs over windows: the same mask whoever works, again after a failure, on where it was broken off."""

import sys
import threading
from dataclasses import dataclass, field

import numpy as np
import pytest

from imagery.detect.cuts import COUNT, Bins
from imagery.detect.masks import Plan
from imagery.detect.windows import Window, cover
from imagery.execution import runs
from imagery.execution.executors import TRIES, ClusterLostError, Dask, ExecutorError, Serial, Threads, executor_of
from imagery.execution.keeping import Kept
from imagery.execution.runs import Cancelled, Conduct, Order, fitted, masked, sampled
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


@pytest.fixture(scope="module")
def ground():
    return pair()


def mask_of(source, conduct, size=64, detector="fusion"):
    order = Order(source, detector, size)
    plan = fitted(order, conduct, sampled(order, conduct))
    mask = np.zeros((source.rows, source.cols), bool)
    for part in masked(order, plan, conduct):
        mask[part.window.slices] = part.mask
    return mask


@pytest.fixture(scope="module")
def cluster():
    """A scheduler with two workers in threads of this process, spoken to over TCP."""
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=None
    ) as running:
        yield running.scheduler_address.removeprefix("tcp://")


def test_whoever_works_the_mask_is_the_same(ground, cluster):
    source = Arrays(ground.before, ground.after)
    whole = mask_of(source, Conduct(Serial()), size=512)
    assert whole.sum() > 300
    for executor in (Serial(), Threads(3), executor_of(f"dask://{cluster}")):
        np.testing.assert_array_equal(mask_of(source, Conduct(executor)), whole)


@pytest.mark.parametrize("executor", [Serial(), Threads(2)])
def test_a_read_that_fails_is_tried_again_and_not_for_ever(ground, executor):
    steady = Shaky(ground.before, ground.after, failures=TRIES - 1)
    assert mask_of(steady, Conduct(executor), size=80).any()
    with pytest.raises(OSError, match="drive"):
        mask_of(Shaky(ground.before, ground.after, failures=TRIES), Conduct(executor), size=80)


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


def test_of_a_cluster_that_goes_the_windows_that_came_are_kept(ground, tmp_path):
    import dask
    import distributed

    source, kept, came = Shaky(ground.before, ground.after), Kept(tmp_path, "this run"), []
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "2s"}),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=None
        ) as running,
    ):
        address = running.scheduler_address.removeprefix("tcp://")

        def gone(done: int, _total: int) -> None:
            came.append(done)
            if done == 5:
                running.close()

        with pytest.raises(ClusterLostError, match=address):
            mask_of(Arrays(ground.before, ground.after), Conduct(Dask(address), gone, kept=kept), size=80)
        with pytest.raises(ClusterLostError, match=address):
            mask_of(source, Conduct(Dask(address), kept=kept), size=80)
    assert len(came) >= 5
    mask = mask_of(source, Conduct(kept=kept), size=80)
    assert len(source.seen) == 12 - len(came), "on where it was, by whoever is there"
    np.testing.assert_array_equal(mask, mask_of(Arrays(ground.before, ground.after), Conduct()))


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
    source = Told(seen, seen)

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
