"""Words for moves and statuses that no model column carries."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOON = "soon"
"""A status that is shown but not kept: normal, and due within ``states.SOON_DAYS``."""

SOON_TITLE = _("快到期")

MOVE_TITLES: dict[str, Promise] = {
    "tender": _("招标"),
    "start": _("开工"),
    "pause": _("停工"),
    "resume": _("复工"),
    "finish": _("完工待验"),
    "redo": _("整改"),
    "accept": _("验收通过"),
    "cancel": _("取消"),
}
"""The official words of ``states.machine``, for translation; a test holds them equal."""
