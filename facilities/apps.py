"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilitiesConfig(AppConfig):
    """Public facilities."""

    name = "facilities"
    verbose_name = _("公共设施")

    def ready(self) -> None:
        """Offer the layer, the categories to the search box, the panel section, and the say about files."""
        from facilities import map_layers, panel, selectors
        from kernel.files import FileRule, file_rules

        map_layers.register()
        panel.register()
        file_rules.add(FileRule("facilities", selectors.file_shown))
