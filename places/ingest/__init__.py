"""Import of geography from files."""
