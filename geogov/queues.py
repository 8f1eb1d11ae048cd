"""Background work on Redis (``TASKS_BACKEND=rq``): what django-tasks-rq leaves open, so that both queues act alike.

Loaded with that setting only: the packages of Redis cost memory and time at every start.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.db import close_old_connections, transaction
from django_rq.queues import DjangoRQ
from django_tasks_rq import RQBackend
from rq import SimpleWorker
from rq.job import Job

_LONGEST_TASK_S = 3600  # RQ ends a task after three minutes otherwise, which a nightly one may need; an hour is stuck


class Backend(RQBackend):
    """Refuses ``run_after``: RQ moves deferred tasks in one more process, which outlives a worker that was killed.

    What is to be done later is a periodic job (``kernel.periodic``) or has its own ``due_at``, as the outbox.
    """

    supports_defer = False


class CommitQueue(DjangoRQ):
    """Takes a task when the transaction commits, as the database's queue does, and keeps results as long as that."""

    def create_job(self, *args: Any, **kwargs: Any) -> Job:
        """A task that RQ neither ends too soon nor forgets within minutes."""
        kept_s = settings.TASK_RESULTS_DAYS * 86_400
        kwargs |= {"timeout": _LONGEST_TASK_S, "result_ttl": kept_s, "failure_ttl": kept_s}
        return super().create_job(*args, **kwargs)

    def enqueue_job(self, job: Job, *args: Any, **kwargs: Any) -> Job:
        """Now, or at the commit; never, if the transaction is rolled back."""
        transaction.on_commit(partial(super().enqueue_job, job, *args, **kwargs))
        return job


class Worker(SimpleWorker):
    """One process, as the database's worker: no fork, so no new connection to the database, for each task."""

    def perform_job(self, *args: Any, **kwargs: Any) -> bool:
        """Do one task, on a connection that is alive."""
        close_old_connections()
        try:
            return bool(super().perform_job(*args, **kwargs))
        finally:
            close_old_connections()
