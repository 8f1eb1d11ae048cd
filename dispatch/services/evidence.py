"""Documents that will show what a reply says; photos come in as all photos of staff do (``media``)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dispatch.models import STATE_TITLES
from dispatch.selectors import order_facts, orders_of
from dispatch.states import State, machine
from kernel.errors import NotFound, NotSignedIn
from kernel.machine import IllegalMove
from kernel.refusal import refusal
from kernel.viewer import Viewer
from media.models import Document
from media.models import State as FileState
from media.pipeline.incoming import Readable
from media.services import document_add


def evidence_add(*, by: Viewer, order_id: int, file: Readable, name: str) -> Document:
    """Keep a document for the reply to an order: unseen by others until a reply has it, by the public until that is
    approved.

    Args:
        by: somebody who may hand in the reply now.
        order_id: key of the order.
        file: read from its present position.
        name: of the file, public later.

    Raises:
        NotSignedIn, NotFound, Forbidden, Conflict: as for the move "submit".
        Invalid, TooLarge, UnsupportedType: what ``media`` finds wrong with the file.
    """
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    order = orders_of(by).filter(pk=order_id).first()
    if order is None:
        raise NotFound(_("没有这张工单，或者您不能看。"))
    try:
        machine.plan(order.state, "submit", by.role or "", {"reply": "-"}, order_facts(by, order))
    except IllegalMove as error:
        raise refusal(error, machine, "submit", STATE_TITLES[State(order.state)]) from None
    return document_add(by=by, file=file, name=name, state=FileState.PENDING)
