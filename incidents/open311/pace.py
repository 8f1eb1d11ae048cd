"""How often one may ask: a key as often as its row says, everybody else by address."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.api.pace import Pace

HOUR_S = 3600


class KeyPace(Pace):
    """A list of 454 requests with answers costs 0.3 s of a core: one address takes a sixth of one at most.

    Who needs more asks for a key.
    """

    scope, rate = "open311", "30/min"

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether this request may go on."""
        if view.api_key:
            self.num_requests, self.duration = view.api_key.rate, HOUR_S
        return super().allow_request(request, view)

    def get_cache_key(self, request: Any, view: Any) -> str:
        """One count per key, or per address."""
        return f"open311-key-pace:{view.api_key.pk}" if view.api_key else super().get_cache_key(request, view)
