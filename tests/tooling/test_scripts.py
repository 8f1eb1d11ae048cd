"""The small parts of ./dev: addresses, stamps, locks, package dependencies."""

import socket
import subprocess
import sys

import pytest

from scripts import address, commands, debroot, postgres, stamps
from scripts.locks import Users
from scripts.paths import BASE
from scripts.terminal import Stop
from scripts.up import refuse_public_demo, settings


@pytest.mark.parametrize(
    "text, host, port, shown",
    [
        ("8001", "127.0.0.1", 8001, "127.0.0.1:8001"),
        ("0.0.0.0:80", "0.0.0.0", 80, "0.0.0.0:80"),
        ("localhost", "localhost", 8000, "localhost:8000"),
        (":9000", "127.0.0.1", 9000, "127.0.0.1:9000"),
        ("[::1]:8002", "::1", 8002, "[::1]:8002"),
        ("[::1]", "::1", 8000, "[::1]:8000"),
    ],
)
def test_address_is_read(text, host, port, shown):
    got = address.parse(text)
    assert (got.host, got.port, str(got)) == (host, port, shown)


@pytest.mark.parametrize("text", ["a:b", "1.2.3.4:70000", "1.2.3.4:0", "x:-1"])
def test_address_that_is_none_is_refused(text):
    with pytest.raises(Stop, match="no address"):
        address.parse(text)


def test_a_taken_port_is_said_with_the_next_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Stop, match=f"Cannot listen on 127.0.0.1:{port}.*dev up 127.0.0.1:{port + 1}"):
            address.Address("127.0.0.1", port).check_free()


@pytest.mark.parametrize("host, ok", [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True)])
def test_demo_listens_on_loopback(host, ok, monkeypatch):
    monkeypatch.delenv("GEOGOV_DEMO_PUBLIC", raising=False)
    refuse_public_demo(address.Address(host), public=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org"])
def test_demo_does_not_listen_elsewhere_unless_told(host, monkeypatch):
    monkeypatch.delenv("GEOGOV_DEMO_PUBLIC", raising=False)
    with pytest.raises(Stop, match="--public"):
        refuse_public_demo(address.Address(host), public=False)
    refuse_public_demo(address.Address(host), public=True)
    monkeypatch.setenv("GEOGOV_DEMO_PUBLIC", "1")
    refuse_public_demo(address.Address(host), public=False)


def test_up_runs_with_debug_off_and_in_demo_mode(monkeypatch):
    for name in ("DEBUG", "DEMO", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    got = settings(address.Address(), reload=False, public=False)
    assert got == {
        "DEMO": "1",
        "DEBUG": "0",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "MALLOC_ARENA_MAX": "2",
    }
    assert settings(address.Address(), reload=True, public=False)["DEBUG"] == "1"


def test_a_step_is_done_once_per_content_and_again_after_a_failure(tmp_path):
    source, stamp, done = tmp_path / "source", tmp_path / "deep/stamp", []
    source.write_text("1")

    def once():
        return stamps.once(stamp, stamps.digest([source]), lambda: done.append(source.read_text()))

    assert [once(), once()] == [True, False]
    source.write_text("2")
    assert [once(), once()] == [True, False]
    assert done == ["1", "2"]
    source.write_text("3")
    with pytest.raises(ZeroDivisionError):
        stamps.once(stamp, stamps.digest([source]), lambda: 1 / 0)
    assert once() is True


def test_files_leaves_hidden_named_and_compiled_ones_out(tmp_path):
    for name in ("a.py", "b.txt", ".hidden/c.py", "skip/d.py", "deep/e.py", "__pycache__/f.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = stamps.files(tmp_path, ".py", skip=frozenset({"skip"}))
    assert sorted(p.name for p in found) == ["a.py", "e.py"]


def test_the_last_user_knows_that_it_is_the_last(tmp_path):
    first, second = Users(tmp_path / "users"), Users(tmp_path / "users")
    first.join()
    second.join()
    assert not first.alone()
    first.leave()
    assert second.alone()


def test_a_killed_user_is_no_user(tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(BASE)!r})\nfrom pathlib import Path\nfrom scripts.locks import Users\n"
        f"u = Users(Path({str(tmp_path / 'users')!r})); u.join(); print('in', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        assert not Users(tmp_path / "users").alone()
        other.kill()
        other.wait()
    assert Users(tmp_path / "users").alone()


DEPENDS = """\
postgresql-15
  PreDepends: dpkg
 |Depends: <debconf-2.0>
    cdebconf
    debconf
  Depends: debconf
  Depends: libc6:amd64
 |Depends: first
  Depends: second
  Depends: <virtual>
    provider
"""


def test_alternatives_are_kept_together():
    groups = debroot.alternatives(DEPENDS)
    assert groups == [["dpkg"], ["debconf"], ["libc6"], ["first", "second"]]


def test_closure_takes_the_first_alternative_and_nothing_that_is_installed():
    class Lists(debroot.Apt):
        def depends(self, packages):
            table = {"root": " |Depends: a\n  Depends: b\n  Depends: c\n", "a": "  Depends: libc6\n  Depends: root\n"}
            return "".join(table.get(name, "") for name in packages)

    assert Lists(BASE).closure(["root"], installed={"c"}) == ["root", "a"]
    assert Lists(BASE).closure(["root"], installed={"b", "c"}) == ["root"]


def test_an_installed_server_without_both_extensions_is_not_used(tmp_path):
    bin_dir = tmp_path / "usr/lib/postgresql/15/bin"
    extensions = tmp_path / "usr/share/postgresql/15/extension"
    for folder in (bin_dir, extensions):
        folder.mkdir(parents=True)
    for tool in ("initdb", "postgres", "pg_ctl", "psql"):
        (bin_dir / tool).touch()
    for name in postgres.EXTENSIONS:
        assert not postgres._complete(bin_dir)
        (extensions / f"{name}.control").touch()
    assert postgres._complete(bin_dir)
    (bin_dir / "initdb").unlink()
    assert not postgres._complete(bin_dir)


SLOW = """
import signal, sys, time
def end(*_):
    time.sleep(0.5)
    sys.exit(3)
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("program, status", [(SLOW, 3), (SLOW.replace("sys.exit(3)", "time.sleep(60)"), -9)])
def test_a_command_that_is_to_end_gets_the_time_to_say_so(program, status, monkeypatch):
    monkeypatch.setattr(commands, "_HEARD_S", 0.1)
    monkeypatch.setattr(commands, "_LONGEST_END_S", 2.0)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as command:
        command.stdout.readline()
        assert commands._ended(command) == status
