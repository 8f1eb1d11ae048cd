"""Reads of imagery that take several tables."""
