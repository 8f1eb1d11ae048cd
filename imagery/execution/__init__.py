"""Windows of a raster worked on by threads, one after another, or by a Dask cluster."""
