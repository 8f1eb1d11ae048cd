"""What search engines find: the page of every place, of every county in this database."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from places.models import County, Level, Place


class Counties(Sitemap[str]):
    """The public page of each county."""

    def items(self) -> list[str]:
        """Their codes."""
        return list(County.objects.order_by("code").values_list("code", flat=True))

    def location(self, item: str) -> str:
        """The county of the setting has the shortest address."""
        return reverse("home") if item == settings.COUNTY else reverse("county", args=[item])


class Places(Sitemap[str]):
    """Townships and villages: where they lie is no secret, in no county."""

    def items(self) -> list[str]:
        """Their codes."""
        places = Place.objects.filter(level__in=(Level.TOWNSHIP, Level.VILLAGE))
        return list(places.order_by("code").values_list("code", flat=True))

    def location(self, item: str) -> str:
        """The page without JavaScript."""
        return reverse("village", args=[item])


SITEMAPS = {"counties": Counties, "places": Places}
