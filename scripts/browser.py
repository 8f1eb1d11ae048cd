"""A Chromium and a Chinese font for the browser tests: the machine's, else unpacked below .local.

The headless shell is the same engine without the windows of a desktop browser, which cost a new page 1.0 s of CPU time
against 0.16 s; the whole browser is taken only where the shell cannot be had.
"""

import os
import shutil
import subprocess
from pathlib import Path

from scripts import debroot
from scripts.paths import state_dir
from scripts.terminal import Stop, say

_SHELL = "chromium-headless-shell"


def prepare() -> dict[str, str]:
    """Environment variables for the tests: CHROMIUM names the program."""
    env: dict[str, str] = {}
    fonts = None if _has_chinese_font() else _fonts()
    if named := _named() or _unless_unpacked():
        env["CHROMIUM"] = named
        if fonts:
            env["FONTCONFIG_FILE"] = str(_font_settings(fonts))
        return env
    root = _root()
    env["CHROMIUM"] = str(_launcher(root, _font_settings(fonts or root)))
    # Playwright's own Node.js wants libatomic, which a bare Debian does not have.
    extra = root / "extra"
    extra.mkdir(exist_ok=True)
    for library in root.glob("usr/lib/*-linux-gnu*/libatomic.so.1"):
        shutil.copy(library.resolve(), extra / "libatomic.so.1")
    env["LD_LIBRARY_PATH"] = ":".join(filter(None, (str(extra), os.environ.get("LD_LIBRARY_PATH"))))
    return env


def program() -> str | None:
    """The browser that is here already: named in CHROMIUM, the machine's shell, the unpacked one, a whole browser."""
    unpacked = _root() / "chromium"
    return _named() or (str(unpacked) if unpacked.exists() else None) or _whole()


def _named() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which(_SHELL)


def _whole() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "google-chrome", "google-chrome-stable"))), None)


def _root() -> Path:
    return state_dir() / _SHELL


def _unless_unpacked() -> str | None:
    """Unpack the shell; a whole browser of this machine when that fails (and there is one), else None."""
    try:
        debroot.unpack(_root(), _packages, "Chromium")
    except Stop as error:
        whole = _whole()
        if whole is None:
            raise
        say(f"Chromium: the tests take {whole}, which is slower, because the headless shell is not to be had: {error}")
        return whole
    return None


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False).stdout.strip())


def _fonts() -> Path:
    root = state_dir() / "fonts"
    debroot.unpack(root, lambda apt: _listed(apt, "fonts-noto-cjk"), "a Chinese font")
    return root


def _packages(apt: debroot.Apt) -> list[str]:
    return [*_listed(apt, _SHELL), "chromium-common", "fontconfig-config", "libatomic1"]


def _listed(apt: debroot.Apt, name: str) -> list[str]:
    if name not in apt.names(name):
        raise debroot.NotListedError(f"no {name} in the package lists")
    return [name]


def _font_settings(root: Path) -> Path:
    """A fontconfig file that knows the unpacked fonts and the machine's."""
    conf = root / "fonts.conf"
    conf.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{root}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{root}/fontcache</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return conf


def _launcher(root: Path, fonts: Path) -> Path:
    """A script that starts the unpacked Chromium with its libraries."""
    places = ("usr/lib/*-linux-gnu*", "usr/lib/*-linux-gnu*/pulseaudio", "lib/*-linux-gnu*")
    libraries = ":".join(str(folder) for place in places for folder in root.glob(place))
    program = root / "chromium"
    program.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}" FONTCONFIG_FILE="{fonts}" '
        f'exec "{root}/usr/lib/chromium/{_SHELL}" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program
