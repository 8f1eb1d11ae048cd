"""Tables for spreadsheets: CSV (RFC 4180) in UTF-8 with a BOM, in which no text is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

CSV = "text/csv; charset=utf-8"

BOM = "\ufeff"
"""Without it spreadsheets on Chinese systems read the file as GBK."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would calculate. Source: OWASP, CSV Injection."""


def csv_bytes(lines: Iterable[Iterable[Any]]) -> bytes:
    """The lines as a file; numbers stay numbers."""
    return (BOM + "".join(csv_lines(lines))).encode()


def csv_answer(name: str, lines: Iterable[Iterable[Any]]) -> HttpResponse:
    """The lines as a file of that name, to be kept by nobody on the way."""
    answer = HttpResponse(csv_bytes(lines), content_type=CSV)
    answer["Content-Disposition"] = f"attachment; filename={name}"
    answer["Cache-Control"] = "no-store"
    return answer


def csv_lines(lines: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines as text, one after the other."""
    for line in lines:
        out = io.StringIO()
        csv.writer(out).writerow([_cell(value) for value in line])
        yield out.getvalue()


def _cell(value: Any) -> Any:
    """A cell that a spreadsheet shows as it is."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
