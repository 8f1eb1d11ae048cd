"""A Chromium and a Chinese font for the browser tests: the machine's, else unpacked below .local."""

import os
import shutil
import subprocess
from pathlib import Path

from scripts import debroot
from scripts.paths import state_dir

_NAMES = ("chromium", "google-chrome", "google-chrome-stable")


def prepare() -> dict[str, str]:
    """Environment variables for the tests: CHROMIUM names the program."""
    env: dict[str, str] = {}
    fonts = None if _has_chinese_font() else _fonts()
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if named:
        env["CHROMIUM"] = named
        if fonts:
            env["FONTCONFIG_FILE"] = str(_font_settings(fonts))
        return env
    root = state_dir() / "browser"
    debroot.unpack(root, _packages, "Chromium")
    env["CHROMIUM"] = str(_launcher(root, _font_settings(fonts or root)))
    # Playwright's own Node.js wants libatomic, which a bare Debian does not have.
    extra = root / "extra"
    extra.mkdir(exist_ok=True)
    for library in root.glob("usr/lib/*-linux-gnu*/libatomic.so.1"):
        shutil.copy(library.resolve(), extra / "libatomic.so.1")
    env["LD_LIBRARY_PATH"] = ":".join(filter(None, (str(extra), os.environ.get("LD_LIBRARY_PATH"))))
    return env


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False).stdout.strip())


def _fonts() -> Path:
    root = state_dir() / "fonts"
    debroot.unpack(root, lambda apt: _listed(apt, "fonts-noto-cjk"), "a Chinese font")
    return root


def _packages(apt: debroot.Apt) -> list[str]:
    return [*_listed(apt, "chromium"), "chromium-common", "fontconfig-config", "libatomic1"]


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
        f'exec "{root}/usr/lib/chromium/chromium" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program
