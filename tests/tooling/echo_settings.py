"""The product's settings with two addresses that show what reaches Django."""

from django.db import connection
from django.http import HttpResponse
from django.urls import path

from geogov.settings import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
MIDDLEWARE = []
ROOT_URLCONF = __name__


def backend(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return HttpResponse(str(cursor.fetchone()[0]))


urlpatterns = [
    path("address", lambda request: HttpResponse(request.META["REMOTE_ADDR"])),
    path("backend", backend),
]
