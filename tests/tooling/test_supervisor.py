import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.paths import BASE
from scripts.supervisor import reason

HOST = """
import sys; sys.path.insert(0, {base!r})
from scripts.supervisor import *
programs = [Program(name, [sys.executable, "-u", "-c", code]) for name, code in {programs!r}]
Supervisor(programs, Timing(grace_s={grace}, first_pause_s=0.1, longest_pause_s=0.4, tick_s=0.02)).run()
print("group ended", flush=True)
"""
SLEEPER = "import os, time; print('up', os.getpid(), flush=True); time.sleep(60)"
STUBBORN = (
    "import os, signal, time; signal.signal(15, signal.SIG_IGN); print('up', os.getpid(), flush=True); time.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time; "
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print('up', child.pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def group():
    """Starts a supervisor in a process of its own."""
    started = []

    def start(*programs, grace=2.0):
        code = HOST.format(base=str(BASE), programs=list(programs), grace=grace)
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def pids(process, count):
    """The ids that the first programs print."""
    found = []
    while len(found) < count:
        if match := re.fullmatch(r"up (\d+)\n", process.stdout.readline()):
            found.append(int(match[1]))
    return found


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def gone(pid, within_s=3.0):
    deadline = time.monotonic() + within_s
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_whole_group(group, number):
    process = group(("web", SLEEPER), ("worker", SLEEPER))
    children = pids(process, 2)
    process.send_signal(number)
    assert process.wait(5) == 0
    assert "group ended" in process.stdout.read()
    assert all(gone(pid) for pid in children)


def test_who_ignores_sigterm_is_killed_after_the_grace(group):
    process = group(("web", STUBBORN), grace=0.3)
    (child,) = pids(process, 1)
    process.terminate()
    assert process.wait(5) == 0
    assert "web did not end in time; killing" in process.stdout.read()
    assert gone(child)


def test_a_second_signal_kills_at_once(group):
    process = group(("web", STUBBORN), grace=30)
    (child,) = pids(process, 1)
    process.terminate()
    time.sleep(0.2)
    process.terminate()
    assert process.wait(5) == 0
    assert gone(child)


def test_children_of_a_program_end_with_it(group):
    process = group(("worker", PARENT))
    (grandchild,) = pids(process, 1)
    process.terminate()
    process.wait(5)
    assert gone(grandchild)


def test_one_that_dies_is_started_again_and_said_with_growing_pauses(group):
    process = group(("web", SLEEPER), ("worker", "import sys; sys.exit(3)"))
    said = []
    while len(said) < 4:
        line = process.stdout.readline()
        if "worker ended" in line:
            said.append(re.sub(r"^\[.*?\] ", "", line).strip())
    pauses = ["0.1", "0.2", "0.4", "0.4"]
    assert said == [f"worker ended (status 3); starting it again in {pause} s" for pause in pauses]


def test_the_group_does_not_outlive_a_killed_supervisor(group):
    process = group(("web", SLEEPER))
    (child,) = pids(process, 1)
    process.kill()
    assert gone(child)


def test_reload_starts_every_program_afresh(group, tmp_path):
    flag = tmp_path / "changed"
    code = HOST.format(base=str(BASE), programs=[("web", SLEEPER)], grace=2.0).replace(
        "tick_s=0.02)).run()",
        f"tick_s=0.02), changed=lambda: os.path.exists({str(flag)!r}) and os.unlink({str(flag)!r}) is None).run()",
    )
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        (first,) = pids(process, 1)
        flag.touch()
        (second,) = pids(process, 1)
        assert first != second
        assert gone(first)
    finally:
        process.terminate()
        process.wait(5)
        process.stdout.close()


@pytest.mark.parametrize("status, words", [(0, "status 0"), (3, "status 3"), (-9, "SIGKILL"), (-63, "signal 63")])
def test_reason_is_in_words(status, words):
    assert reason(status) == words
