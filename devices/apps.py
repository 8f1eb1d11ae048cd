"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    """Devices and what they say."""

    name = "devices"
    verbose_name = _("感知设备")

    def ready(self) -> None:
        """Offer layer, feed of values and panel section, have the periodic work done, and be a source of work."""
        from devices import live, map_layers, panel, selectors, tasks, work
        from kernel.files import FileRule, file_rules

        live.register()
        map_layers.register()
        panel.register()
        file_rules.add(FileRule("devices", selectors.file_shown))
        tasks.register()
        work.register()
