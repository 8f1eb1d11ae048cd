"""CPU time of a process and all below it, from /proc.

Source: proc(5), the fields of /proc/PID/stat; the kernel's Documentation/scheduler/sched-stats.rst for schedstat.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class _Stat:
    parent: int
    own_s: float
    ended_children_s: float


def _stat(pid: int) -> _Stat | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return _Stat(int(fields[1]), own * _TICK_S, ended * _TICK_S)


def _threads_s(pid: int) -> float:
    """The scheduler's own nanoseconds of the threads that live: finer than the ticks of 10 ms, blind to ended ones."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(task.read_text(encoding="ascii").split()[0])
        except (OSError, IndexError):
            continue
    return total / 1e9


def _below(root: int, stats: dict[int, _Stat]) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for pid, stat in stats.items():
        children.setdefault(stat.parent, []).append(pid)
    todo = [root]
    while todo:
        pid = todo.pop()
        yield pid
        todo += children.get(pid, ())


def tree_s(root: int) -> float:
    """CPU seconds that the process, its children and theirs have used so far, ended children included."""
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    stats = {pid: stat for pid in pids if (stat := _stat(pid))}
    total = 0.0
    for pid in _below(root, stats):
        if stat := stats.get(pid):
            total += max(_threads_s(pid), stat.own_s) + stat.ended_children_s
    return total
