"""What the public views have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.request import Request

from kernel.api.base import ApiView
from kernel.api.pace import client_ip
from kernel.errors import Forbidden
from kernel.gate import is_admitted

CAPTCHA_HEADER = "X-Captcha"


def client_of(request: Request) -> str:
    """Tells clients behind one address apart as far as they can be: what it is used for keeps only a hash."""
    return f"{client_ip(request._request)} {request.headers.get('User-Agent', '')[:300]}"


def site_of(request: Request) -> str:
    """What addresses in messages begin with: the setting, else the host that was asked."""
    return settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")


class PublicView(ApiView):
    """Open to everybody: writes pass the gates (captcha), where the county has put up any."""

    open_writes = True
    gated: ClassVar[bool] = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check as every API does, then ask the gates about a write.

        Raises:
            Forbidden: code "captcha".
        """
        super().initial(request, *args, **kwargs)
        is_write = request.method not in ("GET", "HEAD", "OPTIONS")
        if not is_write or not self.gated or self.viewer.is_signed_in:
            return
        if not is_admitted(request.headers.get(CAPTCHA_HEADER, ""), client_ip(request._request)):
            raise Forbidden(_("请先通过验证。"), code="captcha")
