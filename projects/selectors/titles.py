"""Words for statuses that no model column carries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SOON = "soon"
"""A status that is shown but not kept: normal, and due within ``states.SOON_DAYS``."""

SOON_TITLE = _("快到期")
