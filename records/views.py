"""Whether the process lives, and whether it is ready to serve."""

from __future__ import annotations

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel.api.errors import error_response
from kernel.errors import Unavailable
from records import selectors


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """``/healthz``: the process answers. Touches no database: when that one is down, a restart does not help."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """``/readyz``: the database answers and has all migrations; else 503.

    Tells also when Redis keeps the queue and does not answer; pages and API do not need it, so that is no 503.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _require_migrations()
    except DatabaseError:
        connection.close()
        return error_response(Unavailable(_("数据库没有回应。"), code="database_down"))
    except Unavailable as error:
        return error_response(error)
    try:
        selectors.queue_require()
    except Unavailable as error:
        return JsonResponse({"status": "ready", "background_work": error.code})
    return JsonResponse({"status": "ready"})


@cache
def _require_migrations() -> None:
    """All migrations are there. Remembered once true: a running process does not lose them, and the check is slow.

    Raises:
        Unavailable: some are not (not remembered).
    """
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _back in missing[:5])
        raise Unavailable(_("数据库结构还没有更新：%s") % names, code="migrations_missing", hint="manage.py migrate")
