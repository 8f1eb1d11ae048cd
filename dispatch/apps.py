"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Work orders."""

    name = "dispatch"
    verbose_name = _("工单")

    def ready(self) -> None:
        """Register the periodic job."""
        from dispatch import tasks

        tasks.register()
