"""Content codings."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.codings import CODINGS, Coding, decode, encode


@given(st.binary(max_size=5_000), st.sampled_from(CODINGS))
def test_round_trip(body: bytes, coding: Coding) -> None:
    """What is encoded is decoded to the same, and encodes to the same bytes each time."""
    encoded = encode(body, coding)
    assert decode(encoded, coding) == body
    assert encode(body, coding) == encoded


@pytest.mark.parametrize("coding", CODINGS[1:])
def test_smaller(coding: Coding) -> None:
    """A feed gets much smaller in each coding."""
    body = b"<item><title>The same words again</title></item>" * 500
    assert len(encode(body, coding)) < len(body) / 20


def test_no_clock_in_gzip() -> None:
    """Gzip's header holds no time, or equal feeds would differ."""
    assert encode(b"x", "gzip")[4:8] == bytes(4)
    assert gzip.decompress(encode(b"x", "gzip")) == b"x"
