"""QR codes of our own addresses, as SVG."""

from __future__ import annotations

import io

import segno


def qr_svg(address: str, title: str = "") -> str:
    """The code of an absolute address: modules of one unit with the quiet zone of four that ISO/IEC 18004 wants.

    Error correction M (15 %): a sheet on a notice board gets wet and torn; the size grows a little, the code stays
    readable. Dark on white whatever the theme: many readers do not know inverted codes.
    """
    code = segno.make(address, error="m", micro=False, boost_error=False)
    out = io.BytesIO()
    code.save(out, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True, title=title or None)
    return out.getvalue().decode()
