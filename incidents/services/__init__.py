"""Every write of incidents: ``entity_verb(*, by, …)``, one transaction with its history and audit row."""

from incidents.services.contacts import Contact, contact_read
from incidents.services.editing import report_edit, report_photo, report_publish
from incidents.services.following import (
    Followed,
    follow_confirm,
    follows_lapse,
    report_follow,
    reporter_tell,
    told_stop,
)
from incidents.services.learning import text_help_set
from incidents.services.moves import report_move
from incidents.services.naming import code_hash, code_plain
from incidents.services.photos import MOST_PHOTOS, photo_receive, uploads_prune
from incidents.services.submitting import ReportFields, Submitted, report_submit
from incidents.services.talking import (
    call_back_missed,
    call_back_order,
    comment_publish,
    question_tell,
    report_comment,
    report_supplement,
)
from incidents.services.time import overdue_accept, silent_expire, silent_lapse

__all__ = [
    "MOST_PHOTOS",
    "Contact",
    "Followed",
    "ReportFields",
    "Submitted",
    "call_back_missed",
    "call_back_order",
    "code_hash",
    "code_plain",
    "comment_publish",
    "contact_read",
    "follow_confirm",
    "follows_lapse",
    "overdue_accept",
    "photo_receive",
    "question_tell",
    "report_comment",
    "report_edit",
    "report_follow",
    "report_move",
    "report_photo",
    "report_publish",
    "report_submit",
    "report_supplement",
    "reporter_tell",
    "silent_expire",
    "silent_lapse",
    "text_help_set",
    "told_stop",
    "uploads_prune",
]
