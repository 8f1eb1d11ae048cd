"""Tests of ./dev, its scripts, the server and the container files."""
