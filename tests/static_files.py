"""WhiteNoise's table of the collected files, read once in a process instead of once for every client of a test.

Each ``django.test.Client`` loads all middleware for itself, and WhiteNoise's looks at 1,200 files then: a sixth of the
CPU of all tests without a browser.
"""

from typing import Any

from whitenoise.base import WhiteNoise

_read = WhiteNoise.update_files_dictionary
_TABLES: dict[tuple[str, str], dict[str, Any]] = {}


def read_once(server: WhiteNoise, root: str, prefix: str) -> None:
    """Add the files of a folder, from memory when a middleware before has read it."""
    if (root, prefix) not in _TABLES:
        before, server.files = server.files, {}
        _read(server, root, prefix)
        server.files, _TABLES[root, prefix] = before, server.files
    server.files.update(_TABLES[root, prefix])
