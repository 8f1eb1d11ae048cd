"""All addresses of the product. They are fixed (docs/adr/0006): others link to them."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/", include("geogov.api_urls")),
    path("open311/", include("incidents.open311.urls")),
    path("sta/", include("devices.sta.urls")),
    path("stac/", include("imagery.stac.urls")),
    path("", include("records.urls")),
    path("", include("accounts.urls")),
    path("", include("layers.urls")),
    path("", include("media.urls")),
    path("", include("imagery.urls")),
    path("", include("portal.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "kernel.api.views.bad_request"
handler403 = "kernel.api.views.forbidden"
handler404 = "kernel.api.views.not_found"
handler500 = "kernel.api.views.server_error"
