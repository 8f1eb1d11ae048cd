"""Registration of the app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LayersConfig(AppConfig):
    """The engine: one compiler from a LayerSpec to SQL, and its faces."""

    name = "layers"
    verbose_name = _("图层")

    def ready(self) -> None:
        """Load the checks of all declarations, put layers into the search box, watch their tables."""
        from layers import checks, ledger, searching, tasks

        checks.register()
        searching.register()
        tasks.register()
        post_migrate.connect(ledger.install, sender=self, dispatch_uid="layers.ledger")
