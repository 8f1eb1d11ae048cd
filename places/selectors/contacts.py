"""Contacts and supervision phones, for those who keep them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kernel.errors import NotFound
from kernel.viewer import Viewer
from places.models import Contact
from places.querysets import ContactQuerySet, jurisdiction


def contacts_own(viewer: Viewer) -> ContactQuerySet:
    """The contacts and supervision phones that lie in the viewer's jurisdiction, with their places."""
    rows = Contact.objects.visible_to(viewer).filter(jurisdiction(viewer))
    return rows.select_related("place").defer("place__geom")


def contact_get(viewer: Viewer, pk: int) -> Contact:
    """A contact of the viewer's jurisdiction. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    contact = contacts_own(viewer).filter(pk=pk).first()
    if contact is None:
        raise NotFound(_("没有这个联系电话，或者已经删除。"))
    return contact
