"""``manage.py scheduler``: enqueues periodic jobs. Any number may run; one of them works, the others stand by."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from kernel.errors import Unavailable
from records import services, sql

TICK_S = 1.0  # the shortest period of a job that makes sense
STAND_BY_S = 5.0  # how soon another scheduler takes over


class Command(BaseCommand):
    """Enqueue periodic jobs until SIGTERM or SIGINT."""

    help = "Enqueues periodic jobs until SIGTERM or SIGINT; one scheduler works, others stand by."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run. The lock belongs to the connection: a scheduler that dies leaves it to the next."""
        self._end = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end.set())
        self._is_at_work = False
        while not self._end.is_set():
            self._end.wait(self._turn())
        with suppress(OperationalError, InterfaceError):
            if self._is_at_work:
                sql.unlock(sql.SCHEDULER)  # now, and not when the server notices that we are gone
        connection.close()

    def _turn(self) -> float:
        """One look at the jobs; how many seconds to wait before the next."""
        try:
            if not self._is_at_work:
                self._is_at_work = sql.try_lock(sql.SCHEDULER)
                if not self._is_at_work:
                    return STAND_BY_S
                self.stdout.write("scheduler: at work")
            services.periodic_enqueue()
        except Unavailable as error:
            self.stderr.write(f"scheduler: {error}")  # at work all the same: no other one could do it better
            return STAND_BY_S
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"scheduler: the database does not answer ({error}); trying again")
            connection.close()
            self._is_at_work = False
            return STAND_BY_S
        return TICK_S
