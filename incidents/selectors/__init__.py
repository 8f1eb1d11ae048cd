"""Reads of several tables or with a shaped result."""

from incidents.selectors.answers import answer_file, answered_by, replies_of
from incidents.selectors.case import Case, DeskOptions, desk_case, desk_options
from incidents.selectors.categories import (
    LINKS,
    OTHER,
    CategoryLine,
    Guess,
    Proposal,
    categories_of,
    category_named,
    proposal_for,
    questions_named,
)
from incidents.selectors.desk import QUEUES, DeskRow, desk_counts, desk_kinds, desk_page
from incidents.selectors.facts import MOST_QUESTIONS, SOURCE, part_of, report_facts, reports_of
from incidents.selectors.files import file_shown
from incidents.selectors.masks import office_numbers
from incidents.selectors.place import Issues, place_issues
from incidents.selectors.public import (
    Filters,
    PublicReport,
    filtered,
    may_be_public,
    public_comments,
    public_get,
    public_line,
    public_page,
    public_photos,
    public_rows,
)
from incidents.selectors.similar import SimilarReport, similar_reports
from incidents.selectors.status import OPEN_STATUSES, STATUS_TITLES, due_of, level_of, status_of, status_title
from incidents.selectors.submissions import submission_key, submission_number
from incidents.selectors.told import STOP_TOKEN, asked_person, confirm_token, is_mailed, stop_token, told_person
from incidents.selectors.track import (
    SHOWN_OF_ORDER,
    moves_of,
    public_detail,
    report_by_code,
    step_title,
    steps_of,
    track_view,
)

__all__ = [
    "LINKS",
    "MOST_QUESTIONS",
    "OPEN_STATUSES",
    "OTHER",
    "QUEUES",
    "SHOWN_OF_ORDER",
    "SOURCE",
    "STATUS_TITLES",
    "STOP_TOKEN",
    "Case",
    "CategoryLine",
    "DeskOptions",
    "DeskRow",
    "Filters",
    "Guess",
    "Issues",
    "Proposal",
    "PublicReport",
    "SimilarReport",
    "answer_file",
    "answered_by",
    "asked_person",
    "categories_of",
    "category_named",
    "confirm_token",
    "desk_case",
    "desk_counts",
    "desk_kinds",
    "desk_options",
    "desk_page",
    "due_of",
    "file_shown",
    "filtered",
    "is_mailed",
    "level_of",
    "may_be_public",
    "moves_of",
    "office_numbers",
    "part_of",
    "place_issues",
    "proposal_for",
    "public_comments",
    "public_detail",
    "public_get",
    "public_line",
    "public_page",
    "public_photos",
    "public_rows",
    "questions_named",
    "replies_of",
    "report_by_code",
    "report_facts",
    "reports_of",
    "similar_reports",
    "status_of",
    "status_title",
    "step_title",
    "steps_of",
    "stop_token",
    "submission_key",
    "submission_number",
    "told_person",
    "track_view",
]
