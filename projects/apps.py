"""Registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Project sites, their monthly progress, photos and notices."""

    name = "projects"
    verbose_name = _("工程项目")
