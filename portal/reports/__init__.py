"""Printable sheets: the facts of a place on paper. WeasyPrint is imported at the first use only."""
