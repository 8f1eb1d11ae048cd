"""Tables for spreadsheets: CSV (RFC 4180) in UTF-8 with a BOM, in which no text is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

CSV = "text/csv; charset=utf-8"

BOM = "\ufeff"
"""Without it spreadsheets on Chinese systems read the file as GBK."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would calculate. Source: OWASP, CSV Injection."""


def csv_bytes(lines: Iterable[Iterable[Any]]) -> bytes:
    """The lines as a file; numbers stay numbers."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerows([_cell(value) for value in line] for line in lines)
    return (BOM + out.getvalue()).encode()


def _cell(value: Any) -> Any:
    """A cell that a spreadsheet shows as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
