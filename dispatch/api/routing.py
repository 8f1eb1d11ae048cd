"""Rules of dispatch and crews over HTTP: for staff."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.models import RoutingRule
from dispatch.querysets import CREW_READERS, OVERSEERS
from dispatch.selectors.crews import CrewNow, crews_now
from dispatch.selectors.proposals import Proposals, rules_propose
from dispatch.selectors.rules import Rule, rule_get, rules_of
from dispatch.services.crews import crew_update
from dispatch.services.rules import MOST, rule_dry_run, rule_order, rule_save, rule_switch
from kernel.api.base import ApiView
from kernel.api.shapes import shape_of
from kernel.errors import NotFound
from kernel.viewer import Viewer

RuleShape = shape_of(Rule, "DispatchRule")
ProposalsShape = shape_of(Proposals, "DispatchProposals")
CrewShape = shape_of(CrewNow, "Crew")
RulePage = inline_serializer("DispatchRulePage", {"items": RuleShape(many=True)})
CrewPage = inline_serializer("CrewPage", {"items": CrewShape(many=True)})

MOST_KEY = 2**63 - 1


class RuleInput(serializers.Serializer):
    """What a rule asks for and does; what is left out stays as it is."""

    title = serializers.CharField(required=False, max_length=80)
    categories = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=MOST)
    places = serializers.ListField(child=serializers.CharField(max_length=15), required=False, max_length=MOST)
    words = serializers.ListField(child=serializers.CharField(max_length=20), required=False, max_length=MOST)
    unit = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST_KEY)
    skill = serializers.CharField(required=False, allow_blank=True, max_length=30)


class RuleChange(RuleInput):
    """``version`` is the one that was read."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class RuleSwitchInput(serializers.Serializer):
    """In force or not; ``version`` is the one that was read, left out: whichever it is."""

    on = serializers.BooleanField()
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class RuleOrderInput(serializers.Serializer):
    """All rules of the county, the first to be asked first."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=MOST_KEY), max_length=10_000)


class CrewInput(serializers.Serializer):
    """Position [lon, lat] in degrees, EPSG:4326; the shift as ``Crew`` says it."""

    lonlat = serializers.ListField(child=serializers.FloatField(), required=False, min_length=2, max_length=2)
    weekdays = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=7)
    shift_start = serializers.TimeField(required=False)
    shift_end = serializers.TimeField(required=False)

    def validate_lonlat(self, value: list[float]) -> list[float]:
        """Refuse what is no position on the earth."""
        if not (-180 <= value[0] <= 180 and -90 <= value[1] <= 90):
            raise serializers.ValidationError(_("经度要在 -180…180 之间，纬度要在 -90…90 之间。"))
        return value


def _read(body: serializers.Serializer) -> dict[str, Any]:
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _answer(viewer: Viewer, rule: RoutingRule, status: int = 200) -> Response:
    shape = rule_get(viewer, rule.pk)
    if shape is None:
        raise NotFound(_("没有这条派单规则，或者您不能看。"))
    return Response(asdict(shape), status=status)


class RulesView(ApiView):
    """The rules of dispatch of the county."""

    roles_to_read = OVERSEERS

    @extend_schema(operation_id="dispatch_rules", tags=["dispatch"], responses=RulePage)
    def get(self, request: Request) -> Response:
        """All rules, the first to be asked first; none for those who do not answer for the whole county."""
        return Response({"items": [asdict(rule) for rule in rules_of(self.viewer)]})

    @extend_schema(
        operation_id="dispatch_rule_create", tags=["dispatch"], request=RuleInput, responses={201: RuleShape}
    )
    def post(self, request: Request) -> Response:
        """Write a rule; it is switched off, and the last one."""
        return _answer(self.viewer, rule_save(by=self.viewer, fields=_read(RuleInput(data=request.data))), 201)


class RuleView(ApiView):
    """One rule of dispatch."""

    @extend_schema(operation_id="dispatch_rule_update", tags=["dispatch"], request=RuleChange, responses=RuleShape)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is given; of a rule in force only the title."""
        fields = _read(RuleChange(data=request.data))
        version = fields.pop("version")
        return _answer(self.viewer, rule_save(by=self.viewer, rule_id=pk, version=version, fields=fields))


