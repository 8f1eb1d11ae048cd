"""The inbox of whoever is signed in."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors, services
from kernel.api.base import ApiView
from kernel.api.shapes import shape_of
from kernel.writing import require

InboxShape = shape_of(selectors.Inbox)


class InboxView(ApiView):
    """One's own messages."""

    known_params = ("unread", "cursor")

    @extend_schema(
        operation_id="inbox",
        tags=["accounts"],
        parameters=[OpenApiParameter("unread", bool), OpenApiParameter("cursor", int)],
        responses=InboxShape,
    )
    def get(self, request: Request) -> Response:
        """Newest first, with the number of unread ones."""
        require(self.viewer)
        before = self.params.integer("cursor", 0, 1, 2**53)
        found = selectors.inbox(self.viewer, only_unread=self.params.flag("unread"), before=before)
        return Response(asdict(found), headers={"Cache-Control": "no-store"})


class InboxReadView(ApiView):
    """One message was read."""

    @extend_schema(operation_id="inbox_read", tags=["accounts"], request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Note it; a second reading changes nothing."""
        services.inbox_read(by=self.viewer, item_id=pk)
        return Response(status=204)
