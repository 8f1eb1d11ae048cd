"""How often one address may write and search. Behind one address of a village office stand many people."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.views import APIView

from kernel.api.pace import Pace


class WritePace(Pace):
    """Counts writes only: reading is free."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether this request may go on."""
        return request.method in ("GET", "HEAD", "OPTIONS") or super().allow_request(request, view)


class ReportPace(WritePace):
    """Reports of one address: a hall of thirty people on one line, each with one a quarter of an hour."""

    scope, rate = "report", "120/hour"


class PhotoPace(WritePace):
    """Nine photos for each of those reports."""

    scope, rate = "report-photo", "1080/hour"


class FollowPace(WritePace):
    """Me-too and following."""

    scope, rate = "report-follow", "120/hour"


class TrackPace(Pace):
    """Looking things up by code: 65 bits are not guessed at this rate, nor at any other."""

    scope, rate = "report-track", "120/min"


class SimilarPace(Pace):
    """Searches while somebody types: one a second, for two people at once."""

    scope, rate = "report-similar", "120/min"
