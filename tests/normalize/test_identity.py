"""An article keeps its name whatever its source does to address and guid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Entry
from syndicate.normalize.identity import canonical_link, entry_key, keys, link_key


@pytest.mark.parametrize(
    "url",
    [
        "https://e.example/a/b",
        "http://www.e.example/a/b/",
        "HTTPS://E.EXAMPLE:443/a/b?utm_source=x&utm_medium=rss",
        "https://e.example/a/b#comments",
        "https://e.example/a/%62?fbclid=1",
    ],
)
def test_spellings_of_one_address_are_one(url):
    """Scheme, www, port, slash, tracking and needless escapes make no difference."""
    assert link_key(url) == "e.example/a/b"
    assert entry_key(Entry(link=url)) == entry_key(Entry(key=url)).replace("guid:", "link:")


def test_what_makes_a_difference_stays():
    """Parameters and fragments that name the article are kept."""
    assert link_key("https://e.example/?p=1") != link_key("https://e.example/?p=2")
    assert link_key("https://e.example/a#one") != link_key("https://e.example/a#two")
    assert link_key("https://e.example/a%2Fb") != link_key("https://e.example/a/b")
    assert canonical_link("https://e.example/?p=1&utm_source=x&q=a b") == "https://e.example/?p=1&q=a%20b"


def test_fallbacks():
    """Guid, then link, then title and day."""
    assert entry_key(Entry(key="x-1", link="https://e.example/a")) == "guid:x-1"
    assert entry_key(Entry(key="null", link="https://e.example/a")) == "link:e.example/a"
    assert entry_key(Entry(title="A  b")) == entry_key(Entry(title="a b")) != entry_key(Entry(title="c"))


def test_guids_of_one_payload():
    """A guid for all and guids that only count are not trusted; duplicates are one article."""
    a, b = Entry(key="s", title="a", link="https://e.example/a"), Entry(key="s", title="b", link="https://e.example/b")
    assert keys([a, b]) == ("link:e.example/a", "link:e.example/b")
    assert keys([a, a]) == ("guid:s", "guid:s")
    counted = [Entry(key=str(n), title=t, link=f"https://e.example/{t}") for n, t in enumerate("xyz", 1)]
    assert keys(counted) == ("link:e.example/x", "link:e.example/y", "link:e.example/z")
    same_link = [Entry(key="s", title=t, link="https://e.example/") for t in "ab"]
    assert len(set(keys(same_link))) == 2


@given(st.text(max_size=80) | st.text("ahtps:/.?=&#%2[]@ ", max_size=60).map("https://".__add__))
def test_any_address_is_harmless(url):
    """No address raises, and cleaning it twice changes nothing."""
    assert canonical_link(canonical_link(url)) == canonical_link(url)
    assert isinstance(link_key(url), str)
