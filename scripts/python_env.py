"""The locked Python packages in .venv: by uv where it is, else by pip, else by Debian's own pip wheel, unpacked."""

import importlib.util
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

from scripts import debroot, stamps
from scripts.paths import BASE, PYTHON, VENV, state_dir
from scripts.terminal import Stop, say, step

RUNTIME = BASE / "requirements.txt"
DEVELOPMENT = BASE / "requirements-dev.txt"
NODE = BASE / "requirements-node.txt"


def install(*locks: Path) -> None:
    """Have every package of the lock files, with the hashes that they record.

    Raises:
        Stop: when the packages cannot be fetched.
    """
    for lock in locks:
        stamps.once(VENV / f".{lock.stem}.stamp", stamps.digest([lock]), partial(_install, lock))


def _install(lock: Path) -> None:
    _make_venv()
    with step(f"installing {lock.name}"):
        for command in _installers():
            done = subprocess.run([*command, "--require-hashes", "-r", str(lock)], check=False)
            if done.returncode == 0:
                return
            say(f"{Path(command[0]).name} failed with {done.returncode}")
    raise Stop(f"The packages of {lock.name} could not be installed (the lines above say why).")


def _make_venv() -> None:
    """Make .venv; anew when it belongs to another Python or its Python is gone."""
    if PYTHON.exists() and (VENV / f"lib/python{sys.version_info.major}.{sys.version_info.minor}").exists():
        return
    without_pip = shutil.which("uv") or importlib.util.find_spec("ensurepip") is None
    with step(f"making .venv with Python {sys.version.split()[0]}"):
        flags = ["--without-pip"] if without_pip else []
        subprocess.run([sys.executable, "-m", "venv", "--clear", *flags, str(VENV)], check=True)


def _installers() -> list[list[str]]:
    """The commands that can install, best first."""
    commands = []
    if uv := shutil.which("uv"):
        commands.append([uv, "pip", "install", "--python", str(PYTHON), "-q"])
    # Python compiles what is imported; compiling all that is installed is a quarter of pip's time.
    commands.append([str(PYTHON), *_pip(), "install", "-q", "--disable-pip-version-check", "--no-compile"])
    return commands


def _pip() -> list[str]:
    """How to call pip: the one in .venv, else Debian's wheel, which runs from its file."""
    if list(VENV.glob("lib/python*/site-packages/pip")):
        return ["-m", "pip"]
    if importlib.util.find_spec("ensurepip"):
        subprocess.run([str(PYTHON), "-m", "ensurepip"], check=False, stdout=subprocess.DEVNULL)
        if list(VENV.glob("lib/python*/site-packages/pip")):
            return ["-m", "pip"]
    root = state_dir() / "pipwheel"
    debroot.unpack(root, _pip_package, "pip")
    return [str(next(root.glob("usr/share/python-wheels/pip-*.whl")) / "pip")]


def _pip_package(apt: debroot.Apt) -> list[str]:
    if "python3-pip-whl" not in apt.names("python3-pip-whl"):
        raise debroot.NotListedError("no python3-pip-whl in the package lists")
    return ["python3-pip-whl"]
