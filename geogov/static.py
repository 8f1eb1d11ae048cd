"""Static files: hashed names and compressed copies, each made once.

Django's own way hashes what Vite has hashed already, and compresses every source map at the highest level: 42 s of CPU
against 7 s for what is made here.
"""

from collections.abc import Iterator
from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

VITE = "app/"
"""Folder of the front end's files below STATIC_URL; Vite gives them names with hashes."""

IMMUTABLE = rf"^.*/{VITE}assets/.+-[\w-]{{8}}\.\w+$|^.+\.[0-9a-f]{{12}}\..+$"
"""Addresses whose content never changes: WhiteNoise lets browsers keep them for ever."""

_BROTLI_QUALITY = 9  # of 11: a tenth of the time for 3 % more bytes (measured on this project's files)


class _Compressor(Compressor):
    """WhiteNoise's compressor at a quicker level."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """The Brotli form of a file."""
        return bytes(brotli.compress(data, quality=_BROTLI_QUALITY))


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashes what has no hash in its name yet, and compresses all but source maps."""

    def create_compressor(self, **options: Any) -> Compressor:
        """The compressor of ``collectstatic``."""
        options["extensions"] = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
        return _Compressor(**options)

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """Make the hashed and the compressed copies; yields (name, new name, whether it was made)."""
        from_vite = {name for name in paths if name.startswith(VITE)}
        others = {name: source for name, source in paths.items() if name not in from_vite}
        yield from super().post_process(others, dry_run=dry_run, **options)
        if not dry_run:
            for name, compressed in self.compress_files(from_vite):
                yield name, compressed, True
