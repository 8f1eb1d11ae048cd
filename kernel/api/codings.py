"""Which forms of compression a reader takes."""

from __future__ import annotations

import re

_CODING = re.compile(r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?", re.ASCII)
IDENTITY = "identity"


def accepted_codings(header: str) -> tuple[str, ...]:
    """The codings that an Accept-Encoding header names and wants, in its order.

    Left out are those with weight 0, those that the reader likes less than the plain form, and ``*``: whoever takes
    any form takes the plain one. What is no coding with a weight is passed over.

    Source: RFC 9110, 12.4.2 and 12.5.3.

    >>> accepted_codings("gzip;q=0, br;q=0.8, *")
    ('br',)
    """
    parts = (_CODING.fullmatch(part) for part in header.lower().split(","))
    weights = {part[1]: float(part[2] or 1) for part in parts if part}
    least = weights.pop(IDENTITY, 0.0)
    return tuple(name for name, weight in weights.items() if name != "*" and weight > 0 and weight >= least)
