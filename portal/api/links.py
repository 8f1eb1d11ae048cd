"""Short links of public pages."""

from __future__ import annotations

from urllib.parse import quote

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.base import ApiView
from places.api.serializers import ErrorSerializer
from portal.models import LONGEST_PATH
from portal.pace import LinkPace
from portal.services import link_create


class LinkWriteSerializer(serializers.Serializer):
    """What is to be shared."""

    path = serializers.CharField(
        max_length=LONGEST_PATH,
        trim_whitespace=False,
        help_text="What follows the host in the address of a public page, with its query and hash.",
    )


class LinkSerializer(serializers.Serializer):
    """A short link."""

    code = serializers.CharField(help_text="Seven characters without look-alikes.")
    url = serializers.CharField(help_text="Absolute.")
    qr = serializers.CharField(help_text="Address of its QR code, SVG.")


class LinksView(ApiView):
    """Short links: open to visitors, since sharing is what a public map is for."""

    open_writes = True
    throttle_classes = (LinkPace,)

    @extend_schema(
        operation_id="link_create",
        request=LinkWriteSerializer,
        responses={200: LinkSerializer, 400: ErrorSerializer, 429: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """The short link of an address of ours; the same address always has the same one."""
        body = LinkWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        link = link_create(body.validated_data["path"])
        path = reverse("short-link", args=[link.code])
        qr = f"{reverse('qr')}?path={quote(path, safe='/')}"
        return Response({"code": link.code, "url": request.build_absolute_uri(path), "qr": qr})
