"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Audit and its seals, work calendar, outbox."""

    name = "records"
    verbose_name = _("记录")

    def ready(self) -> None:
        """Register channels and periodic jobs."""
        from records import tasks

        tasks.register()
