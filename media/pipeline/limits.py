"""How much is taken. The figures are chosen for phones of today and the memory of a small server."""

MAX_PHOTO_BYTES = 25 * 2**20
"""A 48-megapixel JPEG of a phone is 10-20 MB."""

MAX_DOCUMENT_BYTES = 20 * 2**20
"""An environmental report with plans."""

MAX_PIXELS = 50_000_000
"""Decoded as RGB this is 150 MB; read from the header, before anything is decoded."""

MAX_NAME = 120
"""Characters of a file name; as wide as the columns that hold it."""

MAX_UNPACKED_BYTES = 300 * 2**20
"""What an office document (a ZIP) may say it unpacks to; nothing is unpacked here."""
