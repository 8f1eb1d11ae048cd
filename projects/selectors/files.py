"""Whether a photo or document may be opened, as far as projects show it."""

from __future__ import annotations

from kernel.files import FileKind
from kernel.viewer import Viewer
from projects.models import Attachment, Notice, ProjectPhoto


def file_shown(viewer: Viewer, kind: FileKind, pk: int) -> bool | None:
    """The say of projects in ``kernel.files``: photos of sites, documents of notices. Cost: at most two queries."""
    if kind == "photo":
        if not ProjectPhoto.objects.filter(photo_id=pk).exists():
            return None
        return ProjectPhoto.objects.visible_to(viewer).filter(photo_id=pk).exists()
    if not Attachment.objects.filter(document_id=pk).exists():
        return None
    return Notice.objects.visible_to(viewer).filter(attachments__document_id=pk).exists()
