"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """Reports of citizens."""

    name = "incidents"
    verbose_name = _("群众反映")

    def ready(self) -> None:
        """Register the layer, the section of the panel, the say about files, the periodic jobs, the
        channel and the source of work orders.
        """
        from incidents import map_layers, panel, selectors, tasks, work
        from kernel.files import FileRule, file_rules

        map_layers.register()
        panel.register()
        tasks.register()
        work.register()
        file_rules.add(FileRule("incidents", selectors.file_shown))
