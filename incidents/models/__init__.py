"""Tables of the reports of citizens."""

from incidents.models.people import Attachment, CallBack, Comment, Follower, Rating, Reporter, Submission
from incidents.models.reports import REJECT_TITLES, STATE_TITLES, Category, Report
from incidents.models.texts import TextHelp

__all__ = [
    "REJECT_TITLES",
    "STATE_TITLES",
    "Attachment",
    "CallBack",
    "Category",
    "Comment",
    "Follower",
    "Rating",
    "Report",
    "Reporter",
    "Submission",
    "TextHelp",
]
