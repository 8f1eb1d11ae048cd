"""Who may sign in, and whose session goes on."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from accounts.models import User


class Backend(ModelBackend):
    """User name and password. Demo accounts exist in demo mode only, an open session of one included."""

    def user_can_authenticate(self, user: User | None) -> bool:  # type: ignore[override]
        """Whether the account is active and may be used on this server."""
        if user is not None and user.is_demo and not settings.DEMO:
            return False
        return super().user_can_authenticate(user)
