"""Detection: two arrays of the same ground in, patches that changed out. No Django, no files (ADR 0022)."""
