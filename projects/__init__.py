"""Project sites, their monthly progress, photos and notices."""
