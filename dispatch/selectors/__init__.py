"""Reads of several tables or with a shaped result."""
