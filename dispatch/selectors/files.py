"""Who opens the files that show what a reply says."""

from __future__ import annotations

from dispatch.models import Evidence, WorkOrder
from kernel.files import FileKind
from kernel.viewer import Viewer


def file_shown(viewer: Viewer, kind: FileKind, key: int) -> bool | None:
    """Whoever sees the order of the reply; the app that the order is for says when the public does.

    None: the file belongs to no reply. Cost: one query, two for a file of one.
    """
    orders = list(Evidence.objects.filter(**{kind: key}).values_list("reply__order_id", flat=True))
    return WorkOrder.objects.visible_to(viewer).filter(pk__in=orders).exists() if orders else None
