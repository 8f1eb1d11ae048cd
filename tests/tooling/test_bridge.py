"""Django's WSGI side inside our ASGI server, over real sockets; the WSGI applications here are small ones."""

import asyncio
import http.client
import json
import socket
import threading
import time

import pytest
import uvicorn
from django.test import RequestFactory

from geogov.bridge import Bridge, Limit


class Site:
    def __init__(self, application, **options):
        self.bridge = Bridge(application, **options)
        config = uvicorn.Config(
            self.bridge, port=0, http="httptools", lifespan="off", log_level="error", timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve()), daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.005)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]

    def request(self, method="GET", path="/", body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        data = response.read()
        connection.close()
        return response, data


@pytest.fixture
def site():
    sites = []

    def start(application, **options):
        sites.append(Site(application, **options))
        return sites[-1]

    yield start
    for one in sites:
        one.server.should_exit = True
        one.thread.join(5)
        one.bridge.close(wait=True)
        assert not one.thread.is_alive()


def answering(body=b"ok", seen=None, status="200 OK"):
    def application(environ, start_response):
        if seen is not None:
            seen.append({**environ, "body": environ["wsgi.input"].read()})
        start_response(status, [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [body]

    return application


def test_environ_is_that_of_pep_3333(site):
    seen = []
    body = "名".encode() * 1000
    response, data = site(answering(seen=seen)).request(
        "POST", "/a%20b/%E5%9B%BE/%ff?q=%E5%9B%BE&x", body, {"X-One": "1", "X_One": "forged", "Content-Type": "text/x"}
    )
    assert (response.status, data) == (200, b"ok")
    assert response.headers.get_all("set-cookie") == ["a=1", "b=2"]
    (environ,) = seen
    assert environ["PATH_INFO"].encode("latin-1") == b"/a b/" + "图".encode() + b"/\xff"
    assert environ["QUERY_STRING"] == "q=%E5%9B%BE&x"
    assert (environ["REQUEST_METHOD"], environ["CONTENT_TYPE"]) == ("POST", "text/x")
    assert (environ["HTTP_X_ONE"], environ["CONTENT_LENGTH"], environ["body"]) == ("1", str(len(body)), body)
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == ("127.0.0.1", "http")


@pytest.mark.parametrize("size", [0, 1, 2**20 - 1, 2**20, 2**20 + 1, 3 * 2**20])
def test_bodies_of_every_size_arrive_whole_both_ways(site, size):
    seen = []
    body = bytes(range(256)) * (size // 256 + 1)
    body = body[:size]
    _, data = site(answering(body, seen=seen)).request("POST", body=body)
    assert seen[0]["body"] == body
    assert data == body


def test_a_body_without_a_length_is_counted(site):
    seen = []
    site(answering(seen=seen)).request("POST", body=iter([b"ab", b"cd"]))
    assert (seen[0]["CONTENT_LENGTH"], seen[0]["body"]) == ("4", b"abcd")


@pytest.mark.parametrize(
    "head, sent",
    [(b"Content-Length: 100000000", b""), (b"Transfer-Encoding: chunked", b"3e9\r\n" + b"x" * 1001 + b"\r\n")],
    ids=["announced", "counted"],
)
def test_a_body_above_the_limit_is_refused_unread(site, head, sent):
    seen = []
    server = site(answering(seen=seen), limit=lambda _: Limit(1000))
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n" + sent)
        answer = http.client.HTTPResponse(client)
        answer.begin()
        assert (answer.status, json.loads(answer.read())["code"]) == (413, "too_large")
    assert seen == []


def test_who_writes_on_reads_the_answer_to_a_refused_body(site):
    """As browsers do: all of the body first, then the answer; a connection that is cut off would lose it."""
    server = site(answering(), limit=lambda scope: Limit(10, 401, b"{}") if scope["path"] == "/a" else Limit(10**9))
    body = b"x" * 30_000_000
    response, data = server.request("POST", "/a", body)
    assert (response.status, data, response.headers["connection"]) == (401, b"{}", "close")
    assert server.request("POST", "/b", body)[0].status == 200


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["hex", "punycode", "undefined", "utf-16", "nonsense", ""])
def test_the_text_of_a_request_is_utf8_whatever_charset_it_names(charset):
    from geogov.wsgi import application

    request = RequestFactory().get("/api/nowhere/?lang=en", content_type=f"text/plain; charset={charset}")
    request.environ["CONTENT_TYPE"] = f"text/plain; charset={charset}"
    answers = []
    body = b"".join(application(request.environ, lambda status, headers: answers.append(status)))
    assert (answers, json.loads(body)["code"]) == (["404 Not Found"], "not_found")
    assert "lang" in application.request_class(request.environ).GET


def test_an_error_outside_of_django_is_a_500_and_the_server_lives(site, caplog):
    calls = []

    def application(environ, start_response):
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError
        return answering()(environ, start_response)

    server = site(application)
    assert server.request()[0].status == 500
    assert "failed outside" in caplog.text
    assert server.request()[0].status == 200


def test_long_streams_are_whole_and_closed(site):
    closed = threading.Event()

    class Stream:
        def __iter__(self):
            return iter([b"x" * 700_000] * 5)

        def close(self):
            closed.set()

    def application(environ, start_response):
        start_response("200 OK", [])
        return Stream()

    _, data = site(application).request()
    assert len(data) == 3_500_000
    assert closed.wait(5)


def test_a_slow_client_holds_no_thread(site):
    """Twenty clients that do not read their 900 KB do not keep the one thread from answering another."""
    server = site(answering(b"x" * 900_000), threads=1)
    slow = []
    for _ in range(20):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", server.port))
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        slow.append(client)
    assert len(server.request()[1]) == 900_000
    for client in slow:
        client.close()


def test_a_stream_whose_client_stalls_is_given_up(site):
    closed = threading.Event()

    def chunks():
        try:
            while True:
                yield b"x" * 500_000
        finally:
            closed.set()

    def application(environ, start_response):
        start_response("200 OK", [])
        return chunks()

    server = site(application, threads=1, stall_s=0.2)
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        client.recv(10)
        assert closed.wait(5)


def test_no_more_threads_than_asked_for(site):
    names, gate = set(), threading.Barrier(3, timeout=5)

    def application(environ, start_response):
        names.add(threading.current_thread().name)
        gate.wait()
        return answering()(environ, start_response)

    server = site(application, threads=3)
    clients = [threading.Thread(target=server.request) for _ in range(9)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert len(names) == 3
