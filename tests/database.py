"""The database of the tests: migrated once for all workers, no statement waits for ever, and emptied cheaply.

Django's ``flush`` truncates every table (new files for each of them and their indexes) and then makes permissions and
triggers anew: 0.7 s a test here, against 7 ms for deleting the few rows that a test leaves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Model
from psycopg2.errors import DeadlockDetected

from layers import ledger
from scripts.locks import only_one

KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission"})
"""What migrations write and no test changes."""

SMALL = 1 << 18
"""Bytes; above, a table is truncated: deleting would leave its dead pages to all later tests."""

ATTEMPTS = 3

PATIENCE_S = 240
"""For one statement. A test that waits inside libpq hears no signal; its own time (pyproject.toml) is longer."""

_SIZES = """
SELECT relname, CASE relkind WHEN 'p' THEN 1 ELSE pg_relation_size(oid) END
FROM pg_class WHERE relname = ANY(%s) AND relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace"""

_TOLD = "INSERT INTO layers_change (topic, county, at, n) SELECT unnest(%s), '', clock_timestamp(), 1"


@contextmanager
def copied(worker: str, users: Path) -> Iterator[None]:
    """Let Django copy the worker's database from one that the first worker has migrated; the last one drops that.

    ``users``: a file of this run alone, for how many workers use it.
    """
    own = connection.settings_dict["TEST"]["NAME"]
    made = f"{own.removesuffix(worker)}made"
    with only_one(users):
        others = int(users.read_text() or 0)
        if not others:
            _migrate(made)
        users.write_text(str(others + 1))
    connection.settings_dict["TEST"] |= {"NAME": own, "TEMPLATE": made, "MIGRATE": False}
    yield
    with only_one(users):
        others = int(users.read_text()) - 1
        users.write_text(str(others))
        if not others:
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{made}"')


def _migrate(name: str) -> None:
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = before


def bound() -> None:
    """Give every later connection its patience."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE \"{connection.settings_dict['NAME']}\" SET statement_timeout = '{PATIENCE_S}s'")
    connection.close()


def empty(_test: object = None) -> None:
    """Delete the rows of all tables, past triggers and foreign keys; the ledger hears of it as of a TRUNCATE.

    The role of PostgreSQL must be a superuser, as in every throw-away cluster. A request that its browser no longer
    waits for may hold rows in another order: one of the two is broken off, and this one begins again.
    """
    for attempt in range(ATTEMPTS):
        try:
            return _emptied()
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected) or attempt == ATTEMPTS - 1:
                raise


def _emptied() -> None:
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    names |= {model._meta.db_table for model in apps.get_models() if _is_made_by_sql(model)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SIZES, [list(names)])
        sizes = cursor.fetchall()
        statements = [f'DELETE FROM "{name}"' for name, size in sizes if 0 < size <= SMALL]
        if large := [f'"{name}"' for name, size in sizes if size > SMALL]:
            statements.append(f"TRUNCATE {', '.join(large)} CASCADE")
        cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *statements]))
        cursor.execute(_TOLD, [sorted(ledger.watched())])
        cursor.execute(f"NOTIFY {ledger.CHANNEL}")


def _is_made_by_sql(model: type[Model]) -> bool:
    """One of our tables that Django does not know how to make; PostGIS brings such tables, too."""
    return not model._meta.managed and model._meta.app_label in settings.LOCAL_APPS
