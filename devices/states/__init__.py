"""Pure rules of alarms: when a series of readings is wrong, and for how long. No Django here."""

from devices.states.alarms import Kind, Phase

__all__ = ["Kind", "Phase"]
