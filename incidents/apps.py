"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """Reports of citizens."""

    name = "incidents"
    verbose_name = _("群众反映")
