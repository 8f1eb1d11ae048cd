"""Devices from files."""
