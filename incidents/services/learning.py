"""The text help of a county is replaced."""

from __future__ import annotations

from django.db import transaction

from incidents.models import TextHelp
from incidents.text.model import from_bytes, version_of
from kernel import clock
from kernel.viewer import Viewer
from records.services import audit_write


@transaction.atomic
def text_help_set(*, by: Viewer, data: bytes) -> TextHelp:
    """Let the county of ``by`` be served by a model from now on; the version says in every proposal which one it was.

    Args:
        by: who trained it.
        data: bytes of a model.

    Raises:
        CorruptModel: the bytes are no model; the one before stays.
    """
    model, version = from_bytes(data), version_of(data)
    before = TextHelp.objects.filter(county_id=by.county).values_list("version", flat=True).first()
    fields = {"version": version, "data": data, "figures": model.figures, "at": clock.now()}
    made, _is_new = TextHelp.objects.update_or_create(county_id=by.county, defaults=fields)
    audit_write(by=by, action="texthelp.set", obj=made, changes={"version": [before, version]})
    return made
