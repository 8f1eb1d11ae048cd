"""Pages of the app."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.http import require_safe

from portal import views
from portal.sitemaps import SITEMAPS

urlpatterns = [
    path("", views.home, name="home"),
    path("c/<str:code>/", views.of_county, name="county"),
    path("embed", views.embed, name="embed"),
    path("s/<str:code>", views.short_link, name="short-link"),
    path("village/<str:code>.pdf", views.village_sheet, name="village-sheet"),
    path("village/<str:code>", views.village, name="village"),
    path("kiosk", views.kiosk, name="kiosk"),
    path("report", views.report, name="report"),
    path("track", views.track, name="track"),
    path("track/<str:code>", views.track, name="track-code"),
    path("follow/confirm/<str:token>", views.follow_confirm, name="follow-confirm"),
    path("follow/stop/<str:token>", views.follow_stop, name="follow-stop"),
    path("manage", views.manage, name="manage"),
    path("console", views.console, name="console"),
    path("devices", views.devices, name="devices"),
    path("review", views.review, name="review"),
    path("field", views.field, name="field"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
]
