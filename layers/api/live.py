"""Which layers changed: the head of the live channel, and the same by asking again and again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request

from kernel.api.pace import client_ip
from kernel.errors import Invalid, Unavailable
from kernel.geo import Bbox
from kernel.live import live_feeds
from layers import ledger
from layers.api import shapes
from layers.api.answers import JSON, kept_answer
from layers.api.views import EngineView
from layers.live.app import TICKET, Ticket
from layers.live.feeds import Flows, Watch, is_seen
from layers.live.stream import BESIDE
from layers.live.topics import Subscription, is_id, news, subscribe

EVENTS = "text/event-stream"
LONGEST = 2000
"""Characters of a list of layers or of an id: a hundred of them."""


class _Listening(EngineView):
    """Reads which layers are asked for."""

    def subscription(self) -> Subscription:
        """What the viewer hears about.

        Raises:
            Invalid: no layer is named.
            NotFound: one of them does not exist for the viewer.
        """
        keys = [key.strip() for key in self.params.text("layers", longest=LONGEST).split(",") if key.strip()]
        if not keys:
            raise Invalid(_("请在 layers 中写明要关注的图层。"), code="missing_parameter", field="layers")
        return subscribe(self.viewer, keys)


class LiveView(_Listening):
    """``/live/``: decides; the stream itself is not Django's (``layers.live``)."""

    def parameters(self) -> tuple[str, ...]:
        """The layers; of a feed also the box."""
        return ("layers", "feed", "bbox") if "feed" in self.request.query_params else ("layers",)

    @shapes.LIVE
    def get(self, request: Request) -> HttpResponseBase:
        """Let the client in."""
        subscription, watched = self.subscription(), self.watched()
        ticket = request.META.get(TICKET)
        if not isinstance(ticket, Ticket):
            hint = _("可以改为定时查询 /api/layers/changes。")
            raise Unavailable(_("这台服务器没有实时通道。"), code="no_live_channel", hint=hint)
        if request.method == "GET":
            known, _beside, seen = request.headers.get("Last-Event-ID", "")[:LONGEST].partition(BESIDE)
            begin = self._begin(*watched, seen if is_seen(seen) else "") if watched else None
            ticket.admit(client_ip(request._request), subscription, known, begin)
        # nginx passes on at once what says X-Accel-Buffering: no; others what no cache may keep.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return HttpResponse(content_type=EVENTS, headers=headers)

    def watched(self) -> tuple[str, Bbox] | None:
        """Of which feed the viewer hears the values, and where; None for none.

        Raises:
            Invalid: there is no such feed, or no box is given.
        """
        if not self.params.has("feed"):
            return None
        feed, bbox = self.params.choice("feed", (one.key for one in live_feeds)), self.params.bbox()
        if not feed or bbox is None:
            missing = "bbox" if feed else "feed"
            raise Invalid(_("请给出 feed 和 bbox。"), code="missing_parameter", field=missing)
        return feed, bbox

    def _begin(self, feed: str, bbox: Bbox, seen: str) -> Callable[[Flows], Watch]:
        return lambda flows: Watch(flows[feed], self.viewer, bbox, seen)


class ChangesView(_Listening):
    """The same by asking: for networks that hold streams back, and for programs."""

    known_params = ("layers", "since")

    @shapes.CHANGES
    def get(self, request: Request) -> HttpResponseBase:
        """What changed since the answer with the id ``since``; all layers without it. Cost: one query."""
        since = self.params.text("since", longest=LONGEST)
        if since and not is_id(since):
            raise Invalid(_("since 要照抄上一次回答的 id。"), code="malformed_since", field="since")
        subscription = self.subscription()
        said = news(subscription.versions(ledger.counts(subscription.tables)), since)
        return kept_answer(
            request,
            lambda: shapes.to_json({"id": said.id, "reset": said.reset, "changed": said.changed}),
            content_type=JSON,
            etag=f'W/"{said.id}"',
            is_public=not self.viewer.is_signed_in,
        )
