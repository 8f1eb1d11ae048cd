"""Run a few programs as one group: one that dies is started again and said, and an end is an end for all of them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.terminal import say

_LIBC = ctypes.CDLL(None)  # loaded here: little may be done between fork and exec
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h


@dataclass(frozen=True)
class Program:
    """What to run: its name on the terminal, the command, its environment, and the folder it starts in."""

    name: str
    command: Sequence[str]
    env: dict[str, str] | None = None
    folder: Path | None = None


@dataclass(frozen=True)
class Timing:
    """How long things may take, in seconds."""

    grace_s: float = 6.0  # from SIGTERM to SIGKILL; the database needs the rest of the ten seconds
    first_pause_s: float = 1.0  # before the first new start; doubled at each further one …
    longest_pause_s: float = 30.0  # … up to this
    settled_s: float = 60.0  # who lived that long begins again with the first pause
    tick_s: float = 0.1


@dataclass
class _Running:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    due: float = 0.0
    pause_s: float = 0.0


@dataclass
class Supervisor:
    """A group of programs.

    Args:
        programs: what to run.
        timing: see Timing.
        changed: asked at each tick; when it says yes, every program is started afresh (``--reload``).
        before_restart: called before one that died is started again (it may have died of something that can be mended).
    """

    programs: Sequence[Program]
    timing: Timing = field(default_factory=Timing)
    changed: Callable[[], bool] | None = None
    before_restart: Callable[[], None] = lambda: None
    _ending: bool = field(default=False, init=False)
    _hurry: bool = field(default=False, init=False)

    def run(self, on_start: Callable[[], None] = lambda: None) -> None:
        """Run until SIGTERM, SIGINT or SIGHUP. A second signal kills what is still there."""
        before = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        group = [_Running(program) for program in self.programs]
        try:
            for one in group:
                self._start(one)
            on_start()
            while not self._ending:
                time.sleep(self.timing.tick_s)
                self._tend(group)
        finally:
            self._end(group)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._hurry = self._ending
        self._ending = True

    def _start(self, one: _Running) -> None:
        # A session of its own: Ctrl-C reaches this process alone, which then ends the others in order.
        one.process = subprocess.Popen(
            list(one.program.command),
            env=one.program.env,
            cwd=one.program.folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        one.born = time.monotonic()

    def _tend(self, group: list[_Running]) -> None:
        now = time.monotonic()
        if self.changed and self.changed():
            say("code changed; starting afresh")
            self._end(group)
            for one in group:
                one.due = now
        for one in group:
            if one.process is None:
                if now >= one.due:
                    self.before_restart()
                    self._start(one)
            elif (status := one.process.poll()) is not None:
                self._bury(one, status, now)

    def _bury(self, one: _Running, status: int, now: float) -> None:
        """Say that it died, and when it is started again."""
        timing = self.timing
        if now - one.born >= timing.settled_s:
            one.pause_s = 0.0
        one.pause_s = min(one.pause_s * 2, timing.longest_pause_s) or timing.first_pause_s
        one.due, one.process = now + one.pause_s, None
        say(f"{one.program.name} ended ({reason(status)}); starting it again in {one.pause_s:g} s")

    def _end(self, group: list[_Running]) -> None:
        """SIGTERM to all, then SIGKILL to what is left; with the groups, for a program may have children."""
        alive = [one for one in group if one.process]
        for one in alive:
            _signal(one, signal.SIGTERM)
        deadline = time.monotonic() + self.timing.grace_s
        while any(one.process and one.process.poll() is None for one in alive):
            if self._hurry or time.monotonic() > deadline:
                names = ", ".join(one.program.name for one in alive if one.process and one.process.poll() is None)
                say(f"{names} did not end in time; killing")
                break
            time.sleep(min(self.timing.tick_s, 0.05))
        for one in alive:
            _signal(one, signal.SIGKILL)
            if one.process:
                one.process.wait()
            one.process = None


_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def reason(status: int) -> str:
    """An exit status in words."""
    if status >= 0:
        return f"status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def _signal(one: _Running, number: signal.Signals) -> None:
    """To the program's whole process group, which may be gone."""
    if one.process:
        try:
            os.killpg(one.process.pid, number)
        except ProcessLookupError:
            return


def _die_with_parent() -> None:
    """Have the kernel end this child when ./dev is killed in a way that it cannot handle (kill -9)."""
    if sys.platform == "linux":
        _LIBC.prctl(_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
