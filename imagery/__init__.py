"""Imagery: satellite scenes, what changed between two of them, and what people find there."""
