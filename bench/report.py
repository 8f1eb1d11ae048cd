"""What a bench found, as a table on the terminal and in docs/bench.md."""

import os
import platform
import re
from pathlib import Path

from bench.registry import Bench, Row
from kernel import clock

PAGE = Path(__file__).resolve().parent.parent / "docs" / "bench.md"
_HEAD = """\
# Measurements
Written by `./dev bench`; each section by its own bench. CPU time in ms per request, of the web server and the whole
database together, read from the scheduler's counters: it hardly depends on who else uses the machine. Both sides of a
ratio are measured in turn in the same run; the figures are medians of the rounds.

A row fails when the product takes more than the allowed multiple of the limit on top of the fixed cost: that of a
request that finds nothing (session, rights, parameters, ETag, one empty statement), measured in the same run.
"""


def table(rows: list[Row]) -> str:
    """A Markdown table of the rows."""
    lines = ["| | product, ms | limit, ms | ratio | allowed | answer |", "|---|---|---|---|---|---|"]
    for row in rows:
        allowed = f"{row.allowed:g}× + {row.fixed_ms:.1f} ms{'' if row.passes else ' (over)'}"
        lines.append(
            f"| {row.what} | {row.product_ms:.2f} | {row.limit_ms:.2f} | {row.ratio:.2f}× | {allowed} | {row.note} |"
        )
    return "\n".join(lines)


def section(bench: Bench, rows: list[Row]) -> str:
    """The part of the page that belongs to one bench."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}"
    return (
        f"## {bench.key}: {bench.title}\nAgainst {bench.against}. {clock.today():%Y-%m-%d}, {machine}.\n\n"
        f"{table(rows)}\n"
    )


def write(bench: Bench, rows: list[Row], page: Path = PAGE) -> None:
    """Put the section into the page in place of its older self; other sections stay."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    parts = re.split(r"(?m)^(?=## )", text)[1:]
    kept = {part.removeprefix("## ").split(":")[0]: part.rstrip() + "\n" for part in parts}
    kept[bench.key] = section(bench, rows)
    page.write_text("\n".join([_HEAD, *(kept[key] for key in sorted(kept))]), encoding="utf-8")
