"""Addresses of the app below /api/."""

from django.urls import include, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.api import figures, views
from dispatch.api.inputs import INPUTS
from dispatch.states import machine


def _move_view(name: str, title: str) -> type[views.MoveView]:
    """The view of one move: the same for all but for what is sent and how it is called."""

    def post(self: views.MoveView, request: Request, pk: int) -> Response:
        return self.do(request, pk)

    documented = extend_schema(
        operation_id=f"order_{name}",
        tags=["dispatch"],
        request=INPUTS[name],
        responses=views.OrderMoved,
        description=f"{title}. Who may, from where, and what it needs: the table of moves, docs/adr/0012.",
    )
    members = {"move": name, "__doc__": f"{title}.", "post": documented(post)}
    return type(f"Order{name.title().replace('_', '')}View", (views.MoveView,), members)


MOVES = {move.name: move.title for move in machine.moves}

urlpatterns = [
    path("orders/", views.OrdersView.as_view(), name="api-orders"),
    path("orders/options", views.OptionsView.as_view(), name="api-order-options"),
    path("orders/bulk", views.BulkView.as_view(), name="api-orders-bulk"),
    path("orders/statistics", figures.StatisticsView.as_view(), name="api-order-statistics"),
    path("orders/statistics.csv", figures.StatisticsTableView.as_view(), name="api-order-statistics-table"),
    path("orders/<int:pk>/documents", views.EvidenceView.as_view(), name="api-order-documents"),
    path("orders/<int:pk>", views.OrderView.as_view(), name="api-order"),
    *(
        path(f"orders/<int:pk>:{name}", _move_view(name, title).as_view(), name=f"api-order-{name}")
        for name, title in MOVES.items()
    ),
    path("dispatch/", include("dispatch.api.routing")),
    path("supervisions/<int:pk>:read", views.SupervisionReadView.as_view(), name="api-supervision-read"),
    path("supervisions/<int:pk>:answer", views.SupervisionAnswerView.as_view(), name="api-supervision-answer"),
]
