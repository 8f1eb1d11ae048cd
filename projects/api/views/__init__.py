"""Views of projects: they read shapes and call selectors and services."""
