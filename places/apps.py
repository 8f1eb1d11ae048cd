"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """County, township, village, grid; contacts; roads and water; gazetteer; the village panel."""

    name = "places"
    verbose_name = _("地方")

    def ready(self) -> None:
        """Offer layers, gazetteer and panel sections."""
        from places import map_layers, panel

        map_layers.register()
        panel.register()
