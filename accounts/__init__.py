"""Users, roles, units, jurisdiction; builds the Viewer."""
