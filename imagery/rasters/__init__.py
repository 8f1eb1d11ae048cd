"""Rasters as files: what can be opened, where it lies, what is written. The one place that knows rasterio."""
