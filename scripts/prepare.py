"""What must be there before the product or its tests can run: each step again only when its input changed."""

import os
import subprocess

from scripts import frontend, messages, python_env, stamps
from scripts.cluster import Cluster
from scripts.locks import only_one
from scripts.paths import BASE, FRONTEND, LOCAL, PYTHON, make_local
from scripts.terminal import Stop, say, step

_NOT_CODE = frozenset({"node_modules", "dist", "tests"})


def manage(*args: str, env: dict[str, str], quiet: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a management command; quiet ones give back their output instead of printing it."""
    return subprocess.run(
        [str(PYTHON), "manage.py", *args],
        cwd=BASE,
        env=env,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )


def _must(*args: str, env: dict[str, str], quiet: bool = True) -> str:
    done = manage(*args, env=env, quiet=quiet)
    if done.returncode:
        raise Stop(f"manage.py {' '.join(args)} failed:\n{(done.stdout or '')[-4000:]}")
    return done.stdout or ""


def packages(development: bool) -> None:
    """The locked Python packages, and compiled translations."""
    make_local()
    with only_one(LOCAL / "prepare.lock"):
        python_env.install(python_env.RUNTIME, *([python_env.DEVELOPMENT] if development else []))
        messages.compile_all()


def assets(env: dict[str, str]) -> None:
    """The built front end, and all static files, hashed and compressed."""
    with only_one(LOCAL / "prepare.lock"):
        frontend.build()
        sources = [BASE / "geogov/settings.py", python_env.RUNTIME, *stamps.files(FRONTEND / "dist")]
        sources += [path for path in stamps.files(BASE, skip=_NOT_CODE) if "static" in path.relative_to(BASE).parts]
        stamp = LOCAL / "static.stamp"
        key = stamps.digest(sources, str((LOCAL / "static").exists()))
        if not stamps.current(stamp, key):
            with step("collecting and compressing static files"):
                _must("collectstatic", "--noinput", "--clear", "-v0", env=env)
            stamp.write_text(stamps.digest(sources, "True"), encoding="ascii")


def demo_data(cluster: Cluster | None, env: dict[str, str]) -> None:
    """The schema and the demo county; again when migrations or fixtures changed, or the database is another one."""
    place = str((cluster.data / "PG_VERSION").stat().st_ctime_ns) if cluster else env["DATABASE_URL"]
    with only_one(LOCAL / "prepare.lock"):
        migrations = [p for p in stamps.files(BASE, ".py", ".sql", skip=_NOT_CODE) if p.parent.name in _SCHEMA_FOLDERS]
        schema = stamps.digest([*migrations, python_env.RUNTIME], place)
        stamps.once(LOCAL / "schema.stamp", schema, lambda: _migrate(env))
        fixtures = stamps.digest(stamps.files(BASE / "fixtures"), schema)
        stamps.once(LOCAL / "demo.stamp", fixtures, lambda: _load_demo(env))


_SCHEMA_FOLDERS = frozenset({"migrations", "sql"})


def _migrate(env: dict[str, str]) -> None:
    with step("bringing the database's schema up to date"):
        _must("migrate", "--noinput", "-v0", env=env)


def _load_demo(env: dict[str, str]) -> None:
    if _has("fixtures", "load_demo"):
        with step("loading the demo county"):
            _must("load_demo", env=env, quiet=False)
    if _has("accounts", "demo_users"):
        (LOCAL / "demo_users.txt").write_text(_must("demo_users", env=env), encoding="utf-8")


def _has(app: str, command: str) -> bool:
    """Whether an app offers a command. One that is missing is said, not passed over."""
    if (BASE / app / "management/commands" / f"{command}.py").exists():
        return True
    say(f"there is no command {command} in {app}; going on without it")
    return False


def environment(cluster: Cluster | None, **more: str) -> dict[str, str]:
    """The environment of everything that ./dev runs on a database (``None``: the one that DATABASE_URL names).

    What Python compiles is kept in .local, even where the caller's settings forbid to keep it beside the sources: each
    program that starts would else compile two thousand files, which is half of its start.
    """
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPYCACHEPREFIX": str(LOCAL / "pycache"), **more}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    if cluster:
        env["DATABASE_URL"] = cluster.url
    return env
