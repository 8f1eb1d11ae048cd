"""Devices: what measures and watches in the county, what it says, and when that becomes work."""
