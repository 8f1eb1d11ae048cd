"""Short links: what they lead to, and nothing about who made or followed them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock

LONGEST_PATH = 2000
"""Characters of an address of ours. A QR code with error correction M holds 2,331 bytes (ISO/IEC 18004, version 40)."""

CODE_LENGTH = 7


class ShortLink(models.Model):
    """An address of a public page under a short code.

    Attributes:
        code: random, so that nobody can walk through what others have shared.
        path: what follows the host, percent-encoded, the hash included.
        digest: SHA-256 of ``path``, hex: one address has one code. An index on the path itself could not hold 2,000
            characters (a B-tree entry of PostgreSQL ends at 2,704 bytes).
        last_used_on: the day, not the moment; links that nobody uses are removed.
    """

    code = models.CharField(max_length=CODE_LENGTH, primary_key=True)
    path = models.CharField(max_length=LONGEST_PATH)
    digest = models.CharField(max_length=64, unique=True)
    last_used_on = models.DateField(default=clock.today, db_index=True)

    class Meta:
        """Names."""

        verbose_name = verbose_name_plural = _("短链接")

    def __str__(self) -> str:
        """Its code."""
        return self.code
