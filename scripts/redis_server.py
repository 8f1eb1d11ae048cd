"""A Redis for the tests of the queue: the machine's, else Debian's, unpacked below .local."""

import os
import shutil
from pathlib import Path

from scripts import debroot
from scripts.paths import state_dir


def command() -> tuple[Path, dict[str, str]]:
    """The server's program, and the environment it needs; fetched when the machine has none.

    Raises:
        Stop: when it cannot be fetched.
    """
    if installed := shutil.which("redis-server"):
        return Path(installed), dict(os.environ)
    root = state_dir() / "redis"
    debroot.unpack(root, _packages, "Redis")
    libraries = ":".join(str(folder) for folder in root.glob("usr/lib/*-linux-gnu*"))
    return root / "usr/bin/redis-server", {**os.environ, "LD_LIBRARY_PATH": libraries}


def _packages(apt: debroot.Apt) -> list[str]:
    if "redis-server" not in apt.names("redis-server"):
        raise debroot.NotListedError("no redis-server in the package lists")
    return ["redis-server"]
