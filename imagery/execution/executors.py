"""Who works on the windows: this thread, some threads, or a Dask cluster. The work is a function of one window."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import islice
from typing import Any, Protocol
from urllib.parse import urlsplit

from imagery.detect.windows import Window

Work = Callable[[Window], Any]
Done = Iterator[tuple[Window, Any]]

TRIES = 3
"""A window is tried so often: a network drive hiccups, a file is being replaced."""

_AHEAD = 2
"""Windows under way for each worker; more would only wait in memory for whoever takes their results."""


_ARENA_MAX = -8
"""Parameter of mallopt(3)."""


class ExecutorError(ValueError):
    """A setting that names no executor."""


class ClusterLostError(RuntimeError):
    """A cluster cannot be reached, or its workers die; what came until then counts."""


class Executor(Protocol):
    """Anything that works on windows."""

    def run(self, work: Work, windows: Sequence[Window]) -> Done:
        """Each window with its result, in any order; the generator's end (``close``) stops what has not begun.

        Raises:
            Exception: what ``work`` raised for a window for the last time.
        """
        ...


def attempt(work: Work, window: Window, tries: int = TRIES) -> Any:
    """The work on one window, again when reading failed.

    Raises:
        Exception: what the last try raised; what is no failure of reading is not tried again.
    """
    for _ in range(tries - 1):
        try:
            return work(window)
        except OSError:
            continue
    return work(window)


class Serial:
    """One window after the other, in this thread."""

    def run(self, work: Work, windows: Sequence[Window]) -> Done:
        """As ``Executor.run``."""
        for window in windows:
            yield window, attempt(work, window)


def _allocate_in_one_place() -> None:
    """Threads that begin from now on share one heap: those of their own would each keep what their windows have freed.

    Only glibc has heaps to each thread, and knows of this.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


@dataclass(frozen=True)
class Threads:
    """Threads of this process; numpy and GDAL let each other run.

    Attributes:
        workers: how many; 0 for one per processor.
    """

    workers: int = 0

    def run(self, work: Work, windows: Sequence[Window]) -> Done:
        """As ``Executor.run``."""
        workers = self.workers or len(os.sched_getaffinity(0))
        _allocate_in_one_place()
        coming = iter(windows)
        with ThreadPoolExecutor(workers, "windows") as pool:
            under_way: dict[Future[Any], Window] = {}
            try:
                while True:
                    for window in islice(coming, workers * _AHEAD - len(under_way)):
                        under_way[pool.submit(attempt, work, window)] = window
                    if not under_way:
                        return
                    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                        yield under_way.pop(future), future.result()
            finally:
                pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class Dask:
    """A cluster of Dask (``requirements-dask.txt``); its workers see the same files under the same paths.

    Attributes:
        address: ``host:port`` of the scheduler.
    """

    address: str

    def run(self, work: Work, windows: Sequence[Window]) -> Done:
        """As ``Executor.run``; a window of a worker that dies is given to another.

        Raises:
            ClusterLostError: the scheduler cannot be reached or has gone, or a window takes down every worker.
        """
        import distributed

        dask: Any = distributed  # it has types for few of its functions
        coming = iter(windows)
        with self._client() as client:
            ahead = max(sum(client.nthreads().values()), 1) * _AHEAD
            send = partial(client.submit, attempt, work, pure=False)
            under_way = {send(window): window for window in islice(coming, ahead)}
            finished = dask.as_completed(list(under_way), loop=client.loop)
            try:
                for future in finished:
                    try:
                        result = future.result()
                    except (dask.client.FutureCancelledError, dask.KilledWorker) as error:
                        raise ClusterLostError(f"{self.address}: {error}") from error
                    yield under_way.pop(future), result
                    for window in islice(coming, 1):
                        under_way[following := send(window)] = window
                        finished.add(following)
            finally:
                client.cancel(list(under_way))

    def _client(self) -> Any:
        import distributed

        dask: Any = distributed
        try:
            return dask.Client(f"tcp://{self.address}", set_as_default=False)
        except OSError as error:
            raise ClusterLostError(f"{self.address}: {error}") from error


def executor_of(setting: str) -> Executor:
    """The executor that ``CHANGE_EXECUTOR`` names: ``threads``, ``serial`` or ``dask://host:port``.

    Raises:
        ExecutorError: it names none, or one whose packages are not installed.
    """
    if setting == "threads":
        return Threads()
    if setting == "serial":
        return Serial()
    parts = urlsplit(setting)
    try:
        is_cluster = parts.scheme == "dask" and parts.hostname and parts.port
    except ValueError:  # the port is no number
        is_cluster = False
    if not is_cluster:
        raise ExecutorError("CHANGE_EXECUTOR is threads, serial or dask://host:port.")
    if not find_spec("distributed"):  # found, not imported: whoever only asks for an executor needs not load it
        raise ExecutorError(f"{setting} wants the packages of requirements-dask.txt, which are not installed.")
    return Dask(f"{parts.hostname}:{parts.port}")
