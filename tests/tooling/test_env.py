import stat
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from geogov import env


@pytest.mark.parametrize(
    "url, want",
    [
        ("postgis://u:p%40ss@h:5433/x", {"HOST": "h", "PORT": "5433", "USER": "u", "PASSWORD": "p@ss", "NAME": "x"}),
        ("postgres://u@h/x", {"HOST": "h", "PORT": "", "USER": "u", "PASSWORD": "", "NAME": "x"}),
        ("postgis://u@/x?host=/a%20b/%E5%9B%BE", {"HOST": "/a b/图", "PORT": "", "NAME": "x", "OPTIONS": {}}),
        ("postgis://u@:5433/x?host=/run", {"HOST": "/run", "PORT": "5433"}),
        ("postgis://u@h/x?sslmode=require", {"HOST": "h", "OPTIONS": {"sslmode": "require"}}),
    ],
)
def test_database_reads_addresses(url, want):
    got = env.database(url)
    assert {key: got[key] for key in want} == want
    assert got["CONN_MAX_AGE"] is None


@pytest.mark.parametrize("url", ["mysql://u@h/x", "postgis://h", "postgis://h/", "nonsense", "postgis://h:port/x"])
def test_database_refuses_others_with_a_sentence(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database(url)


@pytest.mark.parametrize("word, want", [("1", True), ("Yes", True), (" on ", True), ("0", False), ("", False)])
def test_flag(monkeypatch, word, want):
    monkeypatch.setenv("X", word)
    assert env.flag("X", not want) is want


def test_flag_refuses_other_words(monkeypatch):
    monkeypatch.setenv("X", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="X must be 1 or 0"):
        env.flag("X")


@pytest.mark.parametrize("text", ["0", "201", "x", "-1", "1.5", "٣"])
def test_number_refuses_what_is_out_of_range(monkeypatch, text):
    monkeypatch.setenv("X", text)
    with pytest.raises(ImproperlyConfigured, match="X must be a whole number from 1 to 200"):
        env.number("X", 8, 1, 200)


def test_listing(monkeypatch):
    monkeypatch.setenv("X", " a, b ,,c")
    assert env.listing("X") == ["a", "b", "c"]
    monkeypatch.delenv("X")
    assert env.listing("X", ("d",)) == ["d"]


def test_secret_key_is_made_once_and_private(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("SECRET_KEY_FILE", raising=False)
    monkeypatch.setattr(env, "LOCAL_DIR", tmp_path / "new")
    keys = []
    threads = [threading.Thread(target=lambda: keys.append(env.secret_key())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 50
    path = tmp_path / "new/secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secret_key"]


def test_secret_key_given_wins(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.secret_key() == "from a file"
    monkeypatch.setenv("SECRET_KEY", "given")
    assert env.secret_key() == "given"


def test_secret_key_that_cannot_be_kept_is_said(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/key")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        env.secret_key()


@pytest.mark.parametrize("word, want", [(None, "database"), ("", "database"), ("rq", "rq"), (" RQ ", "rq")])
def test_choice(monkeypatch, word, want):
    monkeypatch.delenv("X", raising=False)
    if word is not None:
        monkeypatch.setenv("X", word)
    assert env.choice("X", "database", "rq") == want


def test_choice_refuses_other_words(monkeypatch):
    monkeypatch.setenv("X", "celery")
    with pytest.raises(ImproperlyConfigured, match="X must be database or rq, not 'celery'"):
        env.choice("X", "database", "rq")


@pytest.mark.parametrize("url", ["redis://h", "redis://:p%40ss@h:6379/1", "rediss://h/0", "unix:///run/r.sock?db=1"])
def test_redis_url_is_taken_as_it_is(monkeypatch, url):
    monkeypatch.setenv("REDIS_URL", url)
    assert env.redis_url() == url


@pytest.mark.parametrize(
    "url", ["", "localhost:6379", "http://h", "redis://", "redis:///0", "unix://", "redis://h:x/0"]
)
def test_redis_url_that_is_missing_or_none_is_said(monkeypatch, url):
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"TASKS_BACKEND=rq needs REDIS_URL, .* redis://"):
        env.redis_url()
