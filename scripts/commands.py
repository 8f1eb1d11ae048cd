"""The commands of ./dev."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import address, browser, check, cluster, frontend, mosquitto, pango, postgres, prepare, up
from scripts.beside import Beside
from scripts.paths import BASE, FRONTEND, LOCAL, PYTHON, make_local, remove, state_dir
from scripts.terminal import Stop, say

_LONGEST_END_S = 10.0

_HEARD_S = 2.0
"""A command that has heard a signal itself has ended by then, or is about to."""


@contextmanager
def database(own: cluster.Cluster) -> Iterator[cluster.Cluster | None]:
    """The database to use: what DATABASE_URL names (then ``None``), else the cluster, running while we are in here."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    own.start()
    try:
        yield own
    finally:
        own.leave()


def _programs(own: cluster.Cluster, paths: dict[str, str]) -> dict[str, str]:
    """Have a PostgreSQL for the cluster (unless DATABASE_URL names one), besides the programs whose paths are given."""
    if not os.environ.get("DATABASE_URL"):
        postgres.bin_dir_for(own.data)
    return paths


def serve(args: list[str]) -> int:
    """``up [HOST:PORT] [--reload] [--public] [--mqtt]``: set up what is missing and serve the map with demo data."""
    reload, public, mqtt = ("--reload" in args, "--public" in args, "--mqtt" in args)
    places = [arg for arg in args if not arg.startswith("--")]
    unknown = [arg for arg in args if arg.startswith("--") and arg not in ("--reload", "--public", "--mqtt")]
    if unknown or len(places) > 1:
        raise Stop("Usage: ./dev up [HOST:PORT] [--reload] [--public] [--mqtt]")
    where = address.parse(places[0]) if places else address.Address()
    up.refuse_public_demo(where, public)
    where.check_free()
    make_local()
    with up.registered():
        return _serve(where, reload, public, mqtt)


def _serve(where: address.Address, reload: bool, public: bool, mqtt: bool) -> int:
    own = cluster.demo()
    programs = Beside(lambda: _programs(own, pango.prepare(required=False)))
    prepare.packages(development=False)
    paths = programs.result()
    broker = mosquitto.Own() if mqtt else None
    with database(own) as running:
        if running:
            _remember(running.url)
        env = prepare.environment(running, **up.settings(where, reload, public)) | paths
        prepare.assets(env)
        prepare.demo_data(running, env)
        if broker:
            env["MQTT_URL"] = broker.url
            say(f"devices send to {broker.url}")
        return up.run(where, env, running, reload=reload, beside=[broker.program] if broker else [])


def _remember(url: str) -> None:
    """Let manage.py, run without ./dev, find the database (geogov.env reads this)."""
    (LOCAL / "database_url").write_text(f"{url}\n", encoding="utf-8")


def test(args: list[str]) -> int:
    """``test [--long] [pytest's arguments]``: set up what is missing and run the tests, a real Chromium included."""
    make_local()
    own = cluster.throw_away()
    programs = Beside(lambda: _programs(own, browser.prepare() | pango.prepare(required=True)))
    prepare.packages(development=True)
    paths = programs.result()
    with database(own) as running:
        env = prepare.environment(running) | paths
        prepare.assets(env)
        env.setdefault("GEOGOV_TEST_DB", f"test_geogov_{os.getpid()}")
        whole = not any(not arg.startswith("-") for arg in args)
        parallel = ["-n", "3", "--dist", "worksteal"] if whole and "-n" not in args else []
        say("running the tests")
        return subprocess.run(
            [str(PYTHON), "-m", "pytest", *parallel, *args], cwd=BASE, env=env, check=False
        ).returncode


def manage(args: list[str]) -> int:
    """``manage COMMAND …``: run a management command on the demo's database."""
    prepare.packages(development=False)
    with database(cluster.demo()) as running:
        env = prepare.environment(running, DEMO=os.environ.get("DEMO", "1"))
        with subprocess.Popen([str(PYTHON), "manage.py", *args], cwd=BASE, env=env) as command:
            try:
                return command.wait()
            except KeyboardInterrupt:
                return _ended(command)


def _ended(command: subprocess.Popen[bytes]) -> int:
    """The status of a command that is to end: a terminal tells it as well, ``kill`` tells only us.

    It gets the time to say in the database that it was stopped; ``subprocess.run`` would kill it after 0.25 s.
    """
    for patience_s, end in ((_HEARD_S, command.terminate), (_LONGEST_END_S, command.kill)):
        try:
            return command.wait(patience_s)
        except subprocess.TimeoutExpired:
            end()
    return command.wait()


def bench(args: list[str]) -> int:
    """``bench [NAME …]``: measure the product against its limits, and write docs/bench.md."""
    prepare.packages(development=True)
    with database(cluster.demo()) as running:
        env = prepare.environment(running, DEMO="1") | browser.prepare()
        prepare.assets(env)
        prepare.demo_data(running, env)
        return subprocess.run([str(PYTHON), "-m", "bench", *args], cwd=BASE, env=env, check=False).returncode


def run_checks(args: list[str]) -> int:
    """``check``: linters, types and architecture only."""
    prepare.packages(development=True)
    if (FRONTEND / "package.json").exists():
        frontend.packages()
    return check.run(args)


def stop(args: list[str]) -> int:
    """``stop``: end every ./dev up of this project, and its databases."""
    make_local()
    ends = list(map(_ask_to_end, LOCAL.glob("up.*.pid")))
    deadline = time.monotonic() + _LONGEST_END_S
    for path in filter(None, ends):
        while up.is_alive(path):
            if time.monotonic() > deadline:
                raise Stop(f"{path} still runs.")
            time.sleep(0.05)
    for one in (cluster.demo(), cluster.throw_away()):
        one.stop()
    return 0


def _ask_to_end(path: Path) -> Path | None:
    """SIGTERM to the ./dev up of that file, if it is alive."""
    if not up.is_alive(path):
        path.unlink(missing_ok=True)
        return None
    os.kill(int(path.read_text(encoding="ascii")), signal.SIGTERM)
    return path


def reset(args: list[str]) -> int:
    """``reset``: stop, and remove the databases and uploads; packages stay, so that the next start is quick."""
    stop([])
    cluster.demo().erase()
    cluster.throw_away().erase()
    for name in ("media", "sealed", "static", "rasters", "tiles"):
        remove(LOCAL / name)
    for path in [*LOCAL.glob("*.stamp"), *LOCAL.glob("demo_users.txt"), *LOCAL.glob("database_url")]:
        path.unlink()
    say(f"removed the databases in {state_dir()}")
    return 0


COMMANDS = {
    "up": serve,
    "test": test,
    "stop": stop,
    "reset": reset,
    "manage": manage,
    "check": run_checks,
    "bench": bench,
}
