"""Real clusters in a folder of their own, whose name has a space and Chinese in it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from scripts import postgres
from scripts.cluster import demo, throw_away
from scripts.paths import BASE, state_dir

ASK = "SELECT 'alive'"


@pytest.fixture
def state(monkeypatch):
    """A state folder beside the real one, with its PostgreSQL; the server's user can walk to it."""
    real = postgres.unpacked()
    folder = Path(tempfile.mkdtemp(prefix="geogov test 一张图 ", dir="/var/tmp"))
    folder.chmod(0o755)
    if real.exists():
        (folder / "pgroot").symlink_to(real)
    monkeypatch.setenv("GEOGOV_STATE", str(folder))
    yield folder
    for one in (demo(), throw_away()):
        one.erase()
    shutil.rmtree(folder)


def postmaster(cluster):
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def setting(cluster, name):
    return cluster.sql(f"SHOW {name}").strip()


def test_the_demo_keeps_every_commit_and_the_tests_do_not(state):
    kept, thrown = demo(), throw_away()
    for one, want in ((kept, "on"), (thrown, "off")):
        one.start()
        assert {setting(one, name) for name in ("fsync", "full_page_writes", "synchronous_commit")} == {want}
        assert setting(one, "listen_addresses") == ""
    extensions = set(thrown.sql("SELECT extname FROM pg_extension", "template1").split())
    assert set(postgres.EXTENSIONS) <= extensions
    assert thrown.sql("SELECT pgr_version(), postgis_lib_version()").strip()
    # What survives kill -9: the demo's data, at its next start. The tests' cluster is made anew.
    for one in (kept, thrown):
        one.sql("CREATE TABLE mark AS SELECT 1")
        os.kill(postmaster(one), signal.SIGKILL)
        one.start()
        one.leave()
    kept.start()
    thrown.start()
    assert kept.sql("SELECT count(*) FROM mark").strip() == "1"
    assert thrown.sql("SELECT to_regclass('mark')").strip() == ""
    kept.leave()
    thrown.leave()
    for one in (kept, thrown):
        assert not (one.data / "postmaster.pid").exists()


def test_three_starts_at_once_and_the_last_to_leave_stops_it(state):
    code = (
        f"import sys, time; sys.path.insert(0, {str(BASE)!r})\nfrom scripts.cluster import throw_away\n"
        f"one = throw_away(); one.start(); print(one.sql({ASK!r}).strip(), flush=True)\n"
        "sys.stdin.readline(); one.leave()"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    assert [run.stdout.readline() for run in runs] == ["alive\n"] * 3
    one = throw_away()
    server = postmaster(one)
    for left, run in zip((2, 1, 0), runs, strict=True):
        errors = run.communicate("\n")[1]
        assert run.returncode == 0, errors
        assert (one.data / "postmaster.pid").exists() is (left > 0)
    deadline = time.monotonic() + 3
    while Path(f"/proc/{server}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{server}").exists()


def test_data_of_a_version_that_is_gone_is_said(state):
    (state / "pgdata").mkdir()
    (state / "pgdata/PG_VERSION").write_text("9\n")
    with pytest.raises(SystemExit, match=r"made by PostgreSQL 9.*reset"):
        demo().start()
    shutil.rmtree(state / "pgdata")


def test_a_socket_path_that_is_too_long_moves_to_tmp(state, monkeypatch):
    from scripts.paths import socket_dir

    deep = state / ("x" * 90)
    deep.mkdir()
    monkeypatch.setenv("GEOGOV_STATE", str(deep))
    assert re.match(rf"{re.escape(tempfile.gettempdir())}/geogov-[0-9a-f]{{8}}-\d+$", str(socket_dir()))
    assert socket_dir().stat().st_mode & 0o777 == 0o700
    assert state_dir() == deep
