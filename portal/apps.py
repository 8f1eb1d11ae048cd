"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Page shells and short links; knows only registries."""

    name = "portal"
    verbose_name = _("门户")

    def ready(self) -> None:
        """Register the checks before a map is made public, and the periodic job."""
        from portal import checks, tasks

        checks.register()
        tasks.register()
