"""What process supervisors ask."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from records import views


@pytest.fixture(autouse=True)
def _forget():
    checked = views._require_migrations
    checked.cache_clear()
    yield
    checked.cache_clear()


def test_healthz_touches_no_database(client):
    client.cookies["sessionid"] = "x" * 32
    response = client.get("/healthz")  # pytest-django refuses the database here
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-cache" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready(client, django_assert_num_queries):
    assert client.get("/readyz").json() == {"status": "ready"}
    with django_assert_num_queries(1):
        assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_without_migrations(client):
    MigrationRecorder(connection).migration_qs.filter(app="records").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["code"] == "migrations_missing"
    assert "records.0001_initial" in response.json()["message"]


def test_database_down_is_a_503_and_the_process_still_lives():
    script = """
import django, json
django.setup()
from django.test import Client
c = Client()
answers = [c.get(path) for path in ("/healthz", "/readyz", "/readyz", "/api/county/")]
print(json.dumps([[a.status_code, a.json().get("code", "")] for a in answers]))
"""
    env = {
        **os.environ,
        "DATABASE_URL": "postgis://x@/x?host=/nonexistent",
        "DJANGO_SETTINGS_MODULE": "geogov.settings",
        "ALLOWED_HOSTS": "testserver",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True
    )
    assert done.stdout.strip() == (
        '[[200, ""], [503, "database_down"], [503, "database_down"], [503, "database_down"]]'
    ), done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_connection_lost_between(client, monkeypatch):
    def gone():
        raise OperationalError("gone")

    monkeypatch.setattr(views, "_require_migrations", gone)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction lives on it
    assert client.get("/readyz").json()["code"] == "database_down"
