"""Accept-Encoding, read as RFC 9110 says it."""

import pytest

from kernel.api.codings import accepted_codings


@pytest.mark.parametrize(
    "header, names",
    [
        ("", ()),
        ("gzip", ("gzip",)),
        ("GZip", ("gzip",)),
        ("gzip, deflate, br, zstd", ("gzip", "deflate", "br", "zstd")),
        ("gzip;q=0", ()),
        ("gzip ; q=0.000, br", ("br",)),
        ("gzip;q=0.001", ("gzip",)),
        ("gzip;Q=1.000", ("gzip",)),
        ("*;q=0", ()),
        ("*", ()),
        ("gzip, *;q=0", ("gzip",)),
        ("identity", ()),
        ("identity, gzip;q=0.5", ()),
        ("identity;q=0.5, gzip", ("gzip",)),
        ("identity;q=0, gzip;q=0.1", ("gzip",)),
        ("identity;q=0", ()),
        ("gzip, identity", ("gzip",)),
        ("gzippy", ("gzippy",)),
        ("gzip;q=2, br;q=x, deflate;level=1, a b", ()),
        ("gzip;q=-0", ()),
        ("gzip;q=\u0661", ()),
        (",, ;q=1, gzip", ("gzip",)),
    ],
)
def test_what_a_reader_takes(header, names):
    assert accepted_codings(header) == names
