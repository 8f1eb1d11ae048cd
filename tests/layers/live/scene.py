"""What the tests of the live channel share."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings as django_settings
from django.test import Client

from facilities.models import Facility
from kernel.viewer import Role
from tests.factories import people
from tests.layers.live.streams import Stream

HOME, OTHER = "990521", "990522"
VILLAGE = "990521001001"
SHOPS_PATH = "/live/?layers=shops"
SOON_S = 2.0
"""In this time two consoles see each other's changes."""
QUIET_S = 1.5
"""Longer than the pace: what has not come by then does not come."""

Open = Callable[..., Stream]


def cookie_of(role: Role, place: str = HOME) -> str:
    client = Client()
    client.force_login(people.user(role, jurisdiction=[place]))
    name = django_settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def rename(row: Facility, name: str = "新名") -> float:
    Facility.objects.filter(pk=row.pk).update(name=name)
    return time.monotonic()
