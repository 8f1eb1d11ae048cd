"""Signing in and out, on real pages and a real session."""

import datetime as dt
import re

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from accounts import tasks
from accounts.models import User
from kernel import clock
from kernel.api.pace import client_ip
from records.models import AuditEvent
from tests.factories import people, places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county():
    places.county()


@pytest.fixture
def browser():
    """A client that checks CSRF as browsers meet it."""
    return Client(enforce_csrf_checks=True)


def form_token(response):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]


def sign_in(browser, username, password=people.PASSWORD, follow="/login", **more):
    token = form_token(browser.get(follow))
    return browser.post(follow, {"username": username, "password": password, "csrfmiddlewaretoken": token, **more})


@pytest.mark.parametrize(
    "role, page",
    [
        ("citizen", "/"),
        ("official", "/manage"),
        ("grid_manager", "/console"),
        ("supervisor", "/console"),
        ("admin", "/admin/"),
    ],
)
def test_right_password_leads_to_ones_page(browser, role, page):
    user = people.user(role)
    response = sign_in(browser, user.username)
    assert (response.status_code, response.url) == (302, page)
    assert browser.get("/api/session/").json()["user"]["username"] == user.username


def test_wrong_password_says_so_and_keeps_the_name(browser):
    user = people.user("desk")
    response = sign_in(browser, user.username, "wrong")
    page = response.content.decode()
    assert response.status_code == 200
    assert "用户名或密码不对" in page
    assert f'value="{user.username}"' in page
    assert "wrong" not in page
    assert browser.get("/api/session/").json()["user"] is None


def test_name_that_does_not_exist_is_answered_alike(browser):
    people.user("desk")
    assert "用户名或密码不对" in sign_in(browser, "nobody", "wrong").content.decode()


@pytest.mark.parametrize("length", [41, 300, 100_000])
def test_name_that_is_longer_than_any(browser, length):
    response = sign_in(browser, "a" * length)
    assert response.status_code == 200
    assert "40" in response.context["form"].errors["username"][0]
    assert 'role="alert"' in response.content.decode()
    assert not AccessAttempt.objects.exists()


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_demo": True}])
def test_disabled_and_demo_accounts_do_not_open(browser, fields):
    user = people.user("desk", **fields)
    assert "用户名或密码不对" in sign_in(browser, user.username).content.decode()


def test_demo_account_opens_in_demo_mode_only(browser, settings):
    settings.DEMO = True
    user = people.user("desk", is_demo=True)
    assert sign_in(browser, user.username).status_code == 302
    assert browser.get("/api/session/").json()["user"]
    settings.DEMO = False
    assert browser.get("/api/session/").json()["user"] is None, "an open session ends with the demo"


def test_disabling_ends_the_session(browser):
    user = people.user("desk")
    sign_in(browser, user.username)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert browser.get("/api/session/").json()["user"] is None


@pytest.mark.parametrize(
    "target, lands",
    [
        ("/manage?tab=1", "/manage?tab=1"),
        ("/village/990521003007", "/village/990521003007"),
        ("https://evil.example/", "/manage"),
        ("//evil.example/x", "/manage"),
        ("javascript:alert(1)", "/manage"),
        ("/\\evil.example", "/manage"),
    ],
)
def test_next_stays_on_this_host(browser, target, lands):
    user = people.user("official")
    assert sign_in(browser, user.username, next=target).url == lands


def test_session_of_before_is_replaced(browser):
    user = people.user("desk")
    planted = SessionStore()
    planted["x"] = 1
    planted.save()
    browser.cookies["sessionid"] = planted.session_key  # as somebody else may have set it
    sign_in(browser, user.username)
    cookie = browser.cookies["sessionid"]
    assert cookie.value != planted.session_key
    assert not SessionStore().exists(planted.session_key)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_hash_is_argon2():
    assert people.user("desk").password.startswith("argon2$")


def test_form_without_token_is_refused(browser):
    user = people.user("desk")
    response = browser.post("/login", {"username": user.username, "password": people.PASSWORD})
    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")


