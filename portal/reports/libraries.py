"""Finds what WeasyPrint opens by name: Pango with its family, and a font with Chinese characters.

The machine's own come first. Where it has none, those that ``./dev`` unpacked (settings.PANGO_ROOT) are opened by their
full path: from then on the dynamic linker knows them by their names, so that WeasyPrint's own opening finds them.
LD_LIBRARY_PATH would have to be set before the process starts, and would reach every other library, too.
"""

from __future__ import annotations

import ctypes
import os
import threading
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import ImageFile

from kernel.errors import Unavailable

OPENED = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)
"""The libraries that WeasyPrint opens (its text/ffi.py)."""

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")

_once = threading.Lock()


def weasyprint() -> ModuleType:
    """The library that makes PDF, imported at its first use: it costs half a second and 40 MB.

    Raises:
        Unavailable: Pango or its family is neither on this machine nor unpacked.
    """
    with _once:
        root = Path(settings.PANGO_ROOT)
        if not _all_open():
            _open_unpacked(root)
        if not _all_open():
            said = _("这台服务器还没有装好制作 PDF 的组件。网页上的内容不受影响，可以直接打印网页。")
            raise Unavailable(said, code="pdf_unavailable")
        _name_fonts(root)
        library = import_module("weasyprint")
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # it turns this on for the whole process; uploads must be whole
        return library


def _all_open() -> bool:
    return all(_opens(name) for name in OPENED)


def _opens(name: str | Path) -> bool:
    try:
        ctypes.CDLL(str(name))
    except OSError:
        return False
    return True


def _open_unpacked(root: Path) -> None:
    """Open the unpacked libraries, those first that need no other: again and again until no more of them open."""
    left = sorted(path for path in root.glob("usr/lib/*-linux-gnu*/*.so.*") if path.is_symlink())
    while left:
        still = [path for path in left if not (_opens(path.name) or _opens(path))]
        if len(still) == len(left):
            return
        left = still


def _name_fonts(root: Path) -> None:
    """Tell fontconfig of the unpacked font beside the machine's; a file that somebody has named stays."""
    unpacked = root / "usr/share/fonts"
    if not unpacked.is_dir() or os.environ.get("FONTCONFIG_FILE"):
        return
    conf = root / "fonts.conf"
    folders = "".join(f"<dir>{folder}</dir>" for folder in (*_FONT_FOLDERS, unpacked))
    text = f'<?xml version="1.0"?><fontconfig>{folders}<cachedir>{root}/fontcache</cachedir></fontconfig>\n'
    if not conf.exists() or conf.read_text(encoding="utf-8") != text:
        new = conf.with_name(f"fonts.{os.getpid()}")
        new.write_text(text, encoding="utf-8")
        new.replace(conf)
    os.environ["FONTCONFIG_FILE"] = str(conf)
