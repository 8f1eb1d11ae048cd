"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    """Photos and files: sealed originals, public derivatives, moderation."""

    name = "media"
    verbose_name = _("照片与文件")

    def ready(self) -> None:
        """Have leftovers of failed uploads removed."""
        from media import tasks

        tasks.register()
