"""Reports for everybody: kinds, list, one by its number, a new one with its photos, similar ones, following."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from incidents import selectors, services
from incidents.api import shapes
from incidents.api.base import PublicView, client_of, site_of
from incidents.api.inputs import FollowInput, PhotoInput, ReportInput, TextInput, valid
from incidents.api.pace import FollowPace, PhotoPace, ReportPace, SimilarPace
from incidents.states import REPORTER
from kernel.api.base import ApiView
from kernel.errors import Invalid
from kernel.viewer import Role, Viewer
from media.api.views import UploadView
from media.pipeline.limits import MAX_PHOTO_BYTES
from media.selectors import photo_file

TAGS = ["incidents"]
FILTERS = ("status", "category", "village", "township", "bbox", "since", "until", "cursor")
KEY_HEADER = "Idempotency-Key"
NO_STORE = {"Cache-Control": "no-store"}


def filters_of(view: ApiView, *, text: bool = False) -> selectors.Filters:
    """What the query of a list says.

    Raises:
        Invalid: names the parameter.
    """
    params = view.params
    village, township = params.text("village", longest=12), params.text("township", longest=9)
    return selectors.Filters(
        status=params.choice("status", selectors.STATUS_TITLES),
        category=params.text("category", longest=40),
        place=village or township,
        bbox=params.bbox(),
        since=params.date("since"),
        until=params.date("until"),
        text=params.text("q", longest=60) if text else "",
        before=params.integer("cursor", 0, 0, 2**63 - 1),
    )


class CategoriesView(ApiView):
    """Kinds of matters."""

    @extend_schema(operation_id="incident_categories", tags=TAGS, responses=shapes.IncidentCategories)
    def get(self, request: Request) -> Response:
        """All kinds in use, in the language of the request."""
        return Response({"categories": [asdict(row) for row in selectors.categories_of(self.viewer)]})


class ProposalsView(PublicView):
    """What a text is about."""

    throttle_classes = (SimilarPace,)
    gated = False

    @extend_schema(
        operation_id="incident_proposal", tags=TAGS, request=TextInput, responses={200: shapes.CategoryProposal}
    )
    def post(self, request: Request) -> Response:
        """The kind and the urgency that a text speaks of. Nothing is kept."""
        text = valid(TextInput(data=request.data)).validated_data["text"]
        return Response(asdict(selectors.proposal_for(self.viewer, text)), headers=NO_STORE)


class SimilarView(ApiView):
    """Open reports nearby."""

    known_params = ("lon", "lat", "text", "category")
    throttle_classes = (SimilarPace,)

    @extend_schema(
        operation_id="incident_similar",
        tags=TAGS,
        parameters=[
            OpenApiParameter("lon", float, required=True),
            OpenApiParameter("lat", float, required=True),
            OpenApiParameter("text", str, description="What is being written, at most 300 characters."),
            OpenApiParameter("category", str),
        ],
        responses=shapes.SimilarReports,
    )
    def get(self, request: Request) -> Response:
        """At most five open public reports within 500 m (of their public points), the likeliest first."""
        lonlat = self.params.lonlat(required=True)
        text, category = self.params.text("text", longest=300), self.params.text("category", longest=40)
        found = selectors.similar_reports(self.viewer, lonlat, text, category) if lonlat else []
        return Response({"items": [asdict(row) for row in found]}, headers=NO_STORE)


class ReportsView(PublicView):
    """The public list, and new reports."""

    throttle_classes = (ReportPace,)

    def parameters(self) -> tuple[str, ...]:
        """Filters for reading; a write takes none."""
        return FILTERS if self.request.method in ("GET", "HEAD") else ()

    @extend_schema(
        operation_id="incidents",
        tags=TAGS,
        parameters=[
            OpenApiParameter("status", str, enum=list(selectors.STATUS_TITLES)),
            *(OpenApiParameter(name, str) for name in ("category", "village", "township", "bbox")),
            OpenApiParameter("since", OpenApiTypes.DATE, description="Day of submission, included."),
            OpenApiParameter("until", OpenApiTypes.DATE, description="Day of submission, included."),
            OpenApiParameter("cursor", int, description="`next` of the page before"),
        ],
        responses=shapes.PublicReports,
    )
    def get(self, request: Request) -> Response:
        """Public reports, newest first, 20 a page. For the map use `/api/layers/incidents/`."""
        items, after = selectors.public_page(self.viewer, filters_of(self))
        return Response({"items": [asdict(row) for row in items], "next": after})

    @extend_schema(
        operation_id="incident_submit",
        tags=TAGS,
        parameters=[
            OpenApiParameter(
                KEY_HEADER,
                str,
                OpenApiParameter.HEADER,
                description="The client's own key of this sending, 8…200 characters: sent twice it is one report.",
            )
        ],
        request=ReportInput,
        responses={201: shapes.SubmittedShape},
    )
    def post(self, request: Request) -> Response:
        """Take a report. The tracking code in the answer is shown this once."""
        fields = valid(ReportInput(data=request.data)).report_fields()
        answer = services.report_submit(by=self.viewer, fields=fields, key=sending_key(request), site=site_of(request))
        return Response(asdict(answer), status=201, headers=NO_STORE)


def sending_key(request: Request) -> str:
    """The key of the header, "" without one.

    Raises:
        Invalid: too short to be unique, or too long.
    """
    key = request.headers.get(KEY_HEADER, "").strip()
    if key and not 8 <= len(key) <= 200:
        raise Invalid(_("Idempotency-Key 要有 8 到 200 个字符。"), field=KEY_HEADER)
    return key


class ReportView(ApiView):
    """One public report."""

    @extend_schema(operation_id="incident", tags=TAGS, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, number: str) -> Response:
        """A report as everybody may read it: masked text and place, published photos, approved answers."""
        return Response(selectors.public_detail(self.viewer, number))


class PhotosView(UploadView):
    """Photos are uploaded first, then named in the report."""

    open_writes = True
    most = MAX_PHOTO_BYTES
    throttle_classes = (PhotoPace,)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="incident_photo",
        tags=TAGS,
        request={"multipart/form-data": PhotoInput},
        responses={201: shapes.UploadShape},
    )
    def post(self, request: Request) -> Response:
        """Add a photo (JPEG, PNG, WebP, HEIC; at most 25 MB). It waits two days for its report, unseen by others."""
        file = self.one_file(request)
        by = self.viewer
        if by.has_role(Role.CITIZEN):  # the form may still become an anonymous report
            by = Viewer(county=by.county, label=REPORTER)
        photo = services.photo_receive(by=by, file=file, name=file.name or "", part=REPORTER).photo
        if photo is None:
            raise AssertionError("an upload has a photo")
        thumb = base64.b64encode(photo_file(photo, "thumb").read_bytes()).decode()
        at = photo.position
        answer: dict[str, Any] = {"token": photo.token, "thumb": f"data:image/jpeg;base64,{thumb}"}
        answer["position"] = {"lon": round(at.x, 7), "lat": round(at.y, 7)} if at else None
        return Response(answer, status=201, headers=NO_STORE)


class FollowView(PublicView):
    """Me too."""

    throttle_classes = (FollowPace,)

    @extend_schema(
        operation_id="incident_follow", tags=TAGS, request=FollowInput, responses={200: shapes.FollowedShape}
    )
    def post(self, request: Request, number: str) -> Response:
        """Count one more with the same trouble, once per client; an e-mail address is asked to confirm, then told."""
        email = valid(FollowInput(data=request.data)).validated_data["email"]
        who = {"client": client_of(request), "email": email, "site": site_of(request)}
        done = services.report_follow(by=self.viewer, number=number, **who)
        return Response(asdict(done), headers=NO_STORE)


class FollowStopView(PublicView):
    """No more messages."""

    throttle_classes = (FollowPace,)
    gated = False

    @extend_schema(operation_id="incident_follow_stop", tags=TAGS, request=None, responses={204: None})
    def post(self, request: Request, token: str) -> Response:
        """Stop the messages that a token of one of them belongs to."""
        services.told_stop(by=self.viewer, token=token)
        return Response(status=204)
