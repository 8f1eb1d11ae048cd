"""Page shells, and the village page that needs no JavaScript."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import select_template
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.request import Request

from accounts import selectors as people
from incidents.selectors import asked_person, is_told, report_by_code, told_at, told_person, track_view
from incidents.services import code_hash, code_plain, told_stop
from incidents.services import follow_confirm as told_confirm
from incidents.states import REPORTER
from kernel import clock
from kernel.api.base import viewer_of
from kernel.api.params import Params
from kernel.errors import Forbidden, NotFound
from kernel.language import is_english
from kernel.viewer import Viewer
from layers.api.answers import kept_answer
from places.selectors import county_facts, neighbours_of, place_panel
from portal import pace, services
from portal.boot import boot_json, county_json
from portal.kiosk import kiosk_plan
from portal.policy import content_security_policy
from portal.qr import qr_svg
from portal.vite import worker

ALONE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""Headers of a page whose address is a secret: kept by nobody, told to nobody."""

KEPT_PAGES = ("field",)
"""Staff pages that a telephone keeps for use without network: who is signed in they ask for, and keep by themselves."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public page of the county of the setting (or of ``?county=``)."""
    return _shell(request, "public", viewer_of(request))


@require_safe
def of_county(request: HttpRequest, code: str) -> HttpResponse:
    """The public page of another county."""
    return _shell(request, "public", _looking_at(request, code))


@require_safe
@xframe_options_exempt
def embed(request: HttpRequest) -> HttpResponse:
    """The public page for frames in pages of others, with the same query and hash.

    Whoever is signed in is a visitor here: a page around the frame could make them press what they do not see.
    """
    return _shell(request, "public", Viewer(county=viewer_of(request).county), framed=True)


@require_safe
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """To the page that somebody has shared."""
    Params(request.GET, ())
    return HttpResponseRedirect(services.link_follow(code))


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The form with which anybody reports a problem, without an account."""
    return _shell(request, "report", viewer_of(request))


@require_safe
def track(request: HttpRequest, code: str = "") -> HttpResponse:
    """What became of a report, for whoever holds its tracking code; without one, the page that asks for it.

    The code is in the address: nothing of the page is kept by anybody, and no link leads the address elsewhere.
    """
    typed = request.GET.get("code", "").strip()[:40]
    if not code and typed:
        return HttpResponseRedirect(reverse("track-code", args=[typed.replace("/", "")]))
    if code:
        pace.check_track(request)
    viewer = viewer_of(request)
    boot = boot_json(request, viewer, county_facts(viewer))
    own = _own_report(viewer.county, code) if code else None
    context = {**_context(viewer.county, boot["facts"]), "boot": boot, "page": "track", "code": code, "own": own}
    return _alone(_page(render(request, "portal/track.html", context, status=404 if code and own is None else 200)))


def _own_report(county: str, code: str) -> dict[str, Any] | None:
    """What the holder of a tracking code may read, whoever is signed in; None for a code that there is not."""
    reporter = Viewer(county=county, label=REPORTER)
    try:
        found = report_by_code(reporter, code_hash(code))
    except NotFound:
        return None
    return track_view(reporter, found, code_plain(code))


@csrf_exempt  # the address is the proof, and mail programs post without a cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Where messages to reporters and followers lead those who want no more of them.

    Looking changes nothing: programs that fetch links in advance must not stop what a person wants. The button does,
    and so does that of a mail program; a second time is the same.
    """
    county = told_person(token).report.county_id
    if request.method == "POST":
        told_stop(by=_looking_at(request, county), token=token)
    person = told_person(token)
    return _follow_page(request, "portal/stop.html", county, person.report.number, bool(told_at(person)))


@csrf_exempt  # as above
@require_http_methods(["GET", "HEAD", "POST"])
def follow_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the message leads that asks whoever reads an address; as above, only the button says yes."""
    county = asked_person(token).report.county_id
    if request.method == "POST":
        told_confirm(by=_looking_at(request, county), token=token)
    person = asked_person(token)
    return _follow_page(request, "portal/confirm.html", county, person.report.number, is_told(person))


def _follow_page(request: HttpRequest, template: str, county: str, number: str, is_told: bool) -> HttpResponse:
    context = {
        **_context(county, county_json(county_facts(Viewer(county=county)))),
        "lang": "en" if is_english() else "zh-CN",
        "other_lang": f"?lang={'zh' if is_english() else 'en'}",
        "county_title": people.county_title(county),
        "number": number,
        "is_told": is_told,
    }
    return _alone(_page(render(request, template, context)))


@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    """The page where content is maintained."""
    return _staff_page(request, "manage", _("这个页面只给负责维护内容的工作人员用。"))


@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """The page where reports and work orders are worked on."""
    return _staff_page(request, "console", _("这个页面只给受理、交办、办理和督查的工作人员用。"))


@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """The page where devices are watched."""
    return _staff_page(request, "devices", _("这个页面只给网格员、受理、承办、督查的工作人员和领导用。"))


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Where change points are looked at, disputes decided, and where whoever approves an order sees what for."""
    return _staff_page(request, "review", _("这个页面只给负责影像核查的领导、督查和审核工单的受理员用。"))


@require_safe
def field(request: HttpRequest) -> HttpResponse:
    """The page of those who are sent to points; it opens without network, so that nothing of the person is in it."""
    return _staff_page(request, "field", _("这个页面只给到现场核查的网格员和承办单位用。"))


