"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilitiesConfig(AppConfig):
    """Public facilities."""

    name = "facilities"
    verbose_name = _("公共设施")