class RuleDryRunView(ApiView):
    """A rule is tried on the past."""

    @extend_schema(operation_id="dispatch_rule_dry_run", tags=["dispatch"], request=None, responses=RuleShape)
    def post(self, request: Request, pk: int) -> Response:
        """What the rule would have done with the county's past orders; kept with the rule."""
        return _answer(self.viewer, rule_dry_run(by=self.viewer, rule_id=pk))


class RuleSwitchView(ApiView):
    """A rule comes into force, or out of it."""

    @extend_schema(operation_id="dispatch_rule_switch", tags=["dispatch"], request=RuleSwitchInput, responses=RuleShape)
    def post(self, request: Request, pk: int) -> Response:
        """Switch on, after a dry run of the present content (else 409 ``no_dry_run``), or off."""
        given = _read(RuleSwitchInput(data=request.data))
        return _answer(self.viewer, rule_switch(by=self.viewer, rule_id=pk, **given))


class RuleOrderView(ApiView):
    """The order in which rules are asked."""

    @extend_schema(operation_id="dispatch_rules_order", tags=["dispatch"], request=RuleOrderInput, responses=RulePage)
    def post(self, request: Request) -> Response:
        """Put all rules in this order; another set of rules than the county's is a 409."""
        rule_order(by=self.viewer, ids=_read(RuleOrderInput(data=request.data))["ids"])
        return Response({"items": [asdict(rule) for rule in rules_of(self.viewer)]})


class ProposalsView(ApiView):
    """Rules that the past suggests."""

    known_params = ("share", "cases")
    roles_to_read = OVERSEERS

    @extend_schema(
        operation_id="dispatch_rule_proposals",
        tags=["dispatch"],
        parameters=[
            OpenApiParameter("share", int, description="percent of a category's orders that one unit has, 50…100; 95"),
            OpenApiParameter("cases", int, description="orders that a category must have, 1…100,000; 5"),
        ],
        responses=ProposalsShape,
    )
    def get(self, request: Request) -> Response:
        """Which unit does which categories, with the figures."""
        share = self.params.integer("share", 95, 50, 100) / 100
        return Response(asdict(rules_propose(self.viewer, share, self.params.integer("cases", 5, 1, 100_000))))


class CrewsView(ApiView):
    """The crews of the county."""

    known_params = ("skill",)
    roles_to_read = CREW_READERS

    @extend_schema(
        operation_id="crews",
        tags=["dispatch"],
        parameters=[OpenApiParameter("skill", str, description="only those that have it")],
        responses=CrewPage,
    )
    def get(self, request: Request) -> Response:
        """Where they stand, and who is free now; handlers see those of their own unit."""
        return Response({"items": [asdict(crew) for crew in crews_now(self.viewer, self.params.text("skill"))]})


class CrewView(ApiView):
    """One crew."""

    @extend_schema(operation_id="crew_update", tags=["dispatch"], request=CrewInput, responses=CrewShape)
    def patch(self, request: Request, pk: int) -> Response:
        """Say where the crew stands or when it is on shift."""
        crew = crew_update(by=self.viewer, crew_id=pk, fields=_read(CrewInput(data=request.data)))
        return Response(asdict(crews_now(self.viewer, crew_id=crew.pk)[0]))


urlpatterns = [
    path("rules/", RulesView.as_view(), name="api-dispatch-rules"),
    path("rules/<int:pk>", RuleView.as_view(), name="api-dispatch-rule"),
    path("rules/<int:pk>:dry_run", RuleDryRunView.as_view(), name="api-dispatch-rule-dry-run"),
    path("rules/<int:pk>:switch", RuleSwitchView.as_view(), name="api-dispatch-rule-switch"),
    path("rules:order", RuleOrderView.as_view(), name="api-dispatch-rules-order"),
    path("rules:proposals", ProposalsView.as_view(), name="api-dispatch-rule-proposals"),
    path("crews/", CrewsView.as_view(), name="api-crews"),
    path("crews/<int:pk>", CrewView.as_view(), name="api-crew"),
]
