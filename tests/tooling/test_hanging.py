"""A test that hangs is ended with its traceback, and those after it run."""

import subprocess
import sys

import pytest
from django.db import connection

from scripts.paths import BASE

HANGS = """
import threading

def test_hangs():
    threading.Event().wait()

def test_after_it():
    pass
"""


def test_one_that_hangs_fails_where_it_stands(tmp_path):
    (tmp_path / "test_it.py").write_text(HANGS, encoding="utf-8")
    ini = ["-c", str(BASE / "pyproject.toml"), "--rootdir", str(tmp_path), "-o", "timeout=1"]
    plain = ["-p", "no:django", "-p", "no:cacheprovider", "-W", "ignore"]
    command = [sys.executable, "-m", "pytest", *ini, *plain, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    assert ">       threading.Event().wait()" in done.stdout


@pytest.mark.django_db
def test_a_statement_ends_before_its_test_does(pytestconfig):
    """A signal does not reach whoever waits inside libpq."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM current_setting('statement_timeout')::interval)")
        assert 0 < cursor.fetchone()[0] < float(pytestconfig.getini("timeout"))
