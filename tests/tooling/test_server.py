"""The real server in a process of its own, on the test database's address."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from scripts.paths import BASE
from tests.factories import people, places

# pytest-django makes the database only for tests that say so, even where a fixture asks for ``django_db_setup``.
pytestmark = pytest.mark.django_db

STREAMS = 50
LONGEST_END_S = 8.0  # of the ten seconds in which ./dev must be gone


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    def __init__(self, env, arguments=()):
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "geogov.server", *(arguments or [f"127.0.0.1:{self.port}"])],
            cwd=BASE,
            env=env,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_up(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.process.communicate()[1])

    def get(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response, response.read()

    def post(self, path, length, **headers):
        """Announce a body and send nothing of it: who reads the answer was not made to upload it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest("POST", path)
        for name, value in {"Content-Length": str(length), **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return response, response.read()

    def stream(self, path, first=b"data: "):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        received = b""
        while first not in received:
            received += client.recv(4096)
        return client


@contextmanager
def started():
    """Starts servers, and ends them."""
    processes = []

    def start(*arguments, settings="tests.tooling.live_settings", up=True, **env):
        # The process reads the address from the environment; the database is the one of this test run.
        test_database = connection.settings_dict
        url = "postgis://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**{**test_database, "HOST": ""})
        url += f"?host={quote(test_database['HOST'])}"
        base = {
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": settings,
            "SECRET_KEY": "x" * 50,
            "THREADS": "4",
        }
        one = Process({**base, "DEMO": "0", **env}, arguments)
        processes.append(one)
        if up:
            one.wait_until_up()
        return one

    try:
        yield start
    finally:
        for one in processes:
            one.process.kill()
            one.process.communicate()


@pytest.fixture
def server(django_db_setup):
    with started() as start:
        yield start


@pytest.mark.parametrize(
    "path, number",
    [("/live/polite", signal.SIGTERM), ("/live/polite", signal.SIGINT), ("/live/stubborn", signal.SIGTERM)],
)
def test_it_ends_in_time_with_fifty_open_streams(server, path, number):
    one = server()
    clients = [one.stream(path) for _ in range(STREAMS)]
    assert one.get("/healthz")[0].status < 500  # streams hold none of Django's threads
    began = time.monotonic()
    one.process.send_signal(number)
    one.process.wait(20)
    took = time.monotonic() - began
    assert took < LONGEST_END_S
    rest = b"".join(client.recv(65536) for client in clients)
    assert rest.count(b"data: bye") == (STREAMS if path == "/live/polite" else 0)
    for client in clients:
        client.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_products_own_streams_end_whole(server, number):
    one = server(settings="geogov.settings")
    clients = [one.stream("/live/?layers=villages,projects") for _ in range(STREAMS)]
    began = time.monotonic()
    one.process.send_signal(number)
    assert one.process.wait(20) in (0, -number)
    assert time.monotonic() - began < LONGEST_END_S
    for client in clients:
        assert client.recv(65536).endswith(b"0\r\n\r\n"), "the last chunk: the browser comes back by itself"
        client.close()
    assert "ASGI" not in one.process.stderr.read()


def test_without_a_live_application_the_address_says_so(server):
    response, body = server(settings="tests.tooling.silent_settings").get("/live/?layers=villages")
    assert (response.status, json.loads(body)["code"]) == (503, "no_live_channel")


def test_each_thread_keeps_its_connection(server):
    one = server(THREADS="2", settings="tests.tooling.echo_settings")
    backends = []
    clients = [threading.Thread(target=lambda: backends.append(one.get("/backend")[1])) for _ in range(20)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert len(backends) == 20
    assert 1 <= len(set(backends)) <= 2
    assert one.get("/backend")[1] in backends


def test_a_foreign_host_header_is_refused(server):
    response, body = server(settings="geogov.settings").get("/healthz", Host="evil.example")
    assert response.status == 400
    assert b'"code"' in body


@pytest.mark.parametrize(
    "request_line, header",
    [
        ("GET /api/search?q=荷塘 HTTP/1.1", ""),
        (f"GET /{'a' * 70_000} HTTP/1.1", ""),
        ("FOO / HTTP/1.1", ""),
        ("POST /api/links HTTP/1.1", "Content-Length: -1\r\n"),
        ("POST /api/links HTTP/1.1", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
    ],
    ids=["not encoded", "too much", "method", "length", "two lengths"],
)
def test_what_is_no_http_is_refused_in_the_one_shape(product, request_line, header):
    with socket.create_connection(("127.0.0.1", product.port), timeout=10) as client:
        client.sendall(f"{request_line}\r\nHost: 127.0.0.1\r\n{header}\r\n".encode())
        response = http.client.HTTPResponse(client)
        response.begin()
        assert (response.status, json.loads(response.read())["code"]) == (400, "malformed_request")


COOKIE = {"Cookie": "lang=zh; sessionid=x"}
MB = 2**20


@pytest.fixture(scope="module")
def product(django_db_setup):
    """The product's own server, its addresses and its limits."""
    with started() as start:
        yield start(settings="geogov.settings")


@pytest.mark.parametrize(
    "path, length, headers, status, code",
    [
        ("/api/photos/", 6 * MB, {}, 401, "not_signed_in"),
        ("/api/photos/", 6 * MB, {"Cookie": "sessionid="}, 401, "not_signed_in"),
        ("/api/photos/", 6 * MB, COOKIE, 401, "not_signed_in"),
        ("/api/photos/", 6 * MB, {"Cookie": "sessionid=%00"}, 401, "not_signed_in"),
        ("/api/photos/", 6 * MB, {"Cookie": f"sessionid={'x' * 5000}"}, 401, "not_signed_in"),
        ("/api/projects/1/photos/", 201 * MB, COOKIE, 401, "not_signed_in"),
        ("/api/projects/", 6 * MB, COOKIE, 413, "too_large"),
        ("/login", 6 * MB, {}, 413, "too_large"),
        ("/nowhere", 6 * MB, COOKIE, 413, "too_large"),
    ],
)
def test_a_body_is_refused_before_it_is_sent(product, path, length, headers, status, code):
    response, body = product.post(path, length, **headers)
    assert (response.status, json.loads(body)["code"]) == (status, code)


@pytest.mark.django_db(transaction=True)  # as in the threads of the server: no transaction lies around it
@pytest.mark.parametrize(
    "path, length",
    [("/api/photos/", 26 * MB), ("/api/documents/", 21 * MB), ("/api/projects/1/photos/", 200 * MB)],
)
def test_who_has_signed_in_may_send_what_the_address_takes(client, path, length):
    from geogov.asgi import DATABASE_DOWN, NOT_SIGNED_IN, body_limit

    def scope(session):
        return {"method": "POST", "path": path, "headers": [(b"cookie", f"lang=zh; sessionid={session}".encode())]}

    places.county()
    client.force_login(people.user("desk"))
    key = client.cookies["sessionid"].value
    with CaptureQueriesContext(connection) as queries:
        own = body_limit(scope(key))
    assert (own.size, len(queries)) == (length, 0), "the loop that serves everybody asks no database"
    assert body_limit({**scope(key), "path": "/"}).ask is None
    assert own.ask().size == length
    client.logout()
    visitor = SessionStore()
    visitor["seen"] = 1
    visitor.save()
    for session in (key, visitor.session_key, "made-up"):
        assert body_limit(scope(session)).ask() == NOT_SIGNED_IN, session
    with patch.object(connection, "execute_wrappers", [_unreachable]):
        assert own.ask() == DATABASE_DOWN


def _unreachable(*_query):
    raise OperationalError


@pytest.mark.parametrize("proxies, believed", [("", False), ("127.0.0.1", True)])
def test_only_a_named_proxy_is_believed(server, proxies, believed):
    one = server(TRUSTED_PROXIES=proxies, settings="tests.tooling.echo_settings")
    _, body = one.get("/address", **{"X-Forwarded-For": "203.0.113.9"})
    assert body == (b"203.0.113.9" if believed else b"127.0.0.1")


def test_demo_mode_stays_on_loopback(server):
    one = server("0.0.0.0:8099", up=False, DEMO="1")
    assert one.process.wait(10) == 2
    assert "Demo mode does not listen on 0.0.0.0" in one.process.stderr.read()
