"""Documents that findings rest on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from imagery.selectors.facts import point_facts, points_of
from imagery.services.moves import point_planned
from imagery.states import Finding
from kernel import clock
from kernel.errors import NotFound, NotSignedIn
from kernel.viewer import Viewer
from media.models import Document
from media.models import State as FileState
from media.pipeline.incoming import Readable
from media.services import document_add


def basis_add(*, by: Viewer, point_id: int, file: Readable, name: str) -> Document:
    """Keep a document that says what a point is; never public, and unseen by others until ``find`` names it.

    Args:
        by: somebody who may say now what the point was found to be.
        point_id: key of the point.
        file: read from its present position.
        name: of the file.

    Raises:
        NotSignedIn, NotFound, Forbidden, Conflict: as for the move "find".
        Invalid, TooLarge, UnsupportedType: what ``media`` finds wrong with the file.
    """
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    point = points_of(by).select_related("run__before", "run__after").filter(pk=point_id).first()
    if point is None:
        raise NotFound(_("没有这个图斑，或者您不能看。"))
    facts = point_facts(by, point, clock.now(), has_evidence=True)
    point_planned(by, point, "find", "", {"finding": Finding.ILLEGAL}, facts)
    return document_add(by=by, file=file, name=name, state=FileState.PENDING)
