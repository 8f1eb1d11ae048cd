"""What a page may load and who may frame it."""

from __future__ import annotations

from portal.basemaps import image_sources


def content_security_policy(*, framed: bool = False) -> str:
    """The Content-Security-Policy of a page of ours.

    Everything comes from our own host: a citizen's map view is told to nobody else, except to the servers of base maps
    that the settings offer.

    Args:
        framed: whether pages of others may show it in a frame.
    """
    ancestors = "*" if framed else "'none'"
    rules = (
        "default-src 'self'",
        " ".join(("img-src 'self' data: blob:", *image_sources())),
        "style-src 'self' 'unsafe-inline'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        f"frame-ancestors {ancestors}",
    )
    return "; ".join(rules)
