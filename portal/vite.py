"""Which files of the front end a page needs, from the manifest that Vite wrote.

Source: Vite, "Backend Integration" (https://vite.dev/guide/backend-integration).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

BASE = "app/"
"""Folder below STATIC_URL; the ``base`` of vite.config.ts."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Addresses of one page: its style sheets, its script, and the modules that the script loads first."""

    css: tuple[str, ...] = ()
    script: str = ""
    preload: tuple[str, ...] = ()


def assets(page: str, lang: str = "") -> Assets:
    """The files of a page; none when the front end was not built.

    Args:
        page: folder of ``src/pages``.
        lang: "zh" or "en": its dictionary is loaded by the script, and named here so that it need not wait for it.
    """
    path = Path(settings.BASE_DIR) / "frontend" / "dist" / ".vite" / "manifest.json"
    try:
        return _assets(page, lang, path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return Assets()


def worker() -> bytes:
    """The service worker; empty when the front end was not built."""
    dist = Path(settings.BASE_DIR) / "frontend" / "dist"
    try:
        manifest: dict[str, dict[str, str]] = json.loads((dist / ".vite/manifest.json").read_text(encoding="utf-8"))
        return (dist / manifest["src/offline/worker.ts"]["file"]).read_bytes()
    except (FileNotFoundError, KeyError):
        return b""


@lru_cache(maxsize=32)
def _assets(page: str, lang: str, path: Path, _changed: int) -> Assets:
    manifest: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    entry = f"src/pages/{page}/main.tsx"
    if entry not in manifest:
        return Assets()
    chunks = _with_imports(manifest, entry)
    css = dict.fromkeys(file for chunk in chunks for file in chunk.get("css", ()))
    # Vite names the page's own sheet first; the page imports it last, for where it differs from what pages share.
    ordered = sorted(css, key=lambda file: Path(file).name.startswith(f"{page}-"))
    script, *preload = (chunk["file"] for chunk in chunks)
    preload += [manifest[name]["file"] for name in (f"src/core/dict/{lang}.ts",) if name in manifest]
    return Assets(tuple(map(_address, ordered)), _address(script), tuple(map(_address, preload)))


def _with_imports(manifest: dict[str, dict[str, Any]], entry: str) -> list[dict[str, Any]]:
    """The chunk of ``entry``, then the chunks it imports, each once."""
    seen, todo = dict[str, dict[str, Any]](), [entry]
    while todo:
        name = todo.pop(0)
        if name not in seen:
            seen[name] = manifest[name]
            todo += manifest[name].get("imports", ())
    return list(seen.values())


def _address(file: str) -> str:
    return f"{settings.STATIC_URL}{BASE}{file}"
