"""Layers as files for other programs; heavy GIS libraries live here."""
