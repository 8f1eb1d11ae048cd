"""The order of the house, read from where import-linter reads it, and what the tests check with it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parents[2]
APPS = frozenset(path.parent.name for path in BASE.glob("*/apps.py")) | {"geogov"}


def ranks(base: Path = BASE) -> dict[str, int]:
    """Package → rank, 0 = lowest; siblings share one."""
    settings = tomllib.loads((base / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (house,) = [contract for contract in contracts if contract["id"] == "house"]
    lines = [line.replace(" ", "").split("|") for line in reversed(house["layers"])]
    return {package: rank for rank, line in enumerate(lines) for package in line}


def wrong_foreign_keys(models: Iterable[Any], order: dict[str, int]) -> Iterator[str]:
    """Relations of models that point up or sideways; import-linter cannot see those that are written as strings."""
    for model in models:
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = field.remote_field and field.remote_field.model
            if not target or isinstance(target, str):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here != there and here in order and there in order and order[there] >= order[here]:
                yield f"{model._meta.label}.{field.name} -> {target._meta.label}"


def source_files(base: Path = BASE) -> list[Path]:
    """Python of the product and its tests, TypeScript of the pages; no migrations, nothing generated."""
    skip = {"migrations", "node_modules", "dist", "generated", "__pycache__", ".venv", ".local"}
    found = [path for suffix in ("py", "ts", "tsx") for path in base.rglob(f"*.{suffix}")]
    return [p for p in found if not skip & set(p.relative_to(base).parts) and p.relative_to(base).parts[0][0] != "."]
