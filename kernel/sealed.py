"""Private text in the database: encrypted to be read back, or hashed to be found again.

Fernet (AES-128-CBC with HMAC-SHA256, from ``cryptography``) under keys derived from ``CONTACT_KEYS``: the first
encrypts; older ones only decrypt, so that a key can be changed. Hashes are HMAC-SHA256 under a key of their own.
"""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_PURPOSE = b"geogov contacts 1"


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    derived = (hmac.digest(key.encode(), _PURPOSE, "sha256") for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def seal(text: str) -> bytes:
    """``text`` encrypted; b"" for an empty one."""
    return _box(tuple(settings.CONTACT_KEYS)).encrypt(text.encode()) if text else b""


def unseal(data: bytes | memoryview) -> str:
    """What ``seal`` was given.

    Raises:
        ValueError: another key, or altered bytes.
    """
    if not data:
        return ""
    try:
        return _box(tuple(settings.CONTACT_KEYS)).decrypt(bytes(data)).decode()
    except InvalidToken as error:
        raise ValueError("sealed with a key that CONTACT_KEYS does not hold, or altered") from error


def digest(text: str, purpose: str) -> str:
    """HMAC-SHA256 (hex) of ``text``: equal for equal texts of one purpose, and says nothing without the key."""
    key = hmac.digest(settings.CONTACT_KEYS[-1].encode(), b"geogov digest " + purpose.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()
