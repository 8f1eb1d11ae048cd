"""Numbers and codes in Crockford's base 32, which has no letters that look like digits."""

from __future__ import annotations

import re
import secrets

from kernel import clock, sealed

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U: what is read from paper and told by telephone (Crockford, 2002)."""

NUMBER_SIGNS = 5
"""33,554,432 numbers a month."""

CODE_SIGNS = 13
"""65 bits: nobody guesses one, whatever the rate."""

_LOOKS_LIKE = str.maketrans("ILO", "110")


def new_number() -> str:
    """A public number, "2606-8A2Q4": year and month, and signs drawn by chance, so that nobody counts reports by it."""
    return f"{clock.today():%y%m}-{_drawn(NUMBER_SIGNS)}"


def new_code() -> str:
    """A tracking code, "K3W8-9QZT-2M7RX"."""
    code = _drawn(CODE_SIGNS)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def code_hash(code: str) -> str:
    """What is kept of a tracking code, however it was typed."""
    return sealed.digest(code_plain(code), "tracking code")


def code_plain(code: str) -> str:
    """The signs of a tracking code alone, however it was typed."""
    return re.sub(r"[\s-]", "", code).upper().translate(_LOOKS_LIKE)


def _drawn(signs: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(signs))
