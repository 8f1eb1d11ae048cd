"""Errors of the accounts."""

from __future__ import annotations

from kernel.errors import Conflict, Forbidden


class UsernameTaken(Conflict):
    """Another account has that user name."""

    default_code = "username_taken"


class OtherCounty(Forbidden):
    """An administrator of one county looks after the people of that county."""

    default_code = "other_county"


class DemoIsOff(Forbidden):
    """Demo accounts are made in demo mode only."""

    default_code = "demo_is_off"
