"""Unpack Debian packages, and what they need, into a folder of the project: no root, nothing on the system changed."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from scripts.locks import only_one
from scripts.paths import remove
from scripts.terminal import Stop, say

# Packages whose files matter only in an installation for the whole system, or belong to parts that are not used here
# (raster functions, JIT, SFCGAL).
_SKIP = re.compile(
    r"^(adduser|debconf.*|cdebconf|dpkg|tar|ucf|perl.*|libperl.*|libjson-perl|init-system-helpers|libc6|libc-bin"
    r"|tzdata|netbase|lsb-base|sysvinit.*|systemd.*|dbus.*|default-dbus.*|ssl-cert|openssl|locales.*|libc-l10n"
    r"|sensible-utils|postgresql-common|postgresql-client-common|libgdal\d+.*|libllvm\d+.*|libsfcgal\d+.*"
    r"|xdg-utils|libgl1-mesa-dri|shared-mime-info|adwaita-icon-theme|hicolor-icon-theme|gtk-update-icon-cache)$"
)
_DEPENDS = re.compile(r"^\s+(\|?)(?:Pre)?Depends: (<?)([^>\s]+)")
_LISTS_AGE_S = 24 * 3600
_WASTE = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian")


class NotListedError(LookupError):
    """The package lists of this machine do not have what is looked for (they may be empty or old)."""


class Apt:
    """The package lists: the system's, or, after ``own_lists``, fresh ones kept in a folder of the project."""

    def __init__(self, work: Path) -> None:
        """Take a folder for lists of our own, should they be needed."""
        self._work = work
        self._options: list[str] = []

    def own_lists(self) -> None:
        """Keep package lists in the project, for a machine whose own are empty or old; fetched again after a day."""
        for folder in ("state/lists/partial", "cache/archives/partial"):
            (self._work / folder).mkdir(parents=True, exist_ok=True)
        self._options = [
            *("-o", f"Dir::State={self._work}/state", "-o", "Dir::State::status=/var/lib/dpkg/status"),
            *("-o", f"Dir::Cache={self._work}/cache", "-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User="),
        ]
        fetched = self._work / "fetched"
        with only_one(self._work / "lock"):  # two steps beside each other may both find that they need them
            if not fetched.exists() or time.time() - fetched.stat().st_mtime > _LISTS_AGE_S:
                self._run("apt-get", "-qq", "update")
                fetched.touch()

    def _run(self, tool: str, *args: str, cwd: Path | None = None) -> str:
        done = subprocess.run([tool, *self._options, *args], cwd=cwd, check=True, capture_output=True, text=True)
        return done.stdout

    def names(self, prefix: str) -> list[str]:
        """All listed packages whose names begin so."""
        return self._run("apt-cache", "pkgnames", prefix).split()

    def depends(self, packages: list[str]) -> str:
        """The text of ``apt-cache depends``, hard dependencies only."""
        options = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
        return self._run("apt-cache", "depends", *(f"--no-{word}" for word in options), *packages)

    def download(self, packages: list[str], folder: Path) -> None:
        """Fetch the packages' files into the folder."""
        self._run("apt-get", "-qq", "download", *packages, cwd=folder)

    def closure(self, roots: list[str], installed: set[str]) -> list[str]:
        """The packages with all they need that is neither installed nor skipped."""
        wanted, seen, todo = list[str](), set(roots), list(roots)
        while todo:
            wanted += todo
            groups = alternatives(self.depends(todo))
            todo = []
            for group in groups:
                if not any(name in installed or name in seen or _SKIP.match(name) for name in group):
                    seen.add(group[0])
                    todo.append(group[0])
        return wanted


def alternatives(text: str) -> list[list[str]]:
    """The dependencies in an ``apt-cache depends`` text, each a list of names of which one is enough."""
    groups, group = list[list[str]](), list[str]()
    for line in text.splitlines():
        if not (match := _DEPENDS.match(line)):
            continue
        another_follows, virtual, name = match.groups()
        if not virtual:
            group.append(name.split(":")[0])
        if not another_follows:
            groups += [group] if group else []
            group = []
    return groups


def _installed() -> set[str]:
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package}\t${db:Status-Abbrev}\n"], check=True, capture_output=True, text=True
    ).stdout
    rows = (line.split("\t") for line in listing.splitlines())
    return {name.split(":")[0] for name, state in rows if state[1:2] == "i"}


def unpack(
    root: Path, pick: Callable[[Apt], list[str]], label: str, finish: Callable[[Path], None] = lambda root: None
) -> None:
    """Unpack what ``pick`` names into ``root``, once: the folder appears whole or not at all.

    Args:
        root: the new folder, with ``usr/…`` below it.
        pick: chooses the packages from the lists, or raises NotListedError.
        label: what the person at the terminal reads.
        finish: does in the unpacked folder what the packages' own installation scripts would have done.

    Raises:
        Stop: when this is no Debian-like system, or the packages cannot be fetched.
    """
    if root.exists():
        return
    if not all(map(shutil.which, ("apt-get", "apt-cache", "dpkg-deb", "dpkg-query"))):
        raise Stop(
            f"{label} is not here, and this is no Debian-like system to take it from. Use Docker "
            "(docker compose up), or name a database in DATABASE_URL and a browser in CHROMIUM; see the README."
        )
    root.parent.mkdir(parents=True, exist_ok=True)
    with only_one(root.with_name(f"{root.name}.lock")):  # two commands in one folder may both need it
        if not root.exists():
            _put(root, pick, label, finish)


def _put(root: Path, pick: Callable[[Apt], list[str]], label: str, finish: Callable[[Path], None]) -> None:
    work = root.with_name(f"{root.name}.part")
    remove(work)
    (work / "debs").mkdir(parents=True)
    say(f"{label}: fetching Debian packages …")
    began = time.monotonic()
    _fetch(work, pick, label)
    debs = sorted((work / "debs").glob("*.deb"))
    size = sum(deb.stat().st_size for deb in debs) / 1e6
    say(f"{label}: {len(debs)} packages, {size:.0f} MB in {time.monotonic() - began:.1f} s; unpacking …")
    began = time.monotonic()
    for deb in debs:
        subprocess.run(["dpkg-deb", "-x", str(deb), str(work / "root")], check=True)
    for folder in _WASTE:
        remove(work / "root" / folder)
    finish(work / "root")
    (work / "root").rename(root)
    remove(work)
    say(f"{label}: unpacked in {time.monotonic() - began:.1f} s")


def _fetch(work: Path, pick: Callable[[Apt], list[str]], label: str) -> None:
    """Download with the system's lists; when they lack something or are out of date, with lists of our own."""
    apt, installed = Apt(work.parent / "apt"), _installed()
    try:
        apt.download(apt.closure(pick(apt), installed), work / "debs")
        return
    except (subprocess.CalledProcessError, NotListedError):
        say(f"{label}: the package lists here are empty or old; taking lists of our own …")
    try:
        apt.own_lists()
        apt.download(apt.closure(pick(apt), installed), work / "debs")
    except NotListedError as error:
        raise Stop(f"{label}: {error}") from error
    except subprocess.CalledProcessError as error:
        raise Stop(f"{label}: {' '.join(error.cmd[:1])} failed:\n{error.stderr[-1500:]}") from error
