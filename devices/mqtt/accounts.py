"""Devices' accounts at the broker: the user is named after the device, the password is its token."""

from __future__ import annotations

import base64
import hashlib
import secrets

ITERATIONS, SALT_BYTES, KEY_BYTES = 101, 12, 64
"""As mosquitto_passwd of Mosquitto 2 has them. Tokens are random, so more rounds would protect nothing."""


def password_line(county: str, code: str, token: str) -> str:
    """A line of Mosquitto's password file (PBKDF2 with SHA-512, its type 7)."""
    salt = secrets.token_bytes(SALT_BYTES)
    key = hashlib.pbkdf2_hmac("sha512", token.encode(), salt, ITERATIONS, KEY_BYTES)
    parts = (base64.b64encode(one).decode() for one in (salt, key))
    return f"{county}-{code}:$7${ITERATIONS}${'$'.join(parts)}"
