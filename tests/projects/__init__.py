"""Tests of project sites."""
