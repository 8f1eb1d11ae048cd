"""Contacts and supervision phones: those on the panel of a place, and all for those who keep them."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kernel import kept
from kernel.errors import NotFound
from kernel.kept import given
from kernel.viewer import Viewer
from places.models import Contact
from places.querysets import ContactQuerySet, jurisdiction
from places.selectors.geography import around


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


def place_contacts(viewer: Viewer, code: str, *, with_those_inside: bool) -> list[Contact]:
    """Published contacts of a place and of the places around it, and where asked those inside it. Cost: one query."""
    return kept.rows(_contacts_around, viewer, with_those_inside, **around(code))


def _contacts_around(viewer: Viewer, with_those_inside: bool) -> QuerySet[Contact]:
    whose = Q(place_id__in=[given(level) for level in around("")])
    if with_those_inside:
        whose |= Q(place__code__startswith=given("code"))
    shown = Contact.objects.visible_to(viewer).filter(whose, is_published=True).select_related("place")
    return shown.only(
        *("kind", "number", "title", "title_en", "duty", "duty_en", "hours", "hours_en"),
        *("place__level", "place__name", "place__name_en"),
    )
