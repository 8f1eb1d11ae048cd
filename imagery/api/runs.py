"""Runs of change detection over HTTP: how far they are; started, ended and resumed by who answers for the county."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from imagery import services
from imagery.api.inputs import MOST_KEY, read
from imagery.detect.plugins import LONGEST_KEY
from imagery.models import DETECTOR_TITLES, ChangeRun
from imagery.querysets import KEEPERS, REVIEWERS
from imagery.selectors.runs import RunList, run_list
from imagery.services.runs import LEASTS, SHARES
from kernel.api.base import ApiView
from kernel.api.inputs import StrictSerializer
from kernel.api.shapes import shape_of

RunsShape = shape_of(RunList)


class RunInput(StrictSerializer):
    """Two scenes by their ids, the earlier first; ``detector`` one of those that are listed, else the first of them;
    ``share`` of the ground that changed, ``least`` pixels of a patch.
    """

    before = serializers.IntegerField(min_value=1, max_value=MOST_KEY)
    after = serializers.IntegerField(min_value=1, max_value=MOST_KEY)
    detector = serializers.CharField(max_length=LONGEST_KEY, required=False)
    share = serializers.FloatField(min_value=SHARES[0], max_value=SHARES[1], required=False)
    least = serializers.IntegerField(min_value=LEASTS[0], max_value=LEASTS[1], required=False)


class RunAsked(serializers.Serializer):
    """A run; ``is_new`` False where the same comparison was asked for before."""

    id = serializers.IntegerField()
    state = serializers.CharField()
    is_new = serializers.BooleanField()


def _told(run: ChangeRun, *, is_new: bool) -> Response:
    return Response({"id": run.pk, "state": run.state, "is_new": is_new}, status=201 if is_new else 200)


class RunsView(ApiView):
    """The runs of a county."""

    roles_to_read = KEEPERS
    roles_to_write = REVIEWERS

    @extend_schema(operation_id="change_runs", tags=["imagery"], responses=RunsShape)
    def get(self, request: Request) -> Response:
        """The last 50, the newest first; and what another one may be made of, for who may start one."""
        return Response(asdict(run_list(self.viewer)), headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="change_run_start",
        tags=["imagery"],
        request=RunInput,
        responses={200: RunAsked, 201: RunAsked},
    )
    def post(self, request: Request) -> Response:
        """Have two scenes compared by a worker; the same comparison is the run that is there (200)."""
        said = read(RunInput, request.data)
        run, is_new = services.run_start(
            by=self.viewer,
            before_id=said.pop("before"),
            after_id=said.pop("after"),
            detector=said.pop("detector", next(iter(DETECTOR_TITLES))),
            **said,
        )
        return _told(run, is_new=is_new)


class RunCancelView(ApiView):
    """A run is ended."""

    roles_to_write = REVIEWERS

    @extend_schema(operation_id="change_run_cancel", tags=["imagery"], request=None, responses=RunAsked)
    def post(self, request: Request, pk: int) -> Response:
        """Nothing of it stays; 409 `run_over` when it has ended already."""
        return _told(services.run_cancel(by=self.viewer, run_id=pk), is_new=False)


class RunResumeView(ApiView):
    """A run goes on."""

    roles_to_write = REVIEWERS

    @extend_schema(operation_id="change_run_resume", tags=["imagery"], request=None, responses=RunAsked)
    def post(self, request: Request, pk: int) -> Response:
        """One that failed, was ended, or whose worker has said nothing for ten minutes; else 409 `run_alive`."""
        run = services.run_resume(by=self.viewer, run_id=pk)
        return _told(run, is_new=False)
