"""Where things are. Everything that ./dev makes is below the project, but for two cases said at each function."""

import hashlib
import os
import pwd
import shutil
import tempfile
from pathlib import Path

from scripts.terminal import Stop

BASE = Path(__file__).resolve().parent.parent
LOCAL = BASE / ".local"
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = BASE / "frontend"

_KEY = hashlib.sha256(os.fsencode(BASE)).hexdigest()[:8]
_SOCKET_ROOM = 85  # sun_path holds 107 bytes with its NUL; "/.s.PGSQL.5432.lock" and a margin come off


def make_local() -> None:
    """Make ``.local``; refuse one of another user, in which half of the steps would fail later and less clearly."""
    LOCAL.mkdir(mode=0o755, exist_ok=True)
    if LOCAL.stat().st_uid != os.geteuid():
        owner = pwd.getpwuid(LOCAL.stat().st_uid).pw_name
        raise Stop(f"{LOCAL} belongs to {owner}. Run ./dev as {owner}, or remove that folder.")


def server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: the user it runs as then. ``None``: the present user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Stop("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody here.")


def _reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether that user can walk to the folder (a clone below /root, say, is closed to others)."""
    return all(p.stat().st_mode & 0o001 or p.stat().st_uid == user.pw_uid for p in [path, *path.parents])


def state_dir() -> Path:
    """The folder of clusters and unpacked packages: ``.local``; for root in a closed folder, one in /var/tmp.

    GEOGOV_STATE names another (the tests of these scripts do).
    """
    if named := os.environ.get("GEOGOV_STATE"):
        return Path(named)
    user = server_user()
    if user is None or _reachable(BASE, user):
        return LOCAL
    return _private(Path("/var/tmp") / f"geogov-{_KEY}", 0o755)  # noqa: S108  /var/tmp outlives a restart


def socket_dir() -> Path:
    """The folder of the Unix sockets: ``run`` in the state folder, or one in /tmp when that path is too long.

    libpq also reads a comma as a list of hosts.
    """
    run = state_dir() / "run"
    if len(os.fsencode(run)) <= _SOCKET_ROOM and "," not in str(run):
        run.mkdir(exist_ok=True)
    else:
        run = _private(Path(tempfile.gettempdir()) / f"geogov-{_KEY}-{os.geteuid()}", 0o700)
    give_to_server(run)
    return run


def _private(path: Path, mode: int) -> Path:
    """A folder at a guessable path in a folder of everybody: ours, or nobody's."""
    path.mkdir(mode=mode, exist_ok=True)
    user = server_user()
    ours = {os.geteuid()} | ({user.pw_uid} if user else set())
    if path.is_symlink() or path.stat().st_uid not in ours:
        raise Stop(f"{path} was made by somebody else. Move it away, then start again.")
    return path


def give_to_server(path: Path) -> None:
    """Make the folder the server user's own (PostgreSQL insists), closed to others."""
    if user := server_user():
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)


def remove(path: Path) -> None:
    """Remove a folder with all it holds, if it is there."""
    shutil.rmtree(path, ignore_errors=True)
