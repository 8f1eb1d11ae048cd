"""Control lines over HTTP, for the map of the review."""

from __future__ import annotations

from dataclasses import asdict

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from imagery.querysets import KEEPERS
from imagery.selectors.redlines import RedLines, red_lines
from kernel.api.base import ApiView
from kernel.api.shapes import shape_of
from kernel.errors import Invalid

RedLinesShape = shape_of(RedLines)


class RedLinesView(ApiView):
    """The lines in a box."""

    known_params = ("bbox",)
    roles_to_read = KEEPERS

    @extend_schema(
        operation_id="review_redlines",
        tags=["imagery"],
        parameters=[OpenApiParameter("bbox", str, required=True, description="west,south,east,north; EPSG:4326")],
        responses=RedLinesShape,
    )
    def get(self, request: Request) -> Response:
        """Permanent farmland, ecological red lines and bounds of towns as GeoJSON, cut to the box."""
        box = self.params.bbox()
        if box is None:
            raise Invalid(_("范围要写成 西,南,东,北 四个数。"), code="missing_parameter", field="bbox")
        return Response(asdict(red_lines(self.viewer, box)), headers={"Cache-Control": "no-store"})
