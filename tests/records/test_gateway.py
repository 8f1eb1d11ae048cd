"""The gateway for text messages: signed, once per key, and failures are seen."""

import hashlib
import hmac
import http.server
import json
import threading
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from geogov import env
from kernel.outbox import Message
from kernel.viewer import Role
from records import tasks
from records.models import OutboxMessage
from tests.factories import people


@pytest.fixture
def gateway(settings):
    """A real server that keeps what it got; ``status`` is what it answers."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((self.path, dict(self.headers), body))
            self.send_response(server.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/messages"
    settings.WEBHOOK_KEY = "a-key-of-the-gateway"
    yield server
    server.shutdown()
    server.server_close()


MESSAGE = Message("order-1-2-3", "13900001234", "主题", "工单 1 已加急", {"link": "/console"})


def test_a_message_is_signed(gateway):
    tasks._send_webhook(MESSAGE)
    ((path, headers, body),) = gateway.got
    assert path == "/messages"
    assert json.loads(body) == {"recipient": "13900001234", "subject": "主题", "body": "工单 1 已加急"}
    signed = hmac.new(b"a-key-of-the-gateway", headers["X-Geogov-Timestamp"].encode() + b"." + body, hashlib.sha256)
    assert headers["X-Geogov-Signature"] == f"sha256={signed.hexdigest()}"
    assert headers["Idempotency-Key"] == "order-1-2-3"


@pytest.mark.parametrize("status", [302, 400, 500])
def test_anything_but_success_is_a_failed_attempt(gateway, status):
    gateway.status = status
    with pytest.raises(OSError, match=str(status)):
        tasks._send_webhook(MESSAGE)
    assert len(gateway.got) == 1, "a redirect is not followed"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x/y", "gateway.example", "http://"])
def test_only_web_addresses(monkeypatch, address):
    monkeypatch.setenv("WEBHOOK_URL", address)
    with pytest.raises(ImproperlyConfigured, match="WEBHOOK_URL"):
        env.web_address("WEBHOOK_URL")


@pytest.mark.django_db
def test_what_was_given_up_is_seen_and_tried_again():
    OutboxMessage.objects.create(
        dedupe_key="k1",
        channel="webhook",
        recipient="13900001234",
        body="secret",
        county="990521",
        state="dead",
        attempts=8,
        last_error="HTTPError: 500",
    )
    out = StringIO()
    call_command("outbox", stdout=out)
    assert "k1 after 8: HTTPError: 500" in out.getvalue()
    assert "13900001234" not in out.getvalue()
    assert "secret" not in out.getvalue()
    call_command("outbox", "--retry", stdout=out)
    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts) == ("waiting", 0)


@pytest.mark.django_db
def test_administrators_see_the_outbox_and_change_nothing():
    OutboxMessage.objects.create(
        dedupe_key="k1", channel="email", recipient="somebody@example.org", body="secret", county=people.COUNTY
    )
    client = Client()
    client.force_login(people.user(Role.ADMIN))
    listed = client.get("/admin/records/outboxmessage/").content.decode()
    assert "k1" in listed
    key = OutboxMessage.objects.get().pk
    page = client.get(f"/admin/records/outboxmessage/{key}/change/").content.decode()
    for private in ("somebody@example.org", "secret"):
        assert private not in listed + page
    assert client.post(f"/admin/records/outboxmessage/{key}/delete/", {"post": "yes"}).status_code == 403
    client.force_login(people.user(Role.DESK))
    assert client.get("/admin/records/outboxmessage/").status_code != 200
