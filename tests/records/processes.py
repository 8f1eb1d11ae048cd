"""The product's own processes for tests: how they are started, and waiting for what they do."""

from __future__ import annotations

import sys

from django.db import connection

from scripts import up
from scripts.address import Address


def worker_command() -> list[str]:
    """What ./dev up starts."""
    (program,) = [one for one in up.programs(Address(), {}) if one.name == "worker"]
    return [sys.executable, *program.command[1:]]


def database_url() -> str:
    """Address of the test's database for another process."""
    database = connection.settings_dict
    place = f"host={database['HOST']}" + (f"&port={database['PORT']}" if database["PORT"] else "")
    return f"postgis://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?{place}"
