"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Work orders."""

    name = "dispatch"
    verbose_name = _("工单")

    def ready(self) -> None:
        """Register periodic jobs, the live topic and the say about files."""
        from dispatch import selectors, tasks
        from kernel.files import FileRule, file_rules

        tasks.register()
        file_rules.add(FileRule("dispatch", selectors.file_shown))
