"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImageryConfig(AppConfig):
    """Scenes and the points where two of them differ."""

    name = "imagery"
    verbose_name = _("遥感监测")

    def ready(self) -> None:
        """Offer layer and panel section, be a source of work, have a say about files, and register what recurs."""
        from imagery import map_layers, panel, tasks, work
        from imagery.selectors.files import file_shown
        from kernel.files import FileRule, file_rules

        map_layers.register()
        panel.register()
        file_rules.add(FileRule("imagery", file_shown))
        tasks.register()
        work.register()
