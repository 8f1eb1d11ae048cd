"""``./dev up``: web, worker and scheduler as one group, through the same server as in production."""

import fcntl
import http.client
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts import frontend, stamps
from scripts.address import Address
from scripts.cluster import Cluster
from scripts.locks import Users
from scripts.paths import BASE, FRONTEND, LOCAL, PYTHON
from scripts.supervisor import Program, Supervisor
from scripts.terminal import Stop, say

_PATIENCE_S = 60.0
_PLAIN = {"NO_COLOR": "1"}
_NOT_WATCHED = frozenset({"node_modules", "tests", "docs", "scripts"})


def refuse_public_demo(where: Address, public: bool) -> None:
    """Demo accounts have known passwords: they are not put on a network by accident.

    Raises:
        Stop: unless the address is this machine's own or the person said so.
    """
    if not where.is_loopback() and not public and os.environ.get("GEOGOV_DEMO_PUBLIC") != "1":
        raise Stop(
            f"{where} can be reached from other machines, and the passwords of the demo accounts are known to all. "
            "If that is meant: ./dev up --public, or GEOGOV_DEMO_PUBLIC=1."
        )


def settings(where: Address, reload: bool, public: bool) -> dict[str, str]:
    """The settings of a demo, as environment variables; what the caller has set stays."""
    hosts = ["localhost", "127.0.0.1", "[::1]", f"[{where.host}]" if ":" in where.host else where.host]
    if not where.is_loopback():
        hosts = ["*"]  # any name that this machine has on its network
    wanted = {"DEMO": "1", "DEBUG": "1" if reload else "0", "ALLOWED_HOSTS": ",".join(dict.fromkeys(hosts))}
    wanted["MALLOC_ARENA_MAX"] = "2"  # GDAL in many threads: each arena would keep what its tiles once needed
    if public:
        wanted["GEOGOV_DEMO_PUBLIC"] = "1"
    return {name: os.environ.get(name, value) for name, value in wanted.items()}


CONSUMERS = 2
"""Of messages, where there is a broker: one goes on while the other is started again."""


def programs(where: Address, env: dict[str, str]) -> list[Program]:
    """Web, worker, scheduler, and with MQTT_URL the consumers, as docker-compose.yml has them."""
    consumers = range(1, CONSUMERS + 1) if env.get("MQTT_URL") else ()
    return [
        Program("web", [str(PYTHON), "-m", "geogov.server", str(where)], env),
        Program("worker", [str(PYTHON), "manage.py", "worker", "-v0"], env),
        Program("scheduler", [str(PYTHON), "manage.py", "scheduler"], env),
        *(Program(f"mqtt-{n}", [str(PYTHON), "manage.py", "mqtt_consume", "--number", str(n)], env) for n in consumers),
    ]


def run(where: Address, env: dict[str, str], own: Cluster | None, *, reload: bool, beside: Sequence[Program]) -> int:
    """Serve until a signal comes, and run what is ``beside``. Returns the exit status."""
    group = [*beside, *programs(where, env)]
    if reload and (FRONTEND / "package.json").exists():
        group.append(
            Program("front end", ["npm", "run", "-s", "watch"], {**frontend.environment(), **_PLAIN}, FRONTEND)
        )
    where.check_free()  # again: another start may have been quicker
    supervisor = Supervisor(group, changed=_watcher() if reload else None, before_restart=lambda: _revive(own))
    supervisor.run(on_start=lambda: _announce(where))
    say("stopped")
    return 0


def _revive(own: Cluster | None) -> None:
    """A worker that died may have died because our database did (kill -9, out of memory): start it again."""
    if own:
        try:
            own.start()
        except SystemExit as error:
            say(str(error).strip())


def _announce(where: Address) -> None:
    """Say where to look as soon as the server answers; in a thread, so that the group is tended meanwhile."""
    threading.Thread(target=_wait_and_say, args=(where,), daemon=True).start()


def _wait_and_say(where: Address) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not _answers(where):
        if time.monotonic() > deadline:
            say("the web server does not answer yet; its messages are above")
            return
        time.sleep(0.1)
    with suppress(OSError):
        print((LOCAL / "demo_users.txt").read_text(encoding="utf-8").rstrip(), flush=True)
    say(f"open {where.url}   (Ctrl-C stops it)")


def _answers(where: Address) -> bool:
    """Whether the server is up; any status will do."""
    connection = http.client.HTTPConnection(where.url[7:-1], timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _watcher() -> Callable[[], bool]:
    """Tells whether Python, templates or translations changed since it was last asked (once a second at most)."""
    seen, asked = _times(), time.monotonic()

    def changed() -> bool:
        nonlocal seen, asked
        if time.monotonic() - asked < 1:
            return False
        now, asked = _times(), time.monotonic()
        before, seen = seen, now
        return before != now

    return changed


def _times() -> dict[Path, int]:
    files = stamps.files(BASE, ".py", ".html", ".sql", ".mo", skip=_NOT_WATCHED)
    return {path: path.stat().st_mtime_ns for path in files if path.exists()}


@contextmanager
def registered() -> Iterator[None]:
    """Let ./dev stop find this process: a file with its id, locked while it lives, so that a stale one is known."""
    path = LOCAL / f"up.{os.getpid()}.pid"
    with path.open("w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_alive(path: Path) -> bool:
    """Whether the ./dev up that wrote this file lives."""
    if not path.exists():
        return False
    users = Users(path)
    alone = users.alone()
    users.leave()
    return not alone
