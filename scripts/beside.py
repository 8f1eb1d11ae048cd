"""One step beside another: Debian's packages are fetched and unpacked while pip is at work."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Generic[T]):
    """A step in a thread of its own. Who ends ./dev meanwhile does not wait for it: steps leave nothing half done."""

    def __init__(self, work: Callable[[], T]) -> None:
        """Begin."""
        self._work = work
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._work()
        except BaseException as error:  # also Stop, which is told where the result is wanted
            self._error = error

    def result(self) -> T:
        """Wait for its end; what the step returned, or the exception that ended it."""
        self._thread.join()
        if self._error:
            raise self._error
        return self._result
