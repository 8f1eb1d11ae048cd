"""The OpenAPI document of the whole product is valid and made without a warning: the typed client comes from it."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command


def test_it_is_valid_and_without_warnings(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
