"""The product's own processes for tests: how they are started, and waiting for what they do."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from django.db import connection

from scripts import up
from scripts.address import Address

PATIENCE_S = 60  # two processes that load Django on a busy machine


def until(true: Callable[[], object], what: str) -> None:
    """Wait for another process."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def worker_command() -> list[str]:
    """What ./dev up starts."""
    (program,) = [one for one in up.programs(Address(), {}) if one.name == "worker"]
    return [sys.executable, *program.command[1:]]


def database_url() -> str:
    """Address of the test's database for another process."""
    database = connection.settings_dict
    place = f"host={database['HOST']}" + (f"&port={database['PORT']}" if database["PORT"] else "")
    return f"postgis://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?{place}"
