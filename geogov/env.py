"""What the environment says: read here, once, into the types that the settings want.

A value that cannot be read stops the start with a sentence that names the variable, never with a traceback from deep
inside Django. The variables themselves are listed in docs/settings.md.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
"""The folder of the project (where manage.py is)."""

LOCAL_DIR = BASE_DIR / ".local"
"""What ./dev makes on this machine and git does not know: clusters, secret key, stamps, uploads of the demo."""

_SCHEMES = {"postgis", "postgres", "postgresql"}
_REDIS_SCHEMES = {"redis", "rediss"}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def flag(name: str, default: bool = False) -> bool:
    """A yes-or-no variable: 1/true/yes/on or 0/false/no/off, in any case.

    Raises:
        ImproperlyConfigured: for any other word.
    """
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return word in _TRUE


def listing(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A variable that holds a list, separated by commas; empty parts are dropped."""
    value = os.environ.get(name)
    if value is None:
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]


def number(name: str, default: int, low: int, high: int) -> int:
    """A whole number within ``low … high``.

    Raises:
        ImproperlyConfigured: when it is no number or out of the range.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
    return int(value)


def choice(name: str, first: str, *others: str) -> str:
    """One word of a few; ``first`` where the variable is missing or empty.

    Raises:
        ImproperlyConfigured: for any other word.
    """
    value = text(name, first).lower()
    if value not in (first, *others):
        raise ImproperlyConfigured(f"{name} must be {' or '.join((first, *others))}, not {value!r}.")
    return value


def redis_url() -> str:
    """``REDIS_URL``: ``redis://user:password@host:6379/0``, ``rediss://`` for TLS, ``unix:///folder/socket``.

    Raises:
        ImproperlyConfigured: when it is missing or no address of a Redis.
    """
    url = text("REDIS_URL", "")
    if not _is_redis(url):
        raise ImproperlyConfigured(
            "TASKS_BACKEND=rq needs REDIS_URL, which must look like redis://:password@host:6379/0 "
            "or unix:///run/redis.sock."
        )
    return url


def _is_redis(url: str) -> bool:
    parts = urlsplit(url)
    try:
        _ = parts.port
    except ValueError:  # it is no number
        return False
    return bool(parts.path if parts.scheme == "unix" else parts.scheme in _REDIS_SCHEMES and parts.hostname)


def database(url: str | None = None) -> dict[str, Any]:
    """Django's settings for one PostGIS database.

    Args:
        url: ``postgis://user:password@host:port/name?option=value``. ``?host=/folder`` names the folder of a Unix
            socket; any other option (``sslmode``, ``connect_timeout``, …) is handed to libpq. Without it:
            ``DATABASE_URL``, else the cluster that ./dev keeps on this machine, else libpq's own defaults.

    Raises:
        ImproperlyConfigured: when the address is not one of a PostgreSQL database.
    """
    url = url or os.environ.get("DATABASE_URL") or _own_cluster()
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in _SCHEMES or not name:
        raise ImproperlyConfigured("DATABASE_URL must look like postgis://user:password@host:5432/name.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    try:
        port = str(parts.port or "")
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL: {error}.") from error
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
        # A new PostGIS backend costs 25-30 ms of CPU: a connection lives as long as its thread (ADR 0004).
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def _own_cluster() -> str:
    """The address that ./dev left for commands that are run without it."""
    try:
        return (LOCAL_DIR / "database_url").read_text(encoding="utf-8").strip()
    except OSError:
        return "postgis://geogov@/geogov"


def secret_key() -> str:
    """``SECRET_KEY``, or the content of ``SECRET_KEY_FILE``, or a random one made once in ``.local/secret_key`` (0600).

    Raises:
        ImproperlyConfigured: when none is given and none can be kept.
    """
    if key := os.environ.get("SECRET_KEY", "").strip():
        return key
    try:
        if path := os.environ.get("SECRET_KEY_FILE"):
            return Path(path).read_text(encoding="ascii").strip()
        return _kept_secret(LOCAL_DIR / "secret_key")
    except OSError as error:
        raise ImproperlyConfigured(f"SECRET_KEY is not set, and no file holds it: {error}.") from error


def _kept_secret(path: Path) -> str:
    """Read the key, or make it. Several processes start at once: the first one to link its file decides."""
    if not path.exists():
        path.parent.mkdir(mode=0o755, exist_ok=True)
        new = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text(encoding="ascii").strip()


def text(name: str, default: str) -> str:
    """A variable that is taken as it is, without blanks around it; ``default`` where it is missing or empty."""
    return os.environ.get(name, "").strip() or default


def path(name: str, default: Path) -> Path:
    """A variable that names a folder or file; relative ones start from the folder of the project."""
    return BASE_DIR / text(name, str(default))


def web_address(name: str) -> str:
    """An http or https address, or "".

    Raises:
        ImproperlyConfigured: it is something else.
    """
    value = text(name, "")
    parts = urlsplit(value)
    if value and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ImproperlyConfigured(f"{name} must look like https://gateway.example/messages.")
    return value


def mqtt_url() -> str:
    """``MQTT_URL``: ``mqtt://user:password@host:1883``, ``mqtts://`` for TLS; "" where there is no broker.

    Raises:
        ImproperlyConfigured: it is something else.
    """
    value = text("MQTT_URL", "")
    parts = urlsplit(value)
    try:
        is_address = parts.scheme in ("mqtt", "mqtts") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number
        is_address = False
    if value and not is_address:
        raise ImproperlyConfigured("MQTT_URL must look like mqtt://user:password@host:1883, or mqtts:// for TLS.")
    return value


def executor(name: str) -> str:
    """``threads``, ``serial`` or ``dask://host:port``.

    Raises:
        ImproperlyConfigured: it is something else.
    """
    value = text(name, "threads")
    parts = urlsplit(value)
    try:
        is_cluster = parts.scheme == "dask" and bool(parts.hostname) and bool(parts.port)
    except ValueError:  # the port is no number
        is_cluster = False
    if value not in ("threads", "serial") and not is_cluster:
        raise ImproperlyConfigured(f"{name} must be threads, serial or dask://host:port.")
    return value
