"""Who works on the windows: this thread, some threads, or a Dask cluster. The work is a function of one window."""

from __future__ import annotations

import asyncio
import ctypes
import os
import pickle
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from typing import Any, Protocol
from urllib.parse import urlsplit

from imagery.detect.windows import Window

Work = Callable[[Window], Any]
Done = Iterator[tuple[Window, Any]]
Waiting = Callable[[], object]
"""Called every ``BEAT_S`` while no window comes; what it raises ends the work."""

PAUSES_S = (0.5, 2.0)
"""Before a window is tried again, once each: a network drive hiccups, a file is being replaced."""

_AHEAD = 2
"""Windows under way for each worker; more would only wait in memory for whoever takes their results."""

ANSWER_S = 30.0
"""Who has not answered after so long is no scheduler (its dashboard listens beside it), or hangs."""

BEAT_S = 5.0
"""Whoever ends a run is heard so soon, however long a window takes."""

_ARENA_MAX = -8
"""Parameter of mallopt(3)."""


class ExecutorError(RuntimeError):
    """Nobody can work on windows, or nobody any more; what came until then counts.

    Attributes:
        code: of ``imagery.selectors.failures``.
    """

    code = "no_executor"


class ClusterLostError(ExecutorError):
    """A cluster cannot be reached, has no workers, or its workers die."""

    code = "cluster_lost"


class ClusterUnfitError(ExecutorError):
    """Workers of a cluster have not the code or packages that are here."""

    code = "cluster_unfit"


class Executor(Protocol):
    """Anything that works on windows."""

    def run(self, work: Work, windows: Sequence[Window], waiting: Waiting = bool) -> Done:
        """Each window with its result, in any order; the generator's end (``close``) stops what has not begun.

        Raises:
            Exception: what ``work`` raised for a window for the last time.
        """
        ...


def attempt(work: Work, window: Window) -> Any:
    """The work on one window, again when reading failed.

    Raises:
        Exception: what the last try raised; what is no failure of reading is not tried again.
    """
    for pause in PAUSES_S:
        try:
            return work(window)
        except OSError:
            time.sleep(pause)
    return work(window)


class Serial:
    """One window after the other, in this thread."""

    def run(self, work: Work, windows: Sequence[Window], waiting: Waiting = bool) -> Done:
        """As ``Executor.run``; between two windows nobody waits."""
        for window in windows:
            yield window, attempt(work, window)


def _in_turn(
    send: Callable[[Window], Future[Any]], windows: Sequence[Window], most: int, waiting: Waiting
) -> Generator[tuple[Window, Future[Any]], None, None]:
    """Each window, ``most`` of them sent at once, with its future when that is done; at the end all others stop."""
    coming = iter(windows)
    under_way: dict[Future[Any], Window] = {}
    try:
        while True:
            for window in islice(coming, most - len(under_way)):
                under_way[send(window)] = window
            if not under_way:
                return
            done = wait(under_way, BEAT_S, FIRST_COMPLETED).done
            if not done:
                waiting()
            for future in done:
                yield under_way.pop(future), future
    finally:
        for future in under_way:
            future.cancel()


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

    def run(self, work: Work, windows: Sequence[Window], waiting: Waiting = bool) -> Done:
        """As ``Executor.run``."""
        workers = self.workers or len(os.sched_getaffinity(0))
        _allocate_in_one_place()
        with ThreadPoolExecutor(workers, "windows") as pool:

            def send(window: Window) -> Future[Any]:
                return pool.submit(attempt, work, window)

            with closing(_in_turn(send, windows, workers * _AHEAD, waiting)) as sent:
                for window, future in sent:
                    yield window, future.result()


@dataclass(frozen=True)
class _Call:
    """The work on one window: ``pickle.loads`` of it does that work.

    A cluster gets it as bytes. Bytes that name what a worker has not got fail where they are loaded, as a task that
    fails; a function that it has not got would end the worker, and the scheduler would need our code, too.
    """

    work: Work
    window: Window

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Work, Window]]:
        return attempt, (self.work, self.window)


@dataclass(frozen=True)
class Dask:
    """A cluster of Dask (``requirements-dask.txt``).

    Its workers have the same code and packages, and see the same files under the same paths; the scheduler needs none
    of that.

    Attributes:
        address: ``host:port`` of the scheduler.
        patience_s: it may be without workers for so long, as they are started again when they die, or when wanted.
    """

    address: str
    patience_s: float = 60

    def run(self, work: Work, windows: Sequence[Window], waiting: Waiting = bool) -> Done:
        """As ``Executor.run``; a window of a worker that dies is given to another.

        Raises:
            ClusterLostError: the scheduler cannot be reached or has gone, no worker is there, or a window takes down
                every worker.
            ClusterUnfitError: a worker has not the code or packages that are wanted.
        """
        with self._client() as client:
            from distributed.client import ClosedClientError

            def crew() -> int:
                until = time.monotonic() + self.patience_s
                while not (threads := _threads(client)):
                    waiting()
                    if time.monotonic() > until:
                        raise ClusterLostError(f"{self.address}: it has had no workers for {self.patience_s:g} s.")
                    time.sleep(BEAT_S)
                return threads

            def look() -> None:
                waiting()
                crew()

            def send(window: Window) -> Future[Any]:
                task = client.submit(pickle.loads, pickle.dumps(_Call(work, window)), pure=False)
                return asyncio.run_coroutine_threadsafe(_awaited(task), client.loop.asyncio_loop)

            try:
                with closing(_in_turn(send, windows, crew() * _AHEAD, look)) as sent:
                    for window, future in sent:
                        yield window, self._result(client, future)
            except ClosedClientError as error:
                raise self._gone() from error

    def _client(self) -> Any:
        import distributed

        dask: Any = distributed  # it has types for few of its functions
        address = f"tcp://{self.address}"

        async def answer() -> None:
            async with dask.rpc(address) as scheduler:
                await scheduler.identity(n_workers=0)

        try:
            asyncio.run(asyncio.wait_for(answer(), ANSWER_S))  # for that a Client would wait without end
            return dask.Client(address, set_as_default=False)
        except OSError as error:
            raise ClusterLostError(f"{self.address}: {str(error) or 'no scheduler answers there.'}") from error

    def _gone(self) -> ClusterLostError:
        return ClusterLostError(f"{self.address}: its scheduler has gone.")

    def _result(self, client: Any, future: Future[Any]) -> Any:
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        try:
            return future.result()
        except KilledWorker as error:
            raise ClusterLostError(f"{self.address}: {error}") from error
        except Exception as error:
            is_running = client.status == "running"  # else what it says is of its own end, not of the work
            if not is_running or isinstance(error, CancelledError | CommClosedError):
                raise self._gone() from error
            if isinstance(error, ImportError | AttributeError):  # all that is wanted is here: the work was made of it
                message = f"{self.address}: workers want the code and packages of here: {error}"
                raise ClusterUnfitError(message) from error
            raise


async def _awaited(task: Any) -> Any:
    """What a task of Dask comes to, be it that it is worked again as its worker died with what came.

    Its ``ClientExecutor`` would do, but takes such a task for one that failed.
    """
    return await task


def _threads(client: Any) -> int:
    """Of all workers of a cluster; 0 where the scheduler does not say."""
    try:
        return sum(client.nthreads(callback_timeout=BEAT_S).values())
    except OSError:
        return 0


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
