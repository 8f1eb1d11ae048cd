"""Tables of work orders, of those who do them, and of the rules that send them there."""

from dispatch.models.crews import Crew, Skill
from dispatch.models.orders import (
    STATE_TITLES,
    Evidence,
    Extension,
    HandBack,
    Reply,
    SlaPolicy,
    Supervision,
    WorkOrder,
)
from dispatch.models.rules import RoutingDecision, RoutingRule

__all__ = [
    "STATE_TITLES",
    "Crew",
    "Evidence",
    "Extension",
    "HandBack",
    "Reply",
    "RoutingDecision",
    "RoutingRule",
    "Skill",
    "SlaPolicy",
    "Supervision",
    "WorkOrder",
]
