"""Pure rules of reports: states and moves, who may, what the public sees of them. No Django here."""

from incidents.states.reports import (
    ACCEPT_WITHIN,
    INFO_WITHIN,
    MAX_REOPENS,
    RATE_WITHIN,
    REJECT_REASONS,
    REOPEN_WITHIN,
    REPORTER,
    SYSTEM,
    TERMINAL,
    ReportFacts,
    State,
    machine,
)

__all__ = [
    "ACCEPT_WITHIN",
    "INFO_WITHIN",
    "MAX_REOPENS",
    "RATE_WITHIN",
    "REJECT_REASONS",
    "REOPEN_WITHIN",
    "REPORTER",
    "SYSTEM",
    "TERMINAL",
    "ReportFacts",
    "State",
    "machine",
]
