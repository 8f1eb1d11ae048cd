"""Reads of several tables or with a shaped result."""

from incidents.selectors.categories import (
    OTHER,
    CategoryLine,
    Guess,
    Proposal,
    categories_of,
    category_named,
    proposal_for,
)
from incidents.selectors.files import file_shown, office_numbers
from incidents.selectors.place import Issues, place_issues
from incidents.selectors.public import (
    Filters,
    PublicReport,
    filtered,
    public_comments,
    public_detail,
    public_get,
    public_line,
    public_page,
    public_photos,
    public_rows,
)
from incidents.selectors.similar import SimilarReport, similar_reports
from incidents.selectors.status import OPEN_STATUSES, STATUS_TITLES, due_of, level_of, status_of, status_title

__all__ = [
    "OPEN_STATUSES",
    "OTHER",
    "STATUS_TITLES",
    "CategoryLine",
    "Filters",
    "Guess",
    "Issues",
    "Proposal",
    "PublicReport",
    "SimilarReport",
    "categories_of",
    "category_named",
    "due_of",
    "file_shown",
    "filtered",
    "level_of",
    "office_numbers",
    "place_issues",
    "proposal_for",
    "public_comments",
    "public_detail",
    "public_get",
    "public_line",
    "public_page",
    "public_photos",
    "public_rows",
    "similar_reports",
    "status_of",
    "status_title",
]
