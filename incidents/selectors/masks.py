"""What may stay in a text that everybody reads."""

from __future__ import annotations

from accounts.models import Unit
from places.models import Contact


def office_numbers(county: str) -> list[str]:
    """Numbers that are published as those of offices: they may stay in a text. Cost: two queries."""
    contacts = Contact.objects.filter(county_id=county, is_published=True).values_list("number", flat=True)
    units = Unit.objects.filter(county_id=county).exclude(phone="").values_list("phone", flat=True)
    return list(dict.fromkeys([*contacts, *units]))
