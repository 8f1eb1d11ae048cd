"""The own report, by its tracking code: the code in the address is all that is asked for, so nothing here is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from incidents import selectors, services
from incidents.api.base import PublicView, site_of
from incidents.api.inputs import TellInput, TrackInput, valid
from incidents.api.pace import TrackPace
from incidents.models import Attachment, Comment, Report
from incidents.states import REPORTER
from kernel.viewer import Viewer
from layers.api.answers import OneForm
from media.models import Document, Photo
from media.selectors import document_file, photo_file

TAGS = ["incidents"]
NO_STORE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
MOVES = ("supplement", "withdraw", "comment", "confirm", "reopen", "appeal")
TEXT_OF = {"confirm": "text", "reopen": "reason", "appeal": "reason"}
"""What the text of the body is called in the table of moves."""


class TrackBase(PublicView):
    """Finds the report of the code. Whoever is signed in is the reporter here, and nothing else."""

    throttle_classes = (TrackPace,)
    gated = False

    @property
    def reporter(self) -> Viewer:
        """Somebody who has shown the code."""
        return Viewer(county=self.viewer.county, label=REPORTER)

    def report(self, code: str) -> Report:
        """The report of a code, typed in any case, with or without dashes.

        Raises:
            NotFound: code "unknown_code".
        """
        return selectors.report_by_code(self.viewer, services.code_hash(code))

    def answer(self, code: str) -> Response:
        """The own view as it is now."""
        found = self.report(code)
        return Response(selectors.track_view(self.reporter, found, code), headers=NO_STORE)


class TrackView(TrackBase):
    """The own report."""

    @extend_schema(operation_id="incident_track", tags=TAGS, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, code: str) -> Response:
        """Steps, answers, photos, remarks, and what may be done now (`moves`)."""
        return self.answer(code)


class TrackMoveView(TrackBase):
    """What the reporter does."""

    @extend_schema(
        operation_id="incident_track_move",
        tags=TAGS,
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=MOVES)],
        request=TrackInput,
        responses=OpenApiTypes.OBJECT,
    )
    def post(self, request: Request, code: str, move: str) -> Response:
        """Add something, take it back, remark, or say whether the answer is good; answers the own view after it."""
        said = valid(TrackInput(data=request.data)).validated_data
        report, text, photos = self.report(code), said["text"], said["photos"]
        who: dict[str, Any] = {"by": self.reporter, "report_id": report.pk, "part": REPORTER}
        if move == "comment":
            audience = Comment.Audience.PUBLIC if said["is_public"] else Comment.Audience.REPORTER
            services.report_comment(**who, text=text, audience=audience)
        elif move == "supplement":
            services.report_supplement(**who, text=text, photos=photos)
        else:
            given = {TEXT_OF[move]: text} if move in TEXT_OF else {}
            services.report_move(**who, move=move, photos=photos, **given)
        return self.answer(code)


class TrackTellView(TrackBase):
    """Being told of progress."""

    @extend_schema(operation_id="incident_track_tell", tags=TAGS, request=TellInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, code: str) -> Response:
        """Leave an e-mail address, whose reader is asked to confirm it, or take it away with an empty one.

        Answers the own view after it.
        """
        email = valid(TellInput(data=request.data)).validated_data["email"]
        services.reporter_tell(by=self.reporter, report_id=self.report(code).pk, email=email, site=site_of(request))
        return self.answer(code)


class TrackPhotoView(TrackBase):
    """Own photos, also before moderation."""

    content_negotiation_class = OneForm

    @extend_schema(
        operation_id="incident_track_photo",
        tags=TAGS,
        parameters=[OpenApiParameter("size", str, OpenApiParameter.PATH, enum=["thumb", "medium", "large"])],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, code: str, token: str, size: str) -> HttpResponseBase:
        """A photo that came with the report of this code, or with an answer to it."""
        report = self.report(code)
        rows = Attachment.objects.filter(report=report, photo__token=token).select_related("photo")
        found = rows.first()
        photo = found.photo if found else selectors.answer_file(selectors.answered_by(report), "photo", token)
        if not isinstance(photo, Photo):
            raise Http404
        return _file(photo_file(photo, size), "image/jpeg")


class TrackDocumentView(TrackBase):
    """Documents of answers."""

    content_negotiation_class = OneForm

    @extend_schema(operation_id="incident_track_document", tags=TAGS, responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, code: str, token: str) -> HttpResponseBase:
        """A document of an approved answer, as a download under its own name."""
        document = selectors.answer_file(selectors.answered_by(self.report(code)), "document", token)
        if not isinstance(document, Document):
            raise Http404
        answer = _file(document_file(document), document.content_type)
        answer.headers["Content-Disposition"] = content_disposition_header(True, document.name) or "attachment"
        return answer


def _file(path: Path, content_type: str) -> FileResponse:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type=content_type, headers={**NO_STORE, "X-Content-Type-Options": "nosniff"})
