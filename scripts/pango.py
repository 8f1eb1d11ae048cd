"""What typesets the printable sheets: Pango and a Chinese font, the machine's, else unpacked below .local."""

import ctypes
import shutil
import subprocess
from pathlib import Path

from scripts import debroot
from scripts.paths import state_dir
from scripts.terminal import Stop, say

LIBRARIES = {
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "libfontconfig1",
}
"""What WeasyPrint opens (its text/ffi.py), and the Debian packages that have it."""

FONTS = ("fonts-droid-fallback", "fonts-open-sans")
"""Chinese characters in one file of 4 MB, and the letters and figures by the same designer in all weights."""

LABEL = "Pango and a Chinese font for printed sheets"


def root() -> Path:
    """The folder that they are unpacked into."""
    return state_dir() / "pango"


def prepare(*, required: bool) -> dict[str, str]:
    """Environment variables of the product: PANGO_ROOT, where the machine lacks a part and it is unpacked.

    Raises:
        Stop: only when they are ``required`` and cannot be had; else that is said, and sheets are not offered.
    """
    missing = [package for library, package in LIBRARIES.items() if not _opens(library)]
    missing += () if _has_chinese_font() else FONTS
    if missing:
        try:
            debroot.unpack(root(), lambda apt: listed(apt, missing), LABEL)
        except Stop as error:
            if required:
                raise
            say(f"{error}\nPrintable sheets (PDF) are not offered; everything else works.")
    return {"PANGO_ROOT": str(root())} if root().exists() else {}


def listed(apt: debroot.Apt, packages: list[str]) -> list[str]:
    """The packages under the names that they have in this Debian (since 2024 some end in "t64").

    Raises:
        NotListedError: when one is in the lists under neither name.
    """
    names = []
    for package in packages:
        found = set(apt.names(package)) & {package, f"{package}t64"}
        if not found:
            raise debroot.NotListedError(f"no {package} in the package lists")
        names.append(max(found))
    return names


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_chinese_font() -> bool:
    """Whether one is installed; without fc-list, the file of our own choice is looked for."""
    if not shutil.which("fc-list"):
        return any(Path("/usr/share/fonts").rglob("DroidSansFallback*.ttf"))
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False).stdout.strip())
