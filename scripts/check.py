"""``./dev check``: everything that reads the code without running the product."""

import subprocess
import time
from dataclasses import dataclass

from scripts import frontend
from scripts.paths import BASE, FRONTEND, PYTHON, VENV
from scripts.terminal import Stop, say


@dataclass(frozen=True)
class Check:
    """One tool: its name on the terminal, the command, and whether that is a script of the front end."""

    name: str
    command: tuple[str, ...]
    front: bool = False


_BIN = VENV / "bin"
CHECKS = (
    Check("ruff", (str(_BIN / "ruff"), "check", "-q")),
    Check("format", (str(_BIN / "ruff"), "format", "--check", "-q")),
    Check("mypy", (str(PYTHON), "-m", "mypy", ".")),
    Check("imports", (str(_BIN / "lint-imports"), "--no-cache")),
    Check("architecture", (str(PYTHON), "-m", "pytest", "-q", "tests/architecture")),
    Check("biome", ("lint",), front=True),
    Check("tsc", ("typecheck",), front=True),
)


def run(names: list[str]) -> int:
    """Run all checks, or the named ones; all of them, also after one has failed. Returns the number that failed.

    Raises:
        Stop: for a name that no check has.
    """
    known = {one.name for one in CHECKS}
    if unknown := set(names) - known:
        raise Stop(f"No check {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}.")
    failed = [one.name for one in CHECKS if (not names or one.name in names) and not _passes(one)]
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return len(failed)


def _passes(one: Check) -> bool:
    began = time.monotonic()
    if one.front:
        if not (FRONTEND / "package.json").exists():
            say(f"{one.name}: there is no front end; skipped")
            return True
        status = frontend.run(*one.command).returncode
    else:
        status = subprocess.run(one.command, cwd=BASE, check=False).returncode
    say(f"{one.name}: {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - began:.1f} s")
    return status == 0
