"""HTTP faces of the app."""
