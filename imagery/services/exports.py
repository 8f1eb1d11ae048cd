"""What leaves the product as a file is noted."""

from __future__ import annotations

from django.db import transaction

from kernel.viewer import Viewer
from records.services import audit_write


@transaction.atomic
def points_exported(*, by: Viewer, rows: int, form: str, asked: str) -> None:
    """Note that ``by`` has taken points away.

    Args:
        by: who.
        rows: how many.
        form: of the file.
        asked: the filter, as a query text.
    """
    said = {"rows": [None, rows], "format": [None, form], "filter": [None, asked[:600]]}
    audit_write(by=by, action="points.export", obj=("imagery.changepoint", by.county), changes=said)
