"""Every write of incidents."""

from incidents.services.contacts import Contact, contact_read
from incidents.services.following import Followed, follow_stop, report_follow
from incidents.services.photos import MOST_PHOTOS, photo_receive, uploads_prune
from incidents.services.submitting import ReportFields, Submitted, report_submit

__all__ = [
    "MOST_PHOTOS",
    "Contact",
    "Followed",
    "ReportFields",
    "Submitted",
    "contact_read",
    "follow_stop",
    "photo_receive",
    "report_follow",
    "report_submit",
    "uploads_prune",
]
