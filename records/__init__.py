"""Audit and its seals, work calendar, outbox."""
