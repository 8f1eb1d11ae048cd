"""The addresses of Open311. Everybody reads; who sends has a key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request

from accounts.models import ApiKey
from accounts.selectors import api_key_named
from incidents import selectors, services
from incidents.api.base import site_of
from incidents.api.public import sending_key
from incidents.models import Report
from incidents.open311 import discovery, errors, reading, submitting, updates
from incidents.open311.moments import span_of
from incidents.open311.pace import KeyPace
from incidents.open311.rendering import CONTENT_TYPES, rendered
from incidents.states import REPORTER
from kernel.api.opened import AnyAccept, OpenedView
from kernel.api.params import Params
from kernel.errors import DomainError, Forbidden, Invalid, NotFound
from kernel.viewer import Viewer
from places.models import County

EVERYWHERE = ("jurisdiction_id", "api_key", "_")
"""Of every address; ``_`` is what JavaScript libraries add so that no cache answers."""

MEDIA = ("media", "media[]")
"""Names of the parts that carry photos; PHP, in which most municipal clients are written, wants the brackets."""

LISTS = ("service_request_id", "service_code", "status")
"""May be given several times, or once with commas."""

MOST_IDS = reading.MOST
MOST_PAGES = 10_000


class Open311View(OpenedView):
    """What all addresses have in common: the county, the key, the query, the two formats, the errors.

    Attributes:
        known_params: names of the query parameters, beside ``EVERYWHERE`` and ``lang``; any other is a 400.
    """

    schema = None
    authentication_classes = ()  # a session opens nothing more here, and its cookie is no key
    parser_classes = (FormParser, MultiPartParser)
    throttle_classes = (KeyPace,)
    content_negotiation_class = AnyAccept
    known_params: ClassVar[tuple[str, ...]] = ()

    @property
    def sent(self) -> QueryDict:
        """The form in the body."""
        return cast(QueryDict, self.request.data)

    def given(self, name: str) -> str:
        """A parameter that may stand in the query or in the form."""
        in_form = self.sent.get(name, "") if self.request.method == "POST" else ""
        return str(self.request.query_params.get(name, "") or in_form).strip()

    @cached_property
    def api_key(self) -> ApiKey | None:
        """The key that came along, if it is one. Cost: one query where one came."""
        return api_key_named(self.given("api_key"))

    @cached_property
    def county(self) -> County:
        """The jurisdiction. Cost: one query.

        Raises:
            NotFound: there is none of this code.
        """
        code = self.given("jurisdiction_id") or settings.COUNTY
        found = County.objects.filter(code=code[:6]).first() if len(code) == 6 and "\x00" not in code else None
        if found is None:
            raise NotFound(_("没有代码为“%s”的县。") % code[:12], field="jurisdiction_id")
        return found

    @property
    def viewer(self) -> Viewer:
        """Everybody: who is signed in elsewhere sees no more."""
        return Viewer(county=self.county.code)

    @cached_property
    def params(self) -> Params:
        """The query.

        Raises:
            Invalid: an unknown or repeated parameter.
        """
        query = QueryDict(mutable=True)
        for name, values in self.request.query_params.lists():
            if name == "county":
                raise Invalid(_("这里用 jurisdiction_id 选择县。"), field=name)
            if name not in EVERYWHERE:
                query.setlist(name, [",".join(values)] if name in LISTS else values)
        return Params(query, self.known_params)

    def listed(self, name: str, longest: int = 20_000) -> list[str]:
        """The values of a parameter that may have several."""
        return [one for part in self.params.text(name, longest=longest).split(",") if (one := part.strip())]

    def link(self, path: str) -> str:
        """A path of this host as a whole address."""
        return f"{settings.SITE_URL}{path}" if settings.SITE_URL else self.request.build_absolute_uri(path)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the query before the method runs."""
        super().initial(request, *args, **kwargs)
        if self.params and self.county is None:
            raise AssertionError("both are there or have raised")

    def answer(self, root: str, value: Any, status: int = 200, **headers: str) -> HttpResponse:
        """``value`` in the format of the address."""
        suffix = self.kwargs.get("suffix", "json")
        response = HttpResponse(rendered(root, value, suffix), status=status, content_type=CONTENT_TYPES[suffix])
        for name, text in headers.items():
            response.headers[name.replace("_", "-")] = text
        return response

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]  # rendered here
        """An error in the standard's shape; what nobody foresaw goes on to the product's own handler."""
        known = errors.known_error(exc)
        if isinstance(exc, SuspiciousOperation):
            known = Invalid(_("请求不完整或不合规。"))
        elif known is None and isinstance(exc, exceptions.APIException):
            known = DomainError(str(exc.detail))
        if known is None:
            raise exc
        status = exc.status_code if isinstance(exc, exceptions.MethodNotAllowed) else errors.status_of(known)
        told = errors.errors_of(known)
        told[0]["code"] = status
        return self.answer("errors", told, status, **known.headers)

    def finalize_response(  # type: ignore[override]  # rendered here
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """With what browsers need to read it from pages of others, and a validator."""
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            final.headers["Cache-Control"] = "no-store"
            return final
        patch_vary_headers(final, ("Accept-Language",))
        if final.status_code == 200 and isinstance(final, HttpResponse):
            etag = f'"{hashlib.sha256(final.content).hexdigest()[:24]}"'
            final.headers["ETag"] = etag
            final = get_conditional_response(request._request, etag, None, final) or final
        final.headers["Access-Control-Allow-Origin"] = "*"  # open data: no cookie opens more of it
        return final


class DiscoveryView(Open311View):
    """Where the interface is."""

    def get(self, request: Request, suffix: str) -> HttpResponse:
        """The endpoint, the formats, and how to get a key."""
        return self.answer("discovery", discovery.discovered(self.viewer, self.county, self.link("/open311/v2")))


class ServicesView(Open311View):
    """What can be reported."""

    def get(self, request: Request, suffix: str) -> HttpResponse:
        """All services."""
        return self.answer("services", reading.services_of(self.viewer))


class ServiceView(Open311View):
    """The questions of one service."""

    def get(self, request: Request, suffix: str, code: str) -> HttpResponse:
        """Its definition."""
        found = reading.definition_of(reading.service_get(self.viewer, code))
        return self.answer("service_definition", found)


class RequestsView(Open311View):
    """The list of requests, and new ones."""

    open_writes = True

    @classmethod
    def body_most(cls) -> int:
        """Bytes of the longest form: nine photos of a phone."""
        return 50 * 2**20

    known_params: ClassVar[tuple[str, ...]] = (
        *("service_request_id", "service_code", "start_date", "end_date", "status", "bbox"),
        *("page", "page_size", "extensions"),
    )

    @cached_property
    def params(self) -> Params:
        """The query; a sending may carry the key in it, and nothing else."""
        if self.request.method == "POST" and (odd := set(self.request.query_params) - {*EVERYWHERE, "lang"}):
            raise Invalid(_("没有参数“%s”。") % min(odd)[:60], field=min(odd)[:60])
        return super().params

    def get(self, request: Request, suffix: str) -> HttpResponse:
        """Public requests, the newest first, 1,000 at most."""
        rows = reading.requests_page(self.viewer, self._asked())
        return self.answer("service_requests", self.shown(rows))

    def shown(self, rows: Sequence[Report]) -> list[dict[str, Any]]:
        """Rows as requests."""
        extended = self.params.choice("extensions", ("true", "false")) == "true"
        keep = selectors.office_numbers(self.county.code)
        return reading.requests_of(self.county, rows, self.link, extended=extended, keep=keep)

    def _asked(self) -> reading.Asked:
        ids, statuses = self.listed("service_request_id"), self.listed("status")
        if len(ids) > MOST_IDS:
            raise Invalid(_("一次最多 %d 个编号。") % MOST_IDS, field="service_request_id")
        if unknown := set(statuses) - {"open", "closed"}:
            raise Invalid(_("status 只能是 open 或 closed。"), field="status", hint=min(unknown)[:20])
        return reading.Asked(
            span=span_of(self.params.text("start_date"), self.params.text("end_date")),
            ids=ids,
            codes=self.listed("service_code"),
            statuses=statuses,
            bbox=self.params.bbox(),
            page=self.params.integer("page", 1, 1, MOST_PAGES),
            page_size=self.params.integer("page_size", reading.MOST, 1, reading.MOST),
        )

    def post(self, request: Request, suffix: str) -> HttpResponse:
        """Take a report. It is public after acceptance; its number and tracking code are told at once."""
        key = self._writer()
        form = self._form()
        if not (code := submitting.one(form, "service_code")):
            raise Invalid(_("缺少 service_code。"), field="service_code")
        by = Viewer(county=self.county.code, label=f"open311 · {key.label}")
        fields = submitting.fields_of(by, reading.service_get(by, code), form, request.get_host())
        fields = replace(fields, photos=(*fields.photos, *self._photos(by)))
        sending = sending_key(request)
        told = services.report_submit(
            by=by,
            fields=fields,
            key=f"open311 {sending}" if sending else "",
            channel=Report.Channel.OPEN311,
            site=site_of(request),
        )
        notice = _("已收到，最晚 %(by)s 前受理，受理后公开。查询码 %(code)s，用它在 %(link)s 查看进度、补充和评价。")
        said = notice % {"by": told.accept_by, "code": told.code, "link": self.link("/track")}
        found = submitting.answer_of(told.number, said, submitting.one(form, "account_id"))
        return self.answer("service_requests", found, 201)

    def _writer(self) -> ApiKey:
        """The key that may send reports to this county.

        Raises:
            Forbidden: none, or not this one.
        """
        key = self.api_key
        if key is None:
            raise Forbidden(_("缺少 api_key，或者它无效、已停用。"), field="api_key")
        if not key.may_write or key.county_id != self.county.code:
            raise Forbidden(_("这个 api_key 不能向本县提交。"), field="api_key")
        return key

    def _form(self) -> Mapping[str, Sequence[str]]:
        """The fields that were sent.

        Raises:
            Invalid: a field that the standard does not name.
        """
        files = self.request.FILES
        form = {name: [str(one) for one in values] for name, values in self.sent.lists() if name not in files}
        own = {*EVERYWHERE, "lang"}
        if unknown := [name for name in form if name not in own and not submitting.known(name)]:
            raise Invalid(_("没有参数“%s”。") % unknown[0][:60], field=unknown[0][:60])
        return {name: values for name, values in form.items() if name not in own}

    def _photos(self, by: Viewer) -> list[str]:
        """Tokens of the photos in the form; they wait for moderation like every photo of a report.

        Raises:
            Invalid: a part of another name, too many, or no photo.
        """
        files = [file for name in MEDIA for file in self.request.FILES.getlist(name)]
        if unknown := [name for name in self.request.FILES if name not in MEDIA]:
            raise Invalid(_("没有参数“%s”。") % unknown[0][:60], field=unknown[0][:60])
        if len(files) > services.MOST_PHOTOS:
            raise Invalid(_("最多 %d 张照片。") % services.MOST_PHOTOS, field="media")
        received = (services.photo_receive(by=by, file=one, name=one.name or "", part=REPORTER) for one in files)
        return [one.photo.token for one in received if one.photo]


class RequestView(RequestsView):
    """One request."""

    known_params = ("extensions",)
    http_method_names = ("get", "head", "options")

    def get(self, request: Request, suffix: str, number: str = "") -> HttpResponse:
        """A public request by its number, in a list of one."""
        asked = reading.Asked(span=span_of("", ""), ids=[number])
        rows = reading.requests_page(self.viewer, asked)
        if not rows:
            raise NotFound(_("没有这件反映，或者没有公开。"), field="service_request_id")
        return self.answer("service_requests", self.shown(rows))


class TokenView(Open311View):
    """The number of a request whose sending was answered by nobody heard."""

    def get(self, request: Request, suffix: str, token: str) -> HttpResponse:
        """The number; the token is the ``Idempotency-Key`` that came with the sending."""
        number = selectors.submission_number(self.county.code, f"open311 {token}")
        if number is None:
            raise NotFound(_("没有这个提交编号。"), field="token")
        return self.answer("service_requests", [{"service_request_id": number, "token": token}])


class UpdatesView(Open311View):
    """What became of requests."""

    known_params = ("service_request_id", "start_date", "end_date", "page", "page_size")

    def get(self, request: Request, suffix: str) -> HttpResponse:
        """Steps of public requests, the oldest first, 1,000 at most."""
        found = updates.updates_page(
            self.viewer,
            span_of(self.params.text("start_date"), self.params.text("end_date")),
            self.listed("service_request_id"),
            self.params.integer("page", 1, 1, MOST_PAGES),
            self.params.integer("page_size", reading.MOST, 1, reading.MOST),
            selectors.office_numbers(self.county.code),
        )
        return self.answer("service_request_updates", found)


class NothingView(Open311View):
    """Every other address."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """There is nothing to check.

        Raises:
            NotFound: always.
        """
        raise NotFound(_("没有这个网址。"), hint=_("Open311 的入口是 /open311/discovery.xml。"))


def nothing(request: HttpRequest, path: str) -> HttpResponseBase:
    """404 in the format that the address ends with, else as JSON."""
    suffix = "xml" if path.endswith(".xml") else "json"
    return NothingView.as_view()(request, suffix=suffix)
