"""The addresses of SensorThings. Everybody reads what is public; who sends readings has a device's token."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from django.conf import settings
from django.db import DataError, InternalError, OperationalError, transaction
from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from psycopg2.errors import QueryCanceled
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from devices import sql
from devices.api import door
from devices.sta import observing
from devices.sta.conformance import CONFORMANCE
from devices.sta.errors import NotOffered
from devices.sta.expanding import documents, page
from devices.sta.options import LONGEST, NAMES, options_of
from devices.sta.paths import Resource, resource_at
from devices.sta.reading import Site, prepare, shown
from devices.sta.sets import SETS
from kernel.api.base import ApiView
from kernel.api.opened import OpenedView
from kernel.errors import Invalid, NotFound

PATIENCE_S = 5.0
"""Of one statement; an answer takes one for each expansion."""

_turns = threading.BoundedSemaphore(4)
"""Answers that are made at one time in one process; the threads of the server stay free for people."""

_OF_STREAM = re.compile(r"Datastreams\((\d{1,10})\)/Observations", re.ASCII)
_ARRAYS = ("CreateObservations", "BulkObservations")
"""The second is what istSOS4 calls the first, and its client knows no other."""


class StaView(OpenedView, ApiView):
    """What the root and everything below it have in common."""

    schema = None
    open_writes = True

    @cached_property
    def site(self) -> Site:
        """Who asks, and where the service is."""
        path = "/sta/v1.1"
        root = f"{settings.SITE_URL}{path}" if settings.SITE_URL else self.request.build_absolute_uri(path)
        return Site(self.viewer, root)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """With what caches go by."""
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if request.method in ("GET", "HEAD", "OPTIONS"):
            patch_vary_headers(final, ("Accept-Language",))
        return final


class RootView(StaView):
    """The service itself."""

    def get(self, request: Request) -> Response:
        """The eight sets, and which clauses of the standard are implemented."""
        sets = [{"name": name, "url": f"{self.site.root}/{name}"} for name in SETS]
        return Response({"value": sets, "serverSettings": {"conformance": CONFORMANCE}})


class ResourceView(StaView):
    """Every address below the root."""

    known_params: ClassVar[tuple[str, ...]] = NAMES

    def get(self, request: Request, path: str) -> Response | HttpResponse:
        """Entities, one entity, a property of it, or its bare value."""
        query = {name: self.params.text(name, longest=LONGEST) for name in request.query_params}
        given = {name: text for name, text in query.items() if name in NAMES}
        kept = {name: text for name, text in query.items() if name not in NAMES}
        try:
            with door.turn(_turns), transaction.atomic():
                sql.patience(PATIENCE_S)
                return self._answer(resource_at(self.viewer, path), path, given, kept)
        except OperationalError as error:
            if not isinstance(error.__cause__, QueryCanceled):
                raise
            hint = _("请缩小时段，或者只查一个数据流。")
            raise Invalid(_("这个查询太费时。"), code="too_costly", hint=hint) from error
        except (DataError, InternalError) as error:
            raise Invalid(_("这个查询算不出来。"), code="bad_query", hint=str(error).splitlines()[0][:200]) from error

    def _answer(
        self, found: Resource, path: str, given: Mapping[str, str], kept: Mapping[str, str]
    ) -> Response | HttpResponse:
        site, over = self.site, found.over
        if found.names:
            return self._property(found)
        options = options_of(over, given)
        if found.rows is None:
            if options.is_array:
                raise NotOffered(_("结果格式只有观测值的 dataArray，不带 $expand。"), field="$resultFormat")
            if found.form == "$ref":
                return Response({"@iot.selfLink": site.address(over, found.row)})
            return Response(documents(site, [found.row], options)[0])
        if found.form == "$ref":
            options = options_of(over, {**given, "$select": "@iot.selfLink", "$expand": ""})
        url = f"{site.root}/{quote(path.strip('/'), safe='/()$')}"
        answer = page(site, found.rows, options, url)
        if kept and "@iot.nextLink" in answer:
            answer["@iot.nextLink"] += "".join(f"&{name}={quote(text)}" for name, text in kept.items())
        return Response(answer)

    def _property(self, found: Resource) -> Response | HttpResponse:
        site, over, name = self.site, found.over, found.names[-1]
        prepare(over, [found.row], options_of(over, {}))
        address = site.address(over, found.row)
        first, *members = found.names
        if first in ("id", "@iot.id", "@iot.selfLink"):
            value: Any = address if first == "@iot.selfLink" else over.number(found.row)
        else:
            value = shown(over.properties[first], found.row, address)
        for member in members:
            value = value.get(member) if isinstance(value, dict) else None
        if members and value is None:
            raise NotFound(_("没有“%s”。") % "/".join(found.names)[:60])
        if found.form != "$value":
            return Response({name: value})
        if isinstance(value, dict):
            return Response(value)
        return HttpResponse("" if value is None else str(value), content_type="text/plain; charset=utf-8")

    def post(self, request: Request, path: str) -> Response:
        """Take readings; the token of a device or gateway stands in ``Authorization``.

        Sending the same readings again changes nothing.
        """
        path = path.strip("/")
        if path == "Login":
            return self._login(request)
        of_stream = _OF_STREAM.fullmatch(path)
        if path not in ("Observations", *_ARRAYS) and not of_stream:
            raise exceptions.MethodNotAllowed("POST")
        speaker = door.speaker_with(observing.token_of(request))
        body = observing.json_of(request)
        if path in _ARRAYS:
            numbers = observing.taken(observing.arrays(body), speaker)
            links = [observing.FAILED if number is None else self._link(number) for number in numbers]
            return Response(links, status=201)
        stream = int(of_stream[1]) if of_stream else None
        (number,) = observing.taken([observing.observation(body, stream)], speaker)
        return Response(None, status=201, headers={"Location": self._link(number or 0)})

    def _login(self, request: Request) -> Response:
        """What istSOS4's client does before it writes: here the password is the device's token, and the answer too."""
        token = str(request.data.get("password", "")) if isinstance(request.data, Mapping) else ""
        door.speaker_with(token)
        return Response({"access_token": token, "token_type": "bearer", "expires_in": 3600})

    def _link(self, number: int) -> str:
        return f"{self.site.root}/Observations({number})"
