"""Which coding and type a client gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.codings import CODINGS
from syndicate.web.negotiation import accepts, coding_for, weights


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd, gzip", "zstd"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.0, br;q=0.000", "identity"),
        ("identity;q=0, gzip", "gzip"),
        ("*;q=0, gzip", "gzip"),
        ("*, br;q=0", "zstd"),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("deflate", "identity"),
        ("gzip ; q = 0.3 , identity;q=0.2", "gzip"),
        (";;;,,,", "identity"),
        ("gzip;q=", "gzip"),
        ("gzip;level=9", "gzip"),
    ],
)
def test_coding(header: str, coding: str | None) -> None:
    """The client's weights decide, then what is smallest; identity is refused only by name or by the asterisk."""
    assert coding_for(header) == coding


@given(st.text(st.sampled_from("gzip,br;q=0.519* zstdidentity\t"), max_size=400))
def test_any_header(header: str) -> None:
    """Any header at all gives a coding of ours or none, and the same one each time."""
    coding = coding_for(header)
    assert coding is None or coding in CODINGS
    assert coding_for(header) == coding


def test_absurd_length() -> None:
    """Of a header of 64 KB only the beginning is read, and it is not remembered."""
    assert coding_for("gzip, " + "a," * 32_000 + "br") == "gzip"
    assert len(weights("a," * 32_000)) == 1


@pytest.mark.parametrize(
    ("header", "format_", "accepted"),
    [
        ("", "rss", True),
        ("*/*", "json", True),
        ("application/rss+xml", "rss", True),
        ("application/atom+xml, application/rss+xml;q=0.9, */*;q=0.1", "rss", True),
        ("text/xml", "atom", True),
        ("application/json", "json", True),
        ("application/*", "json", True),
        ("text/html, application/xml;q=0.9", "rss", True),
        ("image/png", "rss", False),
        ("application/json", "rss", False),
        ("application/xml", "json", False),
        ("*/*;q=0", "rss", False),
    ],
)
def test_accept(header: str, format_: str, accepted: bool) -> None:
    """A feed is given to whoever takes it under any of its names, and to nobody who takes other things only."""
    assert accepts(header, format_) is accepted
