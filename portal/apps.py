"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Page shells; knows only registries."""

    name = "portal"
    verbose_name = _("门户")

    def ready(self) -> None:
        """Register the checks before a map is made public."""
        from portal import checks

        checks.register()
