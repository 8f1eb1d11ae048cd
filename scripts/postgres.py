"""Find or fetch a PostgreSQL that has both PostGIS and pgRouting, and run its tools."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from scripts import debroot
from scripts.paths import server_user, state_dir
from scripts.terminal import Stop

EXTENSIONS = ("postgis", "pgrouting", "pg_trgm", "btree_gist")
"""What the product's migrations expect to be able to create."""

_OLDEST = 14  # the first release with multiranges and the JSON subscripts that the SQL of this project uses


def unpacked() -> Path:
    """The folder of the PostgreSQL that is unpacked for this project alone."""
    return state_dir() / "pgroot"


def _answer(*command: str | Path, env: dict[str, str] | None = None) -> str:
    """The output of a small command, or nothing."""
    try:
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False).stdout.strip()
    except OSError:
        return ""


def _candidates() -> Iterator[Path]:
    """Folders that may hold a server: the unpacked one first, for it made the data that is here."""
    yield from unpacked().glob("usr/lib/postgresql/*/bin")
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    yield from Path("/usr").glob("pgsql-*/bin")
    if shutil.which("pg_config"):
        yield Path(_answer("pg_config", "--bindir"))


def _share_folders(bin_dir: Path) -> Iterator[Path]:
    """Where the extensions of a server may be described."""
    if (bin_dir / "pg_config").exists() and unpacked() not in bin_dir.parents:
        yield Path(_answer(bin_dir / "pg_config", "--sharedir"))
    if match := re.search(r"/postgresql/(\d+)/bin$", str(bin_dir)):
        yield bin_dir.parents[3] / "share/postgresql" / match[1]
    yield bin_dir.parent / "share"


def _complete(bin_dir: Path) -> bool:
    """Whether the server is there with every extension that is needed."""
    if not all((bin_dir / tool).exists() for tool in ("initdb", "postgres", "pg_ctl", "psql")):
        return False
    return any(
        all((share / "extension" / f"{name}.control").exists() for name in EXTENSIONS)
        for share in _share_folders(bin_dir)
    )


def _major(bin_dir: Path) -> int:
    match = re.search(r"(\d+)", _answer(bin_dir / "postgres", "--version", env=environment(bin_dir)))
    return int(match[1]) if match else 0


def find(wanted: int | None = None) -> Path | None:
    """The ``bin`` folder of a complete server; with ``wanted``, only of that major version."""
    for bin_dir in _candidates():
        if _complete(bin_dir):
            major = _major(bin_dir)
            if major == wanted or (wanted is None and major >= _OLDEST):
                return bin_dir
    return None


def bin_dir_for(data: Path) -> Path:
    """The server for a data folder (which may not exist yet); fetched when the machine has none.

    Raises:
        Stop: when the data was made by a version that is not here any more.
    """
    version = data / "PG_VERSION"
    wanted = int(version.read_text(encoding="ascii")) if version.exists() else None
    if found := find(wanted):
        return found
    if not unpacked().exists():
        debroot.unpack(unpacked(), _packages, "PostgreSQL with PostGIS and pgRouting", _link_extensions)
        if found := find(wanted):
            return found
    raise Stop(
        f"The database in {data} was made by PostgreSQL {wanted}, which is not here any more. "
        "./dev reset starts afresh (what was entered is lost)."
        if wanted
        else f"The PostgreSQL in {unpacked()} is not complete. Remove that folder, then start again."
    )


def _packages(apt: debroot.Apt) -> list[str]:
    """The newest PostgreSQL of this Debian that has both extensions."""
    names = set(apt.names("postgresql-"))
    majors = [int(m[1]) for name in names if (m := re.fullmatch(r"postgresql-(\d+)-pgrouting", name))]
    majors = [n for n in majors if f"postgresql-{n}-postgis-3" in names]
    if not majors:
        raise debroot.NotListedError("no PostgreSQL with PostGIS and pgRouting in the package lists")
    server = f"postgresql-{max(majors)}"
    extensions = [f"{server}-{name}" for name in ("postgis-3", "pgrouting")]
    return [server, server.replace("-", "-client-"), *extensions, *(f"{name}-scripts" for name in extensions)]


def _link_extensions(root: Path) -> None:
    """What update-alternatives does at an installation: ``postgis-3.control`` becomes ``postgis.control``."""
    for control in root.glob("usr/share/postgresql/*/extension/*-[0-9]*.control"):
        plain = control.with_name(re.sub(r"-[\d.]+\.control$", ".control", control.name))
        if not plain.exists():
            shutil.copy(control, plain)


def environment(bin_dir: Path) -> dict[str, str]:
    """The environment for a server's tools: no PG… variable of the caller, and the libraries that lie beside it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    root = unpacked()
    if root in bin_dir.parents:
        env["LD_LIBRARY_PATH"] = ":".join(str(folder) for folder in root.glob("usr/lib/*-linux-gnu*"))
        env["PROJ_DATA"] = env["PROJ_LIB"] = str(root / "usr/share/proj")
    return env


def run(bin_dir: Path, tool: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a tool of the server as the user the server runs as; its output and errors are in ``stdout``."""
    user = server_user()
    return subprocess.run(
        [bin_dir / tool, *args],
        env=environment(bin_dir),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        check=False,
    )


def must(bin_dir: Path, tool: str, *args: str | Path) -> str:
    """Like ``run``, but an error ends ./dev with the tool's last words."""
    done = run(bin_dir, tool, *args)
    if done.returncode:
        raise Stop(f"{tool} failed:\n{done.stdout[-2000:]}")
    return done.stdout
