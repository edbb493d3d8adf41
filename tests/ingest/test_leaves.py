"""Pages bound into one payload, and taken apart again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import UnreadableError
from syndicate.ingest.leaves import bound, unbound
from syndicate.ingest.pages import read_page
from syndicate.model import Payload, SourceSpec

SPEC = SourceSpec("lake", "page", "https://lake.example/")
FIRST = "https://lake.example/pier"
bodies = st.lists(st.binary(max_size=200), min_size=2, max_size=10)


@given(bodies=bodies)
def test_what_is_bound_comes_apart_as_it_was(bodies: list[bytes]) -> None:
    """Bytes, addresses and types of all pages come back, whatever they hold; the whole goes by the first's address."""
    leaves = tuple(Payload(body, f"{FIRST}/{n}", f"text/html; n={n}") for n, body in enumerate(bodies))
    whole = bound(leaves)
    assert (whole.url, unbound(whole)) == (leaves[0].url, leaves)
    assert bound(leaves).digest == whole.digest


def test_pages_at_www_and_without_are_bound() -> None:
    """A site that has one page at www and the next without is one site."""
    leaves = (Payload(b"a", FIRST), Payload(b"b", FIRST.replace("//", "//www.") + "/2"))
    assert unbound(bound(leaves)) == leaves


def test_a_single_page_stays_as_it_is() -> None:
    """Nothing is bound that stands alone."""
    page = Payload(b"<p>Pier</p>", FIRST, "text/html")
    assert bound([page]) is page
    assert unbound(page) == (page,)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[" * 100_000,
        b"{}\n",
        b"[]\n",
        b"[[1]]\n",
        b'[["https://lake.example/pier","text/html",9]]\nshort',
        b'[["https://lake.example/pier","text/html",-1],["https://lake.example/b","",6]]\nshort',
        b'[["https://lake.example/pier","text/html",3],["https://bank.example/a","text/html",2]]\nshort',
        b'[["https://lake.example/mill","text/html",5]]\nshort',
        b'[["https://lake.example/pier","text/html",' + b"9" * 5000 + b"]]\nshort",
    ],
    ids=["empty", "a page", "deep", "no list", "no pages", "no entry", "too long", "negative", "host", "page", "huge"],
)
def test_a_source_can_not_speak_for_others(body: bytes) -> None:
    """Who answers with our own media type is believed only what holds together, of its own host; else it says so."""
    with pytest.raises(UnreadableError):
        read_page(Payload(body, FIRST, "application/x-syndicate-leaves"), SPEC)
