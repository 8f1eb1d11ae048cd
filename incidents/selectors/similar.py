"""Open reports nearby that may be about the same thing. Reads what is public, so it tells nobody anything new."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents import sql
from incidents.models import Report
from incidents.selectors.status import status_of, status_title
from incidents.states.masking import masked
from kernel.cells import search_cells
from kernel.clock import ZONE
from kernel.geo import LonLat, distance_m
from kernel.viewer import Viewer

RADIUS_M = 500.0
"""The public point may be 140 m from the true one for the usual cell of 200 m; two of them, and a walk between."""

PER_CELL = 12
"""Newest reports of each cell of 250 m that are compared: what is read stays bounded where many people live."""

MOST = 5


@dataclass(frozen=True, slots=True)
class SimilarReport:
    """An open report nearby; ``lonlat`` is its public point, ``why`` what they have in common."""

    number: str
    title: str
    status: str
    status_title: str
    category: str
    submitted_on: str
    distance_m: int
    followers: int
    lonlat: tuple[float, ...]
    why: str


def similar_reports(viewer: Viewer, lonlat: LonLat, text: str = "", category: str = "") -> list[SimilarReport]:
    """At most five, the likeliest first.

    Args:
        viewer: whose county; what is public is the same for everybody.
        lonlat: exact or not, EPSG:4326; it is not kept.
        text: what is being written; its pairs of signs are compared with the titles.
        category: code of the kind, where it was chosen.

    Cost: two queries; the first reads at most ``PER_CELL`` entries of one index for each of at most 30 cells.
    """
    found = sql.similar_rows(viewer.county, search_cells(lonlat, RADIUS_M), PER_CELL)
    near = [(pk, title, distance_m(lonlat, (lon, lat))) for pk, title, _category, lon, lat in found]
    hits = [(round(_likeness(text, title), 2), far, pk) for pk, title, far in near if far <= RADIUS_M]
    likely = sorted(hits, key=lambda hit: (-hit[0], hit[1], hit[2]))
    far_of = {pk: far for _score, far, pk in likely[: 3 * MOST]}
    score_of = {pk: score for score, _far, pk in likely[: 3 * MOST]}
    rows = Report.objects.select_related("order", "category").in_bulk(far_of)
    shown = [rows[pk] for pk in far_of if pk in rows]
    if category:
        shown.sort(key=lambda row: row.category.code != category)
    return [_line(row, far_of[row.pk], score_of[row.pk], row.category.code == category) for row in shown[:MOST]]


def _likeness(text: str, title: str) -> float:
    """Share of the title's pairs of signs that the text has, 0…1."""
    pairs = _pairs(title)
    return len(pairs & _pairs(masked(text))) / len(pairs) if pairs else 0.0


def _pairs(text: str) -> set[str]:
    plain = "".join(sign for sign in text.lower() if sign.isalnum())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _line(row: Report, far: float, score: float, is_same_kind: bool) -> SimilarReport:
    status = status_of(row)
    said = [_("相距约 %d 米") % round(far, -1)]
    said += [_("类别相同")] if is_same_kind else []
    said += [_("说法相近")] if score >= 0.3 else []
    return SimilarReport(
        number=row.number,
        title=row.title,
        status=status,
        status_title=status_title(status),
        category=row.category.code,
        submitted_on=row.submitted_at.astimezone(ZONE).date().isoformat(),
        distance_m=round(far),
        followers=row.followers,
        lonlat=(row.public_geom.x, row.public_geom.y),
        why="，".join(said),
    )
