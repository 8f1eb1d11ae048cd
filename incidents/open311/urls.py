"""Addresses below /open311/."""

from django.urls import re_path

from incidents.open311 import views

SUFFIX = r"\.(?P<suffix>json|xml)$"

urlpatterns = [
    re_path(rf"^discovery{SUFFIX}", views.DiscoveryView.as_view()),
    re_path(rf"^v2/services{SUFFIX}", views.ServicesView.as_view()),
    re_path(rf"^v2/services/(?P<code>[\w-]{{1,40}}){SUFFIX}", views.ServiceView.as_view()),
    re_path(rf"^v2/requests{SUFFIX}", views.RequestsView.as_view(), name="open311-requests"),
    re_path(rf"^v2/requests/(?P<number>[\w-]{{1,20}}){SUFFIX}", views.RequestView.as_view()),
    re_path(rf"^v2/tokens/(?P<token>[\w-]{{8,200}}){SUFFIX}", views.TokenView.as_view()),
    re_path(rf"^v2/servicerequestupdates{SUFFIX}", views.UpdatesView.as_view()),
    re_path(r"^(?P<path>.*)$", views.nothing),
]
