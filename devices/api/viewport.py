"""What the devices in a box say: for maps that open, and for those who ask instead of listening."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from devices import selectors
from kernel.api.base import ApiView
from kernel.errors import Invalid
from layers.live.feeds import is_seen

LONGEST = 2000
"""Characters of ``since``."""


class DeviceValue(serializers.Serializer):
    """The newest value of a device: of the stream that its kind names, else of its first."""

    id = serializers.IntegerField()
    stream = serializers.IntegerField()
    ts = serializers.DateTimeField()
    value = serializers.JSONField(help_text="A number in `unit`, or a text.")
    unit = serializers.CharField(help_text="UCUM code.")
    quality = serializers.IntegerField(help_text="0 good, 1 outside the valid range of the stream.")


class DeviceValues(serializers.Serializer):
    """The values, and up to where they were seen."""

    seen = serializers.CharField(help_text="For `since` of the next request.")
    values = DeviceValue(many=True)


class LatestView(ApiView):
    """Newest values in a box."""

    known_params = ("bbox", "since")

    @extend_schema(
        operation_id="device_latest",
        tags=["devices"],
        parameters=[
            OpenApiParameter("bbox", str, required=True, description="west,south,east,north in degrees, EPSG:4326"),
            OpenApiParameter("since", str, description="`seen` of the answer before: only what was written since"),
        ],
        responses=DeviceValues,
        auth=[],
    )
    def get(self, request: Request) -> HttpResponse:
        """Newest values of the devices in a box, at most 5,000 devices.

        The same values come over `/live/?layers=devices&feed=devices&bbox=…` as they change: `event: values`.
        """
        bbox, since = self.params.bbox(), self.params.text("since", longest=LONGEST)
        if bbox is None:
            raise Invalid(_("请给出范围 bbox。"), code="missing_parameter", field="bbox")
        if since and not is_seen(since):
            raise Invalid(_("since 要照抄上一次回答的 seen。"), code="malformed_since", field="since")
        found = selectors.newest_in(self.viewer, bbox, since)
        body = f'{{"seen":"{found.seen}","values":{selectors.as_list(found.texts)}}}'
        return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "private, no-store"})
