"""Pictures over HTTP: tiles of scenes and chips of points. A file is opened only after its row said that one may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from imagery.models import ChangePoint, Scene
from imagery.rasters import store
from imagery.selectors.chips import SIDES
from imagery.services import chip_file
from imagery.tiles import drawing, kept, sidecar
from imagery.tiles.looks import LOOKS, STRETCHES, looks_of, type_of
from kernel.api.base import viewer_of
from kernel.api.params import Params
from kernel.errors import Invalid, Unavailable

PUBLIC = "public, max-age=3600"
"""A scene never changes under its key, but it may be withdrawn: after an hour a browser asks again (304)."""

PRIVATE = "private, max-age=300"
"""For swiping and blinking; the session is part of what a browser's cache goes by (Vary)."""

ZOOM_MOST = 24
DRAWING = "2"
"""Part of every validator: raise it when ``imagery.tiles`` draws in another way."""


@require_safe
def tile(request: HttpRequest, key: str, z: int, x: int, y: int) -> HttpResponseBase:
    """A tile of a scene in the tile grid of the web (EPSG:3857); 204 where the scene has no data."""
    params = Params(request.GET, ("look", "stretch"))
    scene = _scene(request, key)
    if z > ZOOM_MOST or x >= 2**z or y >= 2**z:
        raise Http404
    look = params.choice("look", LOOKS, "natural")
    stretch = params.choice("stretch", STRETCHES, "normal")
    if look not in looks_of(scene.bands):
        said = _("这景影像没有“%(look)s”：它的波段是 %(bands)s。") % {"look": look, "bands": _("、").join(scene.bands)}
        raise Invalid(said, code="no_such_look", field="look")
    version = f"{scene.sha256[:16]}-{look}-{stretch}-{DRAWING}"
    etag = f'W/"{version}"'  # the same picture, not the same bytes: a TiTiler may have drawn one of them
    response = get_conditional_response(request, etag)
    if response is None:
        name = f"{version}/{z}/{x}-{y}"
        data = kept.read(name)
        if data is None:
            data = _drawn(scene, (z, x, y), look, stretch)
            kept.write(name, data)
        response = _picture(data)
    return _answer(request, response, etag, scene.is_public)


@require_safe
def chip(request: HttpRequest, number: int, side: str) -> HttpResponseBase:
    """A point in its earlier or later scene; made before anybody looks, else now."""
    Params(request.GET, ())
    rows = ChangePoint.objects.visible_to(viewer_of(request)).select_related("run__before", "run__after")
    point = rows.filter(number=number).first()
    if point is None or side not in SIDES:
        raise Http404
    try:
        file = chip_file(point, side)
        data = file.read_bytes()
    except OSError as error:
        raise Unavailable(_("影像文件暂时打不开。"), code="scene_missing") from error
    etag = f'"{file.name}"'  # which is of what it shows
    response = get_conditional_response(request, etag) or _picture(data)
    return _answer(request, response, etag, is_public=False)


def _scene(request: HttpRequest, key: str) -> Scene:
    rows = Scene.objects.visible_to(viewer_of(request)).filter(key=key)
    scene = rows.only("key", "path", "sha256", "bands", "is_public").first()
    if scene is None:
        raise Http404
    return scene


def _drawn(scene: Scene, place: tuple[int, int, int], look: str, stretch: str) -> bytes:
    path: Path = store.root() / scene.path
    asked: tuple[Any, ...] = (path, scene.bands, place, look, stretch)
    try:
        by_sidecar = sidecar.tile(*asked)
        return drawing.tile(*asked) if by_sidecar is None else by_sidecar
    except OSError as error:
        raise Unavailable(_("影像文件暂时打不开。"), code="scene_missing") from error


def _picture(data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type=type_of(data), status=200 if data else 204)
    if not data:
        del response.headers["Content-Type"]
    return response


def _answer(request: HttpRequest, response: HttpResponseBase, etag: str, is_public: bool) -> HttpResponseBase:
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # pictures are compressed already
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = PUBLIC if is_public else PRIVATE
    if not is_public:
        patch_vary_headers(response, ("Cookie",))
    return response
