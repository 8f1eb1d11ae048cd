"""Reports of citizens: from a pin on the map to a rated answer."""
