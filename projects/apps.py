"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Project sites, their monthly progress, photos and notices."""

    name = "projects"
    verbose_name = _("工程项目")

    def ready(self) -> None:
        """Register the layer, the sections of the panel, the say about files and the periodic job."""
        from kernel.files import FileRule, file_rules
        from projects import map_layers, panel, selectors, tasks

        map_layers.register()
        panel.register()
        tasks.register()
        file_rules.add(FileRule("projects", selectors.file_shown))
