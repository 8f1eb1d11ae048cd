"""Whatever is refused, wherever: one shape, a 4xx, and nothing half done."""

import json

import pytest
from django.test import Client
from django.urls import include, path
from rest_framework.response import Response

from kernel import errors
from kernel.api.base import ApiView
from kernel.viewer import Role
from tests.factories import people, places

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Echo(ApiView):
    known_params = ("n",)

    def get(self, request):
        return Response({"n": self.params.integer("n", 0, 0, 9), "county": self.viewer.county})

    def post(self, request):
        return Response({"data": request.data})


class Desk(Echo):
    roles_to_read = roles_to_write = (Role.DESK,)


class Open(Echo):
    open_writes = True


def broken(request):
    raise RuntimeError("secret detail")


def domain(request):
    raise errors.Conflict("已被别人修改", code="version_conflict", field="version", hint="刷新")


urlpatterns = [
    path("api/echo/", Echo.as_view()),
    path("api/desk/", Desk.as_view()),
    path("api/open/", Open.as_view()),
    path("api/broken/", broken),
    path("api/domain/", domain),
    path("domain", domain),
    path("broken", broken),
    path("", include("geogov.urls")),
]
handler400 = "kernel.api.views.bad_request"
handler403 = "kernel.api.views.forbidden"
handler404 = "kernel.api.views.not_found"
handler500 = "kernel.api.views.server_error"


@pytest.fixture
def desk():
    places.county()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(people.user("desk"), "accounts.backends.Backend")
    client.token = client.get("/api/session/").json()["csrf"]
    return client


def post(client, address, body=b"{}", content_type="application/json", **headers):
    token = {"X-CSRFToken": client.token} if hasattr(client, "token") else {}
    return client.post(address, body, content_type=content_type, headers={**token, **headers})


def shape(response, status, code):
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    assert set(body) <= {"code", "message", "field", "hint"}
    assert body["message"]
    return body


def test_what_is_right_passes(desk):
    assert desk.get("/api/echo/?n=3&county=990521&lang=en").json() == {"n": 3, "county": "990521"}
    assert post(desk, "/api/desk/", b'{"a": 1}').json() == {"data": {"a": 1}}


def test_unknown_parameter(desk):
    body = shape(desk.get("/api/echo/?limt=3"), 400, "unknown_parameter")
    assert body["field"] == "limt"
    assert "n" in body["hint"]
    shape(post(desk, "/api/desk/?limt=3"), 400, "unknown_parameter")


def test_value_out_of_range(desk):
    assert shape(desk.get("/api/echo/?n=99"), 400, "invalid")["field"] == "n"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "bad host", "[::1", "a" * 300, ""])
@pytest.mark.parametrize("address", ["/api/echo/", "/", "/healthz", "/static/x.js"])
def test_foreign_host(client, host, address):
    shape(client.get(address, headers={"Host": host}), 400, "foreign_host")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"a": NaN}', b"[1,", b'"\\ud800"' * 3])
def test_broken_json(desk, body):
    said = shape(post(desk, "/api/desk/", body), 400, "malformed_body")
    assert (said["message"], bool(said["hint"])) == ("请求的内容不是合规的 JSON。", True)


@pytest.mark.parametrize("body", [b'{"a": "\\ud800"}', b'{"\\udfff": 1}', b'[["\\uDBFF x"]]'])
def test_halves_of_characters(desk, body):
    shape(post(desk, "/api/desk/", body), 400, "malformed_body")
    assert post(desk, "/api/desk/", b'["\\ud83d\\ude00"]').json() == {"data": ["😀"]}


LONG_NAME = b'--b\r\nContent-Disposition: form-data; name="f"; filename="%s.jpg"\r\n\r\nx\r\n--b--\r\n' % (b"a" * 3000)


@pytest.mark.parametrize("kind, body", [("", b"x"), ("; boundary=b", LONG_NAME)], ids=["no boundary", "name"])
def test_broken_multipart(desk, kind, body):
    said = shape(post(desk, "/api/desk/", body, f"multipart/form-data{kind}"), 400, "malformed_body")
    assert said["message"] == "上传的表单读不出来：不完整，或者文件名太长。"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_wrong_method(desk, method):
    response = getattr(desk, method)("/api/desk/", headers={"X-CSRFToken": desk.token})
    shape(response, 405, "method_not_allowed")
    assert "GET" in response.headers["Allow"]


def test_wrong_method_on_a_plain_page(client):
    response = client.post("/healthz")
    shape(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["post", "put", "options", "trace"])