@require_safe
def kiosk(request: HttpRequest) -> HttpResponse:
    """The screen of a hall: what anybody may see, whoever is signed in on that machine."""
    viewer, plan = kiosk_plan(viewer_of(request).county, request.GET.dict())
    facts = county_json(county_facts(viewer))
    context = _context(viewer.county, facts)
    context |= {"boot": {"facts": facts}, "page": "kiosk", "plan": {**plan, "home": context["home"]}}
    return _page(render(request, "portal/kiosk.html", context))


@require_safe
def village(request: HttpRequest, code: str) -> HttpResponse:
    """A place as a plain page: the same facts as the panel, for printing, old phones and search engines."""
    viewer = _looking_at(request, code[:6])
    panel, facts = place_panel(viewer, code), county_facts(viewer)
    place = panel["place"]
    context = {
        **_context(facts.county.code, county_json(facts)),
        "place": place,
        "layer": {"village": "villages", "township": "townships"}.get(place["level"], ""),
        "around": [line for line in place["ancestors"] if line["level"] != "county"],
        "sections": [_with_template(section) for section in panel["sections"]],
        "neighbours": neighbours_of(viewer, code),
        "qr": mark_safe(qr_svg(request.build_absolute_uri(request.path))),  # noqa: S308  of our own making
        "today": clock.today(),
    }
    return _page(render(request, "portal/village.html", context))


@require_safe
def village_sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same facts as a sheet of paper (PDF), for notice boards: those that everybody may see, whoever asks."""
    Params(request.GET, ())
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # what is in a PDF is compressed already
    county = _looking_at(request, code[:6]).county
    from portal.reports.place_sheet import place_sheet  # heavy, and wanted by few

    sheet = place_sheet(county, code, request.build_absolute_uri(reverse("village", args=[code])))

    def make() -> bytes:
        pace.check_sheet(request)
        return sheet.pdf()

    answer = kept_answer(cast(Request, request), make, content_type="application/pdf", etag=sheet.etag)
    name = f"{sheet.panel['place']['name']}-{clock.today()}.pdf"
    answer.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return answer


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Here, not among the static files: it works for addresses below its own."""
    return HttpResponse(worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone; the village pages are for them."""
    lines = ["User-agent: *", "Disallow: /api/", "Disallow: /admin/", "Disallow: /manage", "Disallow: /login"]
    closed = ("console", "devices", "review", "field", "embed", "s/", "track/", "follow/")
    lines += [f"Disallow: /{path}" for path in closed]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _with_template(section: dict[str, Any]) -> dict[str, Any]:
    """The section and its template: ``panel/<key>.html``, which the app that owns the facts may bring itself."""
    return {**section, "template": select_template([f"panel/{section['key']}.html", "panel/other.html"]).template}


def _looking_at(request: HttpRequest, county: str) -> Viewer:
    """The viewer of this request, looking at ``county``.

    Raises:
        NotFound: there is no such county.
    """
    viewer = viewer_of(request)
    if county == viewer.county:
        return viewer
    if not people.county_exists(county):
        raise NotFound(_("没有代码为“%s”的县。") % county[:12], code="unknown_county")
    return people.viewer_of(request.user, county)


def _staff_page(request: HttpRequest, page: str, refusal: str) -> HttpResponse:
    """A page of the staff, in the county that the person works for.

    Raises:
        Forbidden: with ``refusal``: it is not for people of that role.
    """
    me = people.me(viewer_of(request))
    if me is None:
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
    if page not in me.may and page == "review" and "field" in me.may:  # where a work order leads whoever is sent
        return HttpResponseRedirect(f"{reverse('field')}?{request.GET.urlencode()}")
    if page not in me.may:
        raise Forbidden(refusal)
    home_county = me.county.code if me.county and "county" not in request.GET else viewer_of(request).county
    if page in KEPT_PAGES:
        kept = _shell(request, page, Viewer(county=_looking_at(request, home_county).county))
        kept.headers["Cache-Control"] = "no-cache"
        return kept
    return _shell(request, page, _looking_at(request, home_county), template="portal/shell.html")


def _shell(
    request: HttpRequest, page: str, viewer: Viewer, *, framed: bool = False, template: str = ""
) -> HttpResponse:
    """A page that the front end draws: ``page`` of it, in its own template where it says more than the shell."""
    facts = county_facts(viewer)
    boot = boot_json(request, viewer, facts)
    context = {**_context(viewer.county, boot["facts"]), "boot": boot, "framed": framed, "page": page}
    return _page(render(request, template or f"portal/{page}.html", context), framed=framed)


def _context(county: str, facts: dict[str, Any]) -> dict[str, Any]:
    """What every page template may use."""
    return {
        "county": county,
        "county_name": facts["name"],
        "facts": facts,
        "is_demo": facts["is_demo"],
        "lang": "en" if is_english() else "zh",
        "html_lang": "en" if is_english() else "zh-CN",
        "home": "/" if county == settings.COUNTY else f"/c/{county}/",
    }


def _alone(response: HttpResponse) -> HttpResponse:
    for name, value in ALONE.items():
        response.headers[name] = value
    return response


def _page(response: HttpResponse, *, framed: bool = False) -> HttpResponse:
    response.headers["Content-Security-Policy"] = content_security_policy(framed=framed)
    return response
