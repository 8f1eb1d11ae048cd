"""Small pictures of figures for paper: a bar with the plan's tick, a curve by month, the mark of a status."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from portal.reports import signs, tokens

Point = tuple[float, float]


def mark(status: str) -> str:
    """The mark of a status of a project, as the screen draws it: form first, colour last."""
    colour = tokens.light()
    body = "".join(
        f'<path d="{one["d"]}" fill="{colour.get(one.get("fill", ""), "none")}" stroke-linecap="round"'
        f' stroke="{colour.get(one.get("line", ""), "none")}" stroke-width="{one.get("width", 1)}"'
        f' stroke-dasharray="{one.get("dash", "none")}"/>'
        for one in signs.strokes(status)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="10" height="10">{body}</svg>'


def bar(actual: float | None, planned: float | None, status: str) -> str:
    """A bar of 100 × 3.2 units: filled to ``actual`` per cent, a black tick at ``planned``; stretched to its box."""
    colour = tokens.light()
    token = {"late": "m-late", "backward": "m-late", "stopped": "m-pause", "done": "m-done"}.get(status, "m-work")
    parts = [f'<rect y=".6" width="100" height="2" rx="1" fill="{colour["line"]}"/>']
    if actual:
        parts.append(f'<rect y=".6" width="{_share(actual):.1f}" height="2" rx="1" fill="{colour[token]}"/>')
    if planned is not None:
        x = min(_share(planned), 99.4)
        parts.append(f'<rect x="{x:.1f}" width=".6" height="3.2" fill="{colour["ink"]}"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 3.2" class="bar">{"".join(parts)}</svg>'


def _share(percent: float) -> float:
    return max(0.0, min(100.0, percent))


def curve(months: Sequence[dict[str, Any]], unit: str, width: int = 150, height: int = 56) -> str:
    """Monthly figures: solid actual with its last value, dashed plan. ``months`` as in the panel's section of progress.

    The plan is said by its dashes and the actual by its dots, so that a black-and-white print can be read.
    """
    colour = tokens.light()
    top = _top([row[key] for row in months for key in ("planned", "actual") if row[key] is not None], unit)
    left, right, upper, lower = 3, width - 36, 7, height - 12
    step = (right - left) / max(1, len(months) - 1)

    def points(key: str) -> list[Point]:
        return [
            (left + at * step, lower - (lower - upper) * row[key] / top)
            for at, row in enumerate(months)
            if row[key] is not None
        ]

    done, plan = points("actual"), points("planned")
    parts = [f'<path d="M0 {lower}H{width - 32}" stroke="{colour["line"]}" stroke-width="1"/>']
    parts.append(_line(plan, colour["ink-3"], 1, ' stroke-dasharray="3 2.5"'))
    parts.append(_line(done, colour["m-work"], 1.8))
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.5" fill="{colour["m-work"]}"/>' for x, y in done[:-1]]
    if done:
        x, y = done[-1]
        last = next(row["actual"] for row in reversed(months) if row["actual"] is not None)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour["m-work"]}"/>')
        parts.append(
            f'<text x="{x + 5:.1f}" y="{max(9, y + 3):.1f}" font-size="9.5" font-weight="600"'
            f' fill="{colour["ink"]}">{round(last, 1):g}{unit}</text>'
        )
    for at, anchor in ((0, "start"), (len(months) - 1, "end")):
        parts.append(
            f'<text x="{left + at * step:.1f}" y="{height - 2}" font-size="7.5" text-anchor="{anchor}"'
            f' fill="{colour["ink-3"]}">{_short(months[at]["month"])}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' font-family="{tokens.FONTS}">'
        f"{''.join(parts)}</svg>"
    )


def _top(values: list[float], unit: str) -> float:
    """The upper end of the scale: 100 per cent, else a round number above everything."""
    highest = max(values, default=0)
    if unit == "%" and highest <= 100:
        return 100.0
    power = 10 ** math.floor(math.log10(highest)) if highest > 0 else 1
    return float(next((step * power for step in (1, 2, 5, 10) if step * power >= highest), highest))


def _line(points: list[Point], stroke: str, width: float, more: str = "") -> str:
    if len(points) < 2:
        return ""
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{path}" fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linejoin="round"{more}/>'


def _short(month: str) -> str:
    """ "2026-06" as "2026.6"."""
    year, _dash, number = month.partition("-")
    return f"{year}.{int(number)}"
