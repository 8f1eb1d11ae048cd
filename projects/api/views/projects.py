"""Projects: list, detail, writes, overview, choices of forms."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.base import ApiView
from kernel.errors import Invalid
from kernel.viewer import Role
from projects import selectors, services
from projects.api.answers import (
    DetailFeature,
    FormOptionsShape,
    OverviewShape,
    ProjectPage,
    detail_json,
    valid,
)
from projects.api.features import ProjectFeatureSerializer, feature_rows
from projects.api.filters import ProjectFilter
from projects.api.inputs import FeatureInput, MoveInput, UnpublishInput

STAFF = tuple(role for role in Role if role is not Role.CITIZEN)
FILTERS = tuple(ProjectFilter.base_filters)


class ProjectsView(ApiView):
    """The list of projects, in small pages."""

    @property
    def known_params(self) -> tuple[str, ...]:  # type: ignore[override]
        """Filters and pages for reading; a write takes none."""
        return (*FILTERS, "limit", "after") if self.request.method in ("GET", "HEAD") else ()

    @extend_schema(
        operation_id="projects",
        tags=["projects"],
        parameters=[
            *(OpenApiParameter(name, str) for name in FILTERS),
            OpenApiParameter("limit", int, description="1…200, 50 without it"),
            OpenApiParameter("after", int, description="`next` of the page before"),
        ],
        responses=ProjectPage,
    )
    def get(self, request: Request) -> Response:
        """Projects that exist for the viewer, by number. For the map use `/api/layers/projects/`."""
        limit = self.params.integer("limit", 50, 1, 200)
        after = self.params.integer("after", 0, 0, 2**63 - 1)
        chosen = ProjectFilter(request.query_params, feature_rows(self.viewer), viewer=self.viewer)
        if not chosen.is_valid():
            field, texts = next(iter(chosen.errors.get_json_data().items()))
            raise Invalid(texts[0]["message"], field=field)
        rows = list(chosen.qs.filter(pk__gt=after).order_by("pk")[: limit + 1])
        features = ProjectFeatureSerializer(rows[:limit], many=True, context={"viewer": self.viewer}).data
        last = rows[limit - 1].pk if len(rows) > limit else None
        return Response({**features, "matched": chosen.qs.order_by().count(), "next": last})

    @extend_schema(
        operation_id="project_create", tags=["projects"], request=FeatureInput, responses={201: DetailFeature}
    )
    def post(self, request: Request) -> Response:
        """Enter a project; `properties` hold the fields, `geometry` the site."""
        fields, _version = valid(FeatureInput(data=request.data)).fields_and_version()
        made = services.project_create(by=self.viewer, fields=cast(services.ProjectFields, fields))
        return Response(detail_json(selectors.project_detail(self.viewer, made.pk)), status=201)


class ProjectView(ApiView):
    """One project."""

    @extend_schema(operation_id="project", tags=["projects"], responses=DetailFeature)
    def get(self, request: Request, pk: int) -> Response:
        """A project in full: what the viewer may do with it, progress, photos, notices."""
        return Response(detail_json(selectors.project_detail(self.viewer, pk)))

    @extend_schema(operation_id="project_update", tags=["projects"], request=FeatureInput, responses=DetailFeature)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is given; `properties.version` is the version that was read, another one is a 409."""
        fields, version = valid(FeatureInput(data=request.data)).fields_and_version()
        given = cast(services.ProjectFields, fields)
        services.project_update(by=self.viewer, project_id=pk, version=version, fields=given)
        return Response(detail_json(selectors.project_detail(self.viewer, pk)))


class MoveView(ApiView):
    """Stages of a project."""

    @extend_schema(operation_id="project_move", tags=["projects"], request=MoveInput, responses=DetailFeature)
    def post(self, request: Request, pk: int) -> Response:
        """Move a project to its next stage; `moves` of its detail say which are open."""
        given = dict(valid(MoveInput(data=request.data)).validated_data)
        move, version = given.pop("move"), given.pop("version", None)
        services.project_move(by=self.viewer, project_id=pk, move=move, version=version, fields=given)
        return Response(detail_json(selectors.project_detail(self.viewer, pk)))


class UnpublishView(ApiView):
    """Withdrawal of a project."""

    @extend_schema(operation_id="project_unpublish", tags=["projects"], request=UnpublishInput, responses=DetailFeature)
    def post(self, request: Request, pk: int) -> Response:
        """Take a project off the public map; `PATCH is_published` brings it back."""
        given = valid(UnpublishInput(data=request.data)).validated_data
        services.project_unpublish(by=self.viewer, project_id=pk, version=given.get("version"), reason=given["reason"])
        return Response(detail_json(selectors.project_detail(self.viewer, pk)))


class OverviewView(ApiView):
    """The county at a glance."""

    @extend_schema(operation_id="overview", tags=["projects"], responses=OverviewShape)
    def get(self, request: Request) -> Response:
        """How many projects there are, which of them somebody has to look at (worst first), the newest photos."""
        return Response(asdict(selectors.project_overview(self.viewer)))


class FormOptionsView(ApiView):
    """Choices of the forms on the staff pages."""

    roles_to_read = STAFF

    @extend_schema(operation_id="project_form_options", tags=["projects"], responses=FormOptionsShape)
    def get(self, request: Request) -> Response:
        """Categories, indicators, units and villages that the viewer may choose."""
        return Response(asdict(selectors.form_options(self.viewer)))
