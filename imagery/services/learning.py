"""A re-ranker begins to order a county's queue."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction

from imagery.models import Reranker
from imagery.services.ordering import points_reorder
from kernel import clock
from kernel.errors import Invalid
from kernel.viewer import Viewer
from places.models import County
from records.services import audit_write


@transaction.atomic
def reranker_set(*, by: Viewer, data: bytes) -> int:
    """Let a re-ranker order the queue of ``by.county`` from now on; how many waiting points it has moved.

    Args:
        by: who; the caller decides who may.
        data: bytes of ``imagery.detect.trees``.

    Raises:
        Invalid: no county, or bytes that are no re-ranker.
    """
    from imagery.detect.trees import CorruptTrees, from_bytes, version_of

    county = County.objects.filter(pk=by.county).first()
    if county is None:
        raise Invalid(f"There is no county {by.county} in the database.", code="unknown_county", field="county")
    try:
        figures = from_bytes(data).figures
    except CorruptTrees as error:
        raise Invalid(str(error), code="corrupt_model") from error
    told: dict[str, Any] = {"version": version_of(data), "sha256": hashlib.sha256(data).hexdigest(), "data": data}
    before = Reranker.objects.filter(county=county).values_list("version", flat=True).first()
    row, _is_new = Reranker.objects.update_or_create(
        county=county, defaults={**told, "figures": figures, "at": clock.now()}
    )
    said = {"version": [before, row.version], "figures": [None, figures]}
    audit_write(by=by, action="reranker.set", obj=row, changes=said)
    return points_reorder(by=by)
