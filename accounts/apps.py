"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, roles, units, jurisdiction; builds the Viewer."""

    name = "accounts"
    verbose_name = _("用户")

    def ready(self) -> None:
        """Register channels, the live topic and periodic jobs."""
        from accounts import tasks

        tasks.register()
