"""An article keeps its name whatever its source does to address and guid."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Entry
from syndicate.normalize.identity import entry_key, keys, spare_keys
from syndicate.normalize.urls import canonical_link, link_key, site_of


@pytest.mark.parametrize(
    "url",
    [
        "https://e.example/a/b",
        "http://www.e.example/a/b/",
        "HTTPS://E.EXAMPLE:443/a/b?utm_source=x&utm_medium=rss",
        "https://e.example/a/b?source=rss----d12c403d4976--food",
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


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?rct=j&sa=t&url=https://e.example/a%3Fid%3D1%26x%3D2&ct=ga&usg=AOvVaw",
        "https://www.google.co.uk/url?q=https%3A%2F%2Fe.example%2Fa%3Fid%3D1%26x%3D2&sa=D",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fe.example%2Fa%3Fid%3D1%26x%3D2%26fbclid%3Dabc&h=AT0",
    ],
)
def test_a_detour_is_no_address(url):
    """What only counts who follows a link gives way to where the link leads."""
    assert canonical_link(url) == "https://e.example/a?id=1&x=2"
    assert canonical_link("https://www.google.com/url?q=javascript:alert(1)").startswith("https://www.google.com/")


@pytest.mark.parametrize("name", ["Signature", "sig", "X-Amz-Signature", "hdnts"])
def test_a_signed_address_stays_whole(name):
    """Who checks a signature refuses an address from which anything was left out."""
    assert canonical_link(url := f"https://cdn.example/talk.mp3?source=feed&{name}=a1") == url
    assert (
        canonical_link("https://cdn.example/talk.mp3?source=feed&sigil=a1") == "https://cdn.example/talk.mp3?sigil=a1"
    )


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("news.example.com", "example.com"),
        ("www.guernsey.co.uk", "guernsey.co.uk"),
        ("jersey.co.uk", "jersey.co.uk"),
        ("shop.vereine.asso.fr", "vereine.asso.fr"),
        ("alice.wordpress.com", "alice.wordpress.com"),
        ("www.bob.substack.com", "bob.substack.com"),
        ("carol.blogspot.com", "carol.blogspot.com"),
        ("wordpress.com", "wordpress.com"),
        ("www.bücher.example", "bücher.example"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("localhost", "localhost"),
        ("a..b", "a..b"),
        ("", ""),
    ],
)
def test_a_site_is_what_one_publisher_owns(host, site):
    """Names below one that many share are sites of their own; subdomains of a publisher's are not."""
    assert site_of(host) == site


def test_fallbacks():
    """Guid, then link, then title, whatever the date."""
    assert entry_key(Entry(key="x-1", link="https://e.example/a")) == "guid:x-1"
    assert entry_key(Entry(key="null", link="https://e.example/a")) == "link:e.example/a"
    assert entry_key(Entry(title="A  b")) == entry_key(Entry(title="a b")) != entry_key(Entry(title="c"))
    days = [datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2)]
    assert len({entry_key(Entry(title="a b", published=day)) for day in days}) == 1


def test_guids_of_one_payload():
    """A guid for all and guids that only count are not trusted; duplicates are one article."""
    a, b = Entry(key="s", title="a", link="https://e.example/a"), Entry(key="s", title="b", link="https://e.example/b")
    assert keys([a, b]) == ("link:e.example/a", "link:e.example/b")
    assert keys([a, a]) == ("guid:s", "guid:s")
    counted = [Entry(key=str(n), title=t, link=f"https://e.example/{t}") for n, t in enumerate("xyz", 1)]
    assert keys(counted) == ("link:e.example/x", "link:e.example/y", "link:e.example/z")
    same_link = [Entry(key="s", title=t, link="https://e.example/") for t in "ab"]
    assert len(set(keys(same_link))) == 2


@pytest.mark.parametrize("given", [{}, {"link": "https://e.example/"}, {"key": "constant"}])
def test_one_title_for_several_texts(given):
    """Letters to the editor are told apart by their words; the same words in other markup are one letter."""
    letters = [Entry(title="Letter", body=f"<p>{name}</p>", **given) for name in "abcd"]
    assert len(set(keys(letters))) == 4
    assert keys([letters[0], letters[0]])[0] == keys([letters[0], replace(letters[0], body="<div>A </div>")])[1]


def test_spare_names():
    """What can't have its own name is named by its place, and then by its words there."""
    place, own = spare_keys(Entry(key="1", link="https://e.example/a", title="T", body="<p>One</p>"))
    assert place == "link:e.example/a"
    assert own == spare_keys(Entry(key="2", link="http://e.example/a/", title="t", body="one "))[1]
    assert own != spare_keys(Entry(key="1", link="https://e.example/a", title="T", body="two"))[1]


@given(st.text(max_size=80) | st.text("ahtps:/.?=&#%2[]@ ", max_size=60).map("https://".__add__))
def test_any_address_is_harmless(url):
    """No address raises, and cleaning it twice changes nothing."""
    assert canonical_link(canonical_link(url)) == canonical_link(url)
    assert isinstance(link_key(url), str)
