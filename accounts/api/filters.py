"""The filters that whoever is signed in uses often."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors, services
from kernel.api.base import ApiView
from kernel.api.inputs import StrictSerializer
from kernel.writing import require

MOST = 12
"""Of one person: so many fit beside the queues of the console."""


class SavedFilterInput(StrictSerializer):
    """A queue and its filters under a name."""

    name = serializers.CharField(max_length=40)
    queue = serializers.CharField(max_length=20)
    filters = serializers.CharField(max_length=600, allow_blank=True)


class SavedFilters(StrictSerializer):
    """All of one person, in their order."""

    items = serializers.ListField(child=SavedFilterInput(), max_length=MOST)


class SavedFiltersView(ApiView):
    """One's own filters of the console."""

    @extend_schema(operation_id="saved_filters", tags=["accounts"], responses=SavedFilters)
    def get(self, request: Request) -> Response:
        """All of them, in their order."""
        require(self.viewer)
        return self.answer()

    @extend_schema(operation_id="saved_filters_put", tags=["accounts"], request=SavedFilters, responses=SavedFilters)
    def put(self, request: Request) -> Response:
        """Keep these, in the place of those from before."""
        said = SavedFilters(data=request.data)
        said.is_valid(raise_exception=True)
        items: list[dict[str, Any]] = said.validated_data["items"]
        services.filters_save(by=self.viewer, filters=[selectors.SavedFilter(**one) for one in items])
        return self.answer()

    def answer(self) -> Response:
        """What is kept now."""
        items = [asdict(one) for one in selectors.saved_filters(self.viewer)]
        return Response({"items": items}, headers={"Cache-Control": "no-store"})