def test_signing_out_is_by_post_only(browser):
    user = people.user("desk")
    sign_in(browser, user.username)
    refused = browser.get("/logout")
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    token = browser.get("/api/session/").json()["csrf"]
    assert browser.post("/logout", {"csrfmiddlewaretoken": token}).status_code == 302
    assert browser.get("/api/session/").json()["user"] is None


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(browser):
    user = people.user("desk")
    answers = [sign_in(browser, user.username, "wrong").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    locked = sign_in(browser, user.username)
    assert locked.status_code == 429
    assert "15 分钟" in locked.content.decode()
    assert "锁住" in locked.content.decode()
    assert sign_in(Client(enforce_csrf_checks=True), people.user("desk").username).status_code == 302, "others may"
    AccessAttempt.objects.update(attempt_time=clock.now() - dt.timedelta(minutes=16))
    assert sign_in(browser, user.username).status_code == 302


def test_wrong_passwords_are_counted_by_the_clients_address_behind_the_proxy(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    user = people.user("desk")

    def from_address(address, password):
        client = Client(headers={"X-Forwarded-For": f"6.6.6.6, {address}", "X-Forwarded-Proto": "https"})
        return client.post("/login", {"username": user.username, "password": password}, secure=True).status_code

    assert [from_address("10.0.0.1", "wrong") for _ in range(5)][-1] == 429
    assert from_address("10.0.0.1", people.PASSWORD) == 429
    assert from_address("10.0.0.2", people.PASSWORD) == 302


@pytest.mark.parametrize(
    ("seen", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2::", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::1", "::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("nobody", "nobody"),
    ],
)
def test_an_address_of_ipv6_is_counted_with_its_network(rf, seen, counted):
    assert client_ip(rf.get("/", REMOTE_ADDR=seen)) == counted


def test_wrong_passwords_of_one_network_are_counted_together():
    user = people.user("desk")

    def from_address(address):
        return sign_in(Client(enforce_csrf_checks=True, REMOTE_ADDR=address), user.username).status_code

    for host in range(1, 6):
        sign_in(Client(enforce_csrf_checks=True, REMOTE_ADDR=f"2001:db8::{host}"), user.username, "wrong")
    assert [from_address("2001:db8::6"), from_address("2001:db8:0:1::6")] == [429, 302]


def test_old_sign_ins_are_forgotten(browser):
    user = people.user("desk")
    sign_in(browser, user.username)
    sign_in(browser, user.username)
    first = AccessLog.objects.order_by("pk").first()
    AccessLog.objects.filter(pk=first.pk).update(attempt_time=clock.now() - dt.timedelta(days=31))
    tasks.forget_sign_ins.call()
    assert AccessLog.objects.count() == 1
    assert not AccessLog.objects.filter(pk=first.pk).exists()


def test_demo_accounts_are_listed_in_demo_mode_only(client, settings, tmp_path):
    settings.DEMO_PASSWORD_FILE = tmp_path / "demo_password"
    people.user("desk", is_demo=True, username="desk-demo")
    assert "desk-demo" not in client.get("/login").content.decode()
    assert not settings.DEMO_PASSWORD_FILE.exists()
    settings.DEMO = True
    page = client.get("/login").content.decode()
    assert "desk-demo" in page
    assert settings.DEMO_PASSWORD_FILE.read_text() in page


@pytest.mark.parametrize("lang, word", [("zh", "工作人员登录"), ("en", "Staff sign-in")])
def test_both_languages(client, lang, word):
    page = client.get(f"/login?lang={lang}").content.decode()
    assert word in page
    assert ('lang="en"' in page[:200]) is (lang == "en")
    assert client.cookies["lang"].value == lang


def test_page_needs_no_script_and_nothing_from_outside(client):
    page = client.get("/login").content.decode()
    assert "<script" not in page
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)


class TestPassword:
    NEW = "a-quiet-evening-42"

    def change(self, browser, old=people.PASSWORD, new=NEW, again=None):
        token = form_token(browser.get("/account/password"))
        data = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
        return browser.post("/account/password", {**data, "csrfmiddlewaretoken": token})

    def test_needs_a_session(self, browser):
        assert browser.get("/account/password").url == "/login?next=/account/password"

    def test_change(self, browser):
        user = people.user("desk")
        elsewhere = Client()
        elsewhere.force_login(user, "accounts.backends.Backend")
        sign_in(browser, user.username)
        assert "已经生效" in self.change(browser).content.decode()
        user.refresh_from_db()
        assert user.check_password(self.NEW)
        assert browser.get("/api/session/").json()["user"], "stays signed in here"
        assert elsewhere.get("/api/session/").json()["user"] is None, "and nowhere else"
        event = AuditEvent.objects.get()
        assert (event.action, event.object_id, event.changes) == ("user.password_change", str(user.pk), {})

    @pytest.mark.parametrize(
        "given, said",
        [
            ({"old": "wrong"}, "现在的密码不对"),
            ({"again": "another-one-99"}, "不一样"),
            ({"new": "short"}, "10"),
            ({"new": "12345678901"}, "数字"),
            ({"new": people.PASSWORD}, "一样"),
        ],
    )
    def test_refused(self, browser, given, said):
        user = people.user("desk")
        sign_in(browser, user.username)
        page = self.change(browser, **given).content.decode()
        assert said in page
        user.refresh_from_db()
        assert user.check_password(people.PASSWORD)
        assert not AuditEvent.objects.exists()

    def test_first_password_must_be_replaced(self, browser):
        user = people.user("official", must_change_password=True)
        assert sign_in(browser, user.username).url == "/account/password"
        assert browser.get("/manage").url == "/account/password"
        refused = browser.get("/api/layers/")
        assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
        assert browser.get("/api/session/").json()["user"]["must_change_password"] is True
        self.change(browser)
        assert browser.get("/api/session/").json()["user"]["must_change_password"] is False
        assert browser.get("/manage").status_code == 200


def test_session_api_is_strict_and_not_cached(client):
    response = client.get("/api/session/")
    assert response.json()["user"] is None
    assert response.json()["csrf"]
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get("/api/session/?x=1").json()["code"] == "unknown_parameter"
