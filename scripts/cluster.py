"""The project's own PostgreSQL clusters, on Unix sockets only: no port can be taken, and no password is kept.

Two of them (ADR 0005): the demo's keeps every commit through a power cut; the tests' trades that for speed and is made
anew whenever it was not stopped properly. PostgreSQL refuses to switch fsync off for one database of a cluster.
"""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from scripts import postgres
from scripts.locks import Users, only_one
from scripts.paths import give_to_server, remove, socket_dir, state_dir
from scripts.terminal import Stop, say, step

_COMMON = """
listen_addresses = ''
jit = off
max_connections = 80
logging_collector = off
log_min_duration_statement = 2s
dynamic_shared_memory_type = mmap
random_page_cost = 1.1
include_if_exists = 'place.conf'
"""
_DURABLE = """
# The demo's database: what was saved stays saved.
fsync = on
full_page_writes = on
synchronous_commit = on
shared_buffers = 256MB
"""
_THROW_AWAY = """
# The tests' database: fast rather than safe, made anew after a crash.
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = 128MB
"""
_PATIENCE_S = 30.0


@dataclass(frozen=True)
class Cluster:
    """One cluster: its name (also of its data folder), its socket's number, and whether it must survive a crash."""

    name: str
    port: int
    durable: bool
    users: Users = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Name the lock of its users."""
        object.__setattr__(self, "users", Users(state_dir() / f"{self.name}.users"))

    @property
    def data(self) -> Path:
        """The data folder."""
        return state_dir() / self.name

    @property
    def url(self) -> str:
        """The address of its database, as DATABASE_URL wants it."""
        return f"postgis://geogov@:{self.port}/geogov?host={quote(str(socket_dir()))}"

    @property
    def made(self) -> bool:
        """Whether the cluster exists."""
        return (self.data / "PG_VERSION").exists()

    def start(self) -> None:
        """Make it if it is missing, start it if it is not running, and be one of its users."""
        with only_one(state_dir() / f"{self.name}.lock"):
            first = self.users.alone()
            self.users.join()
            bin_dir = postgres.bin_dir_for(self.data)
            if self._running(bin_dir):
                self._tidy(first)
                return
            if first and not self.durable and self.made and not self._ended_well(bin_dir):
                say("the tests' database was not stopped properly; making it anew")
                remove(self.data)
            if not self.made:
                with step(f"making the PostgreSQL cluster {self.name}"):
                    self._initialise(bin_dir)
            self._place()
            self._launch(bin_dir)
            if not self.sql("SELECT 1 FROM pg_database WHERE datname = 'geogov'", "postgres"):
                self._create_database()
            self._tidy(first)

    def leave(self) -> None:
        """Stop using it; the last user stops it."""
        with only_one(state_dir() / f"{self.name}.lock"):
            if self.users.alone():
                self._stop()
            self.users.leave()

    def stop(self) -> None:
        """Stop it whoever uses it."""
        with only_one(state_dir() / f"{self.name}.lock"):
            self._stop()

    def erase(self) -> None:
        """Stop it and remove all that is in it."""
        self.stop()
        remove(self.data)

    def sql(self, statement: str, database: str = "geogov") -> str:
        """Run SQL by psql; rows as unaligned text."""
        return postgres.must(
            postgres.bin_dir_for(self.data),
            *("psql", "-X", "-h", socket_dir(), "-p", str(self.port), "-U", "geogov", "-d", database),
            *("-v", "ON_ERROR_STOP=1", "-Atqc", statement),
        )

    def _running(self, bin_dir: Path) -> bool:
        """Whether it answers. Its process id alone says little: right after a crash it may still be taken."""
        deadline = time.monotonic() + _PATIENCE_S
        while self.made and postgres.run(bin_dir, "pg_ctl", "-D", self.data, "status").returncode == 0:
            ready = postgres.run(bin_dir, "pg_isready", "-q", "-h", socket_dir(), "-p", str(self.port))
            if ready.returncode == 0:
                return True
            if time.monotonic() > deadline:
                raise Stop(f"The database in {self.data} runs but does not answer; see {self.data}/server.log.")
            time.sleep(0.1)
        return False

    def _ended_well(self, bin_dir: Path) -> bool:
        return bool(
            re.search(r"cluster state:\s+shut down\s", postgres.run(bin_dir, "pg_controldata", self.data).stdout)
        )

    def _initialise(self, bin_dir: Path) -> None:
        """initdb beside the final place: an interrupted one leaves no half cluster behind."""
        new = self.data.with_name(f"{self.name}.new")
        remove(new)
        new.mkdir(parents=True)
        give_to_server(new)
        options = ("-U", "geogov", "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-instructions")
        postgres.must(bin_dir, "initdb", "-D", new, *options, *(() if self.durable else ("--no-sync",)))
        with (new / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(_COMMON + (_DURABLE if self.durable else _THROW_AWAY))
        new.rename(self.data)

    def _place(self) -> None:
        """Written at each start: the project may have been moved since."""
        folder = str(socket_dir()).replace("'", "''")
        text = f"unix_socket_directories = '{folder}'\nport = {self.port}\n"
        (self.data / "place.conf").write_text(text, encoding="utf-8")

    def _launch(self, bin_dir: Path) -> None:
        """Start it. After kill -9 its old processes may hold its memory for a moment longer: then try again."""
        log = self.data / "server.log"
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            done = postgres.run(bin_dir, "pg_ctl", "-D", self.data, "-l", log, "-w", "-t", "60", "start")
            if done.returncode == 0:
                return
            tail = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else done.stdout
            if "still in use" not in tail[-600:] or time.monotonic() > deadline:
                raise Stop(f"The database in {self.data} does not start:\n{tail}")
            time.sleep(0.3)

    def _create_database(self) -> None:
        """The extensions go into the template, so that every test database has them without loading them again."""
        with step(f"creating {', '.join(postgres.EXTENSIONS)} in {self.name}"):
            extensions = "".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in postgres.EXTENSIONS)
            self.sql(extensions, "template1")
            self.sql("CREATE DATABASE geogov", "postgres")

    def _tidy(self, first: bool) -> None:
        """Drop the test databases of runs that were killed, when no run can be using them."""
        if first and not self.durable:
            for name in self.sql("SELECT datname FROM pg_database WHERE datname LIKE 'test%'", "postgres").split():
                self.sql(f'DROP DATABASE "{name}" WITH (FORCE)', "postgres")

    def _stop(self) -> None:
        if not self.made:
            return
        bin_dir = postgres.bin_dir_for(self.data)
        if postgres.run(bin_dir, "pg_ctl", "-D", self.data, "status").returncode:
            return
        if postgres.run(bin_dir, "pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "3", "stop").returncode:
            postgres.run(bin_dir, "pg_ctl", "-D", self.data, "-m", "immediate", "-w", "-t", "3", "stop")


def demo() -> Cluster:
    """The cluster of ``./dev up`` and ``./dev manage``."""
    return Cluster("pgdata", 5432, durable=True)


def throw_away() -> Cluster:
    """The cluster of ``./dev test`` and plain ``pytest``."""
    return Cluster("pgtest", 5433, durable=False)
