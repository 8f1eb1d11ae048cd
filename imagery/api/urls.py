"""Addresses of the review below /api/."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from imagery.api import exports, field, figures, groups, points, queue, redlines, runs
from imagery.api.inputs import INPUTS
from imagery.states import BY_HAND, machine


def _move_view(name: str, title: str) -> type[points.PointMoveView]:
    """The view of one move: the same for all but for what is sent and how it is called."""

    def post(self: points.PointMoveView, request: Request, pk: int) -> Response:
        return self.do(request, pk)

    documented = extend_schema(
        operation_id=f"change_point_{name}",
        tags=["imagery"],
        request=INPUTS[name],
        responses=points.PointMoved,
        description=f"{title}. Who may, from where, and what it needs: the table of moves, docs/adr/0023.",
    )
    members = {"move": name, "__doc__": f"{title}.", "post": documented(post)}
    return type(f"ChangePoint{name.title()}View", (points.PointMoveView,), members)


MOVES = {move.name: move.title for move in machine.moves if move.name in BY_HAND}

urlpatterns = [
    path("imagery/queue/", queue.QueueView.as_view(), name="api-review-queue"),
    path("imagery/queue/counts", queue.QueueCountsView.as_view(), name="api-review-counts"),
    path("imagery/queue/export", exports.QueueExportView.as_view(), name="api-review-queue-export"),
    path("imagery/queue:next", queue.NextView.as_view(), name="api-review-next"),
    path("imagery/queue:release", queue.ReleaseView.as_view(), name="api-review-release"),
    path("imagery/groups/", groups.GroupsView.as_view(), name="api-point-groups"),
    path("imagery/groups/<int:pk>", groups.OneGroupView.as_view(), name="api-point-group"),
    *(
        path(f"imagery/groups/<int:pk>:{act}", view.as_view(), name=f"api-point-group-{act}")
        for act, view in groups.ACTS.items()
    ),
    path("imagery/redlines", redlines.RedLinesView.as_view(), name="api-review-redlines"),
    path("imagery/options", queue.OptionsView.as_view(), name="api-review-options"),
    path("imagery/statistics", figures.PointStatisticsView.as_view(), name="api-review-statistics"),
    path("imagery/statistics.csv", figures.PointStatisticsTableView.as_view(), name="api-review-statistics-table"),
    path("imagery/runs", runs.RunsView.as_view(), name="api-change-runs"),
    path("imagery/runs/<int:pk>:cancel", runs.RunCancelView.as_view(), name="api-change-run-cancel"),
    path("imagery/runs/<int:pk>:resume", runs.RunResumeView.as_view(), name="api-change-run-resume"),
    path("imagery/reviews:undo", points.UndoView.as_view(), name="api-review-undo"),
    path("imagery/reviews:batch", points.BatchView.as_view(), name="api-review-batch"),
    path("imagery/reviews:undo_batch", points.BatchUndoView.as_view(), name="api-review-batch-undo"),
    path("imagery/points/", queue.PointsView.as_view(), name="api-change-points"),
    path("imagery/points/export", exports.PointsExportView.as_view(), name="api-change-points-export"),
    path("imagery/published/export", exports.PublishedExportView.as_view(), name="api-published-export"),
    path("imagery/points/<int:pk>", points.PointView.as_view(), name="api-change-point"),
    path("imagery/points/<int:pk>:claim", queue.ClaimView.as_view(), name="api-review-claim"),
    path("imagery/points/<int:pk>:review", points.ReviewView.as_view(), name="api-review"),
    path("imagery/field", field.FieldView.as_view(), name="api-field"),
    path("imagery/points/<int:pk>/route", field.RouteView.as_view(), name="api-field-route"),
    path("imagery/points/<int:pk>/checks", field.ChecksView.as_view(), name="api-field-checks"),
    path("imagery/points/<int:pk>/documents", points.BasisView.as_view(), name="api-change-point-documents"),
    path("imagery/points/<int:pk>/photos", field.ShotsView.as_view(), name="api-field-photos"),
    *(
        path(f"imagery/points/<int:pk>:{name}", _move_view(name, title).as_view(), name=f"api-change-point-{name}")
        for name, title in MOVES.items()
    ),
]
