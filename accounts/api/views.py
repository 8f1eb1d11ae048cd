"""Who is signed in, and the token that a write must carry."""

from __future__ import annotations

from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors
from kernel.api.base import ApiView


class NamedPlaceSerializer(serializers.Serializer):
    """A place by code and name."""

    code = serializers.CharField()
    name = serializers.CharField()


class MeSerializer(serializers.Serializer):
    """The signed-in person; ``may`` names the staff pages that open, ``county`` is null for the operator."""

    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    role_title = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    county = NamedPlaceSerializer(allow_null=True)
    jurisdiction = NamedPlaceSerializer(many=True)
    may = serializers.ListField(child=serializers.CharField())
    must_change_password = serializers.BooleanField()


class SessionSerializer(serializers.Serializer):
    """``csrf`` goes into the header X-CSRFToken of every write."""

    user = MeSerializer(allow_null=True)
    csrf = serializers.CharField()


class SessionView(ApiView):
    """The session of this browser."""

    @extend_schema(operation_id="session", responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        """Who is signed in (null: nobody), and the token for writes."""
        body = SessionSerializer({"user": selectors.me(self.viewer), "csrf": get_token(request)})
        return Response(body.data, headers={"Cache-Control": "no-store"})
