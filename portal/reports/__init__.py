"""Files to carry away: printable sheets, briefings. WeasyPrint is imported at the first use only."""
