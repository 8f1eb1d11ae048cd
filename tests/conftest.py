"""What all tests share: a database that can be emptied."""

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let transactional tests empty the audit tables; tests/records/test_audit.py switches the triggers on again."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("records_auditevent", "records_auditseal", "records_historyevent"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate")
