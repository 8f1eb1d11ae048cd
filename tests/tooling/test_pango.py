"""Pango and the font of printed sheets: fetched when missing, found without LD_LIBRARY_PATH, never in the way."""

import shutil
import subprocess
import sys

import pytest

from scripts import debroot, pango
from scripts.paths import BASE
from scripts.terminal import Stop


class Lists:
    """Package lists of some Debian."""

    def __init__(self, *names):
        self._names = names

    def names(self, prefix):
        return [name for name in self._names if name.startswith(prefix)]


@pytest.mark.parametrize(
    "has, found",
    [
        (("libglib2.0-0", "libglib2.0-0-dbg"), ["libglib2.0-0"]),
        (("libglib2.0-0t64", "libglib2.0-0"), ["libglib2.0-0t64"]),
        (("libglib2.0-0t64",), ["libglib2.0-0t64"]),
    ],
)
def test_packages_are_found_under_the_names_of_this_debian(has, found):
    assert pango.listed(Lists(*has), ["libglib2.0-0"]) == found


def test_one_that_is_not_listed_is_said():
    with pytest.raises(debroot.NotListedError, match="libpango"):
        pango.listed(Lists("libglib2.0-0"), ["libpango-1.0-0"])


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without Pango that cannot fetch it either."""

    def refuse(*_args):
        raise Stop("no network")

    monkeypatch.setenv("GEOGOV_STATE", str(tmp_path))
    monkeypatch.setattr(pango, "_opens", lambda library: False)
    monkeypatch.setattr(debroot, "unpack", refuse)


@pytest.mark.usefixtures("bare")
def test_without_it_up_goes_on_and_the_tests_do_not(capsys):
    assert pango.prepare(required=False) == {}
    assert "Printable sheets (PDF) are not offered" in capsys.readouterr().err + capsys.readouterr().out
    with pytest.raises(Stop):
        pango.prepare(required=True)


def test_nothing_is_fetched_where_the_machine_has_it(monkeypatch, tmp_path):
    monkeypatch.setenv("GEOGOV_STATE", str(tmp_path))
    monkeypatch.setattr(pango, "_opens", lambda library: True)
    monkeypatch.setattr(pango, "_has_chinese_font", lambda: True)
    monkeypatch.setattr(debroot, "unpack", lambda *_: pytest.fail("fetched"))
    assert pango.prepare(required=True) == {}


OPEN = """
import ctypes, os, sys
import django
from django.conf import settings

settings.configure(PANGO_ROOT=sys.argv[1])
django.setup()
from portal.reports import libraries

libraries._open_unpacked(__import__("pathlib").Path(sys.argv[1]))
mapped = open("/proc/self/maps").read()
print(os.path.join(sys.argv[1], "usr/lib/x86_64-linux-gnu/libneedy.so.1") in mapped)
ctypes.CDLL("libneedy.so.1")
"""


def test_unpacked_libraries_open_in_whatever_order_they_need_each_other(tmp_path):
    """Two libraries of our own: libneedy needs libzbase, which comes after it in the alphabet."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no compiler")
    folder = tmp_path / "usr/lib/x86_64-linux-gnu"
    folder.mkdir(parents=True)
    for name, code, more in (
        ("zbase", "int base(void){return 1;}", []),
        ("needy", "int base(void);int needy(void){return base();}", [f"-L{folder}", "-l:libzbase.so.1"]),
    ):
        source = tmp_path / f"{name}.c"
        source.write_text(code)
        real = folder / f"lib{name}.so.1.0"
        subprocess.run(
            [compiler, "-shared", "-fPIC", f"-Wl,-soname,lib{name}.so.1", "-o", real, source, *more], check=True
        )
        (folder / f"lib{name}.so.1").symlink_to(real.name)
    done = subprocess.run([sys.executable, "-c", OPEN, tmp_path], cwd=BASE, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "True"), done.stderr
