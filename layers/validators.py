"""ETags: what an answer depends on, in a few bytes, without making the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils.translation import get_language

from kernel import clock
from kernel.viewer import Viewer
from layers import ledger


@cache
def release() -> str:
    """Differs between two states of the code: an answer of the old one is not an answer of the new one."""
    folders = [Path(apps.get_app_config(name).path) for name in settings.LOCAL_APPS]
    newest = max(file.stat().st_mtime_ns for folder in folders for file in folder.rglob("*.py"))
    return f"{newest:x}"


def etag(viewer: Viewer, models: Iterable[str], *asked: object, exact: bool = False) -> str:
    """The validator of an answer about ``models`` for ``viewer``.

    It covers the versions of the tables in the county, the rights of the viewer, the language, the day (rows and
    rights may begin and end with one), the code, and what was ``asked``.

    Args:
        viewer: who looks.
        models: what the answer is made of, as "app.Model".
        asked: address and query.
        exact: whether equal validators mean equal bytes (a strong one), not only equal content (RFC 9110, 8.8.1).

    Cost: one query.
    """
    parts = (
        release(),
        ledger.version(models, viewer.county),
        viewer.rights_key,
        get_language(),
        clock.today().isoformat(),
        *asked,
    )
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:24]
    return f'"{digest}"' if exact else f'W/"{digest}"'