def test_wrong_method_on_a_static_file(client, settings, tmp_path, method):
    (tmp_path / "a.svg").write_text("<svg/>")
    settings.STATIC_ROOT = tmp_path
    shape(getattr(client, method)("/static/a.svg"), 405, "method_not_allowed")


@pytest.mark.parametrize("kind", ["text/csv", "application/xml", "nonsense", ""])
def test_wrong_content_type(desk, kind):
    shape(post(desk, "/api/desk/", b"a,b", kind), 415, "unsupported_type")


def test_not_acceptable(desk):
    shape(desk.get("/api/echo/", headers={"Accept": "application/pdf"}), 406, "not_acceptable")


def test_too_large(desk, client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = json.dumps({"a": "x" * 200}).encode()
    shape(post(desk, "/api/desk/", body), 413, "too_large")
    shape(post(client, "/api/open/", body), 413, "too_large")
    form = {"username": "x" * 200, "password": "y", "csrfmiddlewaretoken": desk.token}
    shape(desk.post("/login", form), 413, "too_large")


def test_without_the_token(desk):
    shape(desk.post("/api/desk/", b"{}", content_type="application/json"), 403, "csrf_failed")


def test_anonymous_and_other_roles(desk, client):
    shape(client.get("/api/desk/"), 401, "not_signed_in")
    shape(post(client, "/api/echo/"), 401, "not_signed_in")
    assert post(client, "/api/open/").status_code == 200
    client.force_login(people.user("citizen"), "accounts.backends.Backend")
    shape(client.get("/api/desk/"), 403, "forbidden")
    shape(post(client, "/api/desk/"), 403, "forbidden")


def test_unknown_county(client):
    assert shape(client.get("/api/echo/?county=123456"), 404, "unknown_county")["field"] == "county"


def test_domain_error_keeps_all_it_says(client):
    body = shape(client.get("/api/domain/"), 409, "version_conflict")
    assert body == {"code": "version_conflict", "message": "已被别人修改", "field": "version", "hint": "刷新"}


def test_not_found_is_json_for_programs_and_a_page_for_people(client):
    shape(client.get("/api/nothing/"), 404, "not_found")
    shape(client.get("/nothing"), 404, "not_found")
    shape(client.get("/api/nothing/", headers={"Accept": "text/html"}), 404, "not_found")
    page = client.get("/nothing", headers={"Accept": "text/html,*/*"})
    assert page.status_code == 404
    assert page.headers["Content-Type"].startswith("text/html")
    assert "没有这个内容" in page.content.decode()


def test_domain_error_on_a_page(client):
    page = client.get("/domain", headers={"Accept": "text/html"})
    assert page.status_code == 409
    assert "已被别人修改" in page.content.decode()


@pytest.mark.parametrize("address", ["/api/broken/", "/broken"])
def test_our_own_fault_tells_no_detail(address):
    client = Client(raise_request_exception=False)
    response = client.get(address)
    shape(response, 500, "server_error")
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("address", ["/api/echo/?n=%00", "/api/echo/?%00=1", "/%00"])
def test_nul_bytes(client, address):
    shape(client.get(address), 400, "malformed_request")


def test_language(client):
    assert client.get("/api/nothing/?lang=en").json()["message"].isascii()
    assert not client.get("/api/nothing/?lang=zh").json()["message"].isascii()


@pytest.mark.parametrize(
    "query, cookie, accept, speaks",
    [
        ("", "", "", "zh-hans"),
        ("", "", "en-GB,en;q=0.9", "en"),
        ("", "", "fr", "zh-hans"),
        ("", "en", "zh-CN", "en"),
        ("?lang=zh", "en", "en", "zh-hans"),
        ("?lang=en", "", "zh-CN", "en"),
        ("?lang=xx", "", "en", "en"),
    ],
)
def test_which_language(client, query, cookie, accept, speaks):
    if cookie:
        client.cookies["lang"] = cookie
    response = client.get(f"/healthz{query}", headers={"Accept-Language": accept})
    assert response.headers["Content-Language"] == speaks


def test_security_headers_on_everything(client):
    for response in (client.get("/healthz"), client.get("/nothing"), client.get("/", headers={"Host": "evil.example"})):
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in response.headers["Content-Security-Policy"].split("style-src")[0]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "geolocation=(self)" in response.headers["Permissions-Policy"]


def test_as_dict_leaves_out_what_is_empty():
    assert errors.Invalid("a").as_dict() == {"code": "invalid", "message": "a"}


@pytest.mark.parametrize(
    "kind", [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.DomainError)]
)
def test_every_error_has_a_status_of_its_kind(kind):
    assert 400 <= kind.status < 600
    assert kind("x").code == kind.default_code
