"""Units of measure by their code of UCUM (The Unified Code for Units of Measure, case sensitive)."""

from __future__ import annotations

from functools import cache
from typing import Any


def is_unit(code: str) -> bool:
    """Whether UCUM knows ``code`` ("Cel", "mg/L", "m3/h", "{count}")."""
    from lark.exceptions import LarkError  # both libraries load slowly, and units are read when registered

    try:
        _parser().parse(code)
    except LarkError:
        return False
    return True


@cache
def _parser() -> Any:
    from ucumvert import get_ucum_parser

    return get_ucum_parser()
