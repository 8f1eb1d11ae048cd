"""Who opens the photos of field checks, and the documents that findings rest on."""

from __future__ import annotations

from imagery.models import ChangePoint, FieldPhoto
from kernel.files import FileKind
from kernel.viewer import Viewer


def file_shown(viewer: Viewer, kind: FileKind, key: int) -> bool | None:
    """Whoever sees the point; never the public. None: the file belongs to no point. Cost: one or two queries."""
    if kind == "photo":
        points = list(FieldPhoto.objects.filter(photo=key).values_list("point_id", flat=True))
    else:
        points = list(ChangePoint.objects.filter(basis=key).values_list("pk", flat=True))
    return ChangePoint.objects.visible_to(viewer).filter(pk__in=points).exists() if points else None
