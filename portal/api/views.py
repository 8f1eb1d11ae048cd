"""The county that is looked at, who looks, and codes that lead to pages."""

from __future__ import annotations

from hashlib import sha256

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import MeSerializer
from kernel.api.base import ApiView
from kernel.errors import Invalid
from layers.api.answers import OneForm, kept_answer
from places.api.serializers import ErrorSerializer
from places.selectors import county_facts
from portal.boot import county_json, me_json
from portal.models import LONGEST_PATH
from portal.pace import QrPace
from portal.qr import qr_svg
from portal.services import local_path


class BaseMapSerializer(serializers.Serializer):
    """A base map: ``tiles`` are addresses of 256 px Web Mercator tiles, those below first; none for our own."""

    key = serializers.CharField()
    title = serializers.CharField()
    tiles = serializers.ListField(child=serializers.CharField())
    servers = serializers.CharField(allow_blank=True, help_text="One letter of it stands for {s}.")
    attribution = serializers.CharField(allow_blank=True)
    approval_number = serializers.CharField(allow_blank=True, help_text="审图号; empty when not configured.")
    deepest = serializers.IntegerField(help_text="Zoom of the last tiles.")


class CountySerializer(serializers.Serializer):
    """A county: ``bbox`` is [west, south, east, north], positions are EPSG:4326 degrees."""

    code = serializers.CharField()
    name = serializers.CharField()
    is_demo = serializers.BooleanField()
    bbox = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4, allow_null=True)
    center = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True)
    approval_number = serializers.CharField(allow_blank=True, help_text="审图号; empty when not configured.")
    base_maps = BaseMapSerializer(many=True, help_text="Ours first.")
    boundary_source = serializers.CharField(allow_blank=True)
    cells_illustrative = serializers.BooleanField(help_text="Village areas are drawn by us (示意网格).")
    townships = serializers.IntegerField()
    villages = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True)
    me = MeSerializer(allow_null=True)


class CountyView(ApiView):
    """The county that is looked at."""

    @extend_schema(operation_id="county", responses={200: CountySerializer, 404: ErrorSerializer})
    def get(self, request: Request) -> Response:
        """Name, extent and counts of the county, and the signed-in person."""
        return Response(
            {**county_json(county_facts(self.viewer)), "me": me_json(self.viewer)},
            headers={"Cache-Control": "no-store"},
        )


class QrView(ApiView):
    """A QR code that leads to a page of this host."""

    known_params = ("path",)
    content_negotiation_class = OneForm
    throttle_classes = (QrPace,)

    @extend_schema(
        operation_id="qr",
        parameters=[
            OpenApiParameter(
                "path",
                str,
                required=True,
                description="What follows the host in the address, from its first slash on; at most 2,000 characters.",
            )
        ],
        responses={
            (200, "image/svg+xml"): OpenApiResponse(OpenApiTypes.STR),
            304: OpenApiResponse(description="The reader has it."),
            400: ErrorSerializer,
            429: ErrorSerializer,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The code of ``path`` on this host; the same address always gives the same bytes."""
        address = request.build_absolute_uri(local_path(self.params.text("path", longest=LONGEST_PATH)))
        if len(address) > LONGEST_PATH + 300:
            raise Invalid(_("这个网址太长，做不成二维码。"), field="path")
        return kept_answer(
            request,
            lambda: qr_svg(address).encode(),
            content_type="image/svg+xml",
            etag=f'W/"{sha256(address.encode()).hexdigest()[:24]}"',
            # The code of a tracking page is a secret: no cache on the way keeps its picture.
            keep="no-store" if "/track/" in address else "max-age=86400",
        )
