"""Lists of feeds are read as other programs export them, and ours are read by them."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syndicate.errors import UsageError
from syndicate.opml import Outline, key_for, read_opml, write_opml
from syndicate.text import legal, squeeze

KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
LIST = """<?xml version="1.0" encoding="windows-1252"?>
<OPML version="1.0"><head><title>Mine</title></head><body>
  <outline text="Churches">
    <outline text="Di\u00f6zese  Nord" type="rss" xmlUrl=" https://nord.example.org/feed?a=1&amp;b=2 " htmlUrl="https://nord.example.org/"/>
    <outline text="Deep"><outline title="Harbour" text="ignored" XMLURL="feed://harbour.example.org/rss"/></outline>
  </outline>
  <outline text="A page" type="link" url="https://page.example.org/"/>
  <outline text="Harbour again" xmlUrl="feed:http://harbour.example.org/rss"/>
  <outline xmlUrl="" text="nothing"/>
</body></OPML>""".encode("cp1252")  # fmt: skip


def test_feeds_are_found_wherever_they_stand():
    """Folders are opened, names of attributes count in any case, `feed:` is undone, and each address comes once."""
    assert read_opml(LIST) == (
        Outline("https://nord.example.org/feed?a=1&b=2", "Diözese Nord", "https://nord.example.org/"),
        Outline("http://harbour.example.org/rss", "Harbour"),
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "can't be read as OPML"),
        (b"not a list", "can't be read as OPML"),
        (b'<opml><body><outline xmlUrl="https://x.example/?a&b"/></body></opml>', "line 1, column"),
        (b"<rss><channel/></rss>", "expected OPML, found <rss>"),
        (b'<opml><body><outline text="folder"/></body></opml>', "names no feeds"),
        (b"<opml>" + b"<outline>" * 100_000, "can't be read as OPML"),
    ],
)
def test_what_is_no_list_is_refused(body: bytes, said: str):
    """What can't be read, is something else or names no feed is told as such."""
    with pytest.raises(UsageError, match=re.escape(said)):
        read_opml(body)


def test_a_list_opens_no_file_and_swells_nothing():
    """Entities of a list's own are not put in: no file ends up in an address, and a billion laughs are refused."""
    body = '<!DOCTYPE opml [{}]><opml><outline text="t" xmlUrl="http://x.example/"/><b>&e9;</b></opml>'
    opens = body.format('<!ENTITY e9 SYSTEM "file:///etc/hostname">')
    assert read_opml(opens.encode()) == (Outline("http://x.example/", "t"),)
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    with pytest.raises(UsageError, match="can't be read as OPML"):
        read_opml(body.format(f'<!ENTITY e0 "ha">{laughs}').encode())


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=5))
@example(["Light\x01 and\x0b truth"])
def test_what_is_written_is_read_again(titles: list[str]):
    """Whatever feeds are called, the list that is written names the same feeds when it is read."""
    outlines = [Outline(f"https://x.example/{n}", title, "https://x.example/") for n, title in enumerate(titles)]
    found = read_opml(write_opml(titles[0], outlines))
    assert list(found) == [replace(one, title=squeeze(legal(one.title))) for one in outlines]


@given(st.lists(st.tuples(st.text(max_size=80), st.sampled_from(["https://www.a.example/f", "https://[::1/", "x"]))))
def test_every_feed_gets_a_key_of_its_own(feeds: list[tuple[str, str]]):
    """However feeds are called and however many are called so, each gets a key that a source can have."""
    taken: list[str] = []
    for title, url in feeds:
        key = key_for(Outline(url, title), taken)
        assert KEY.fullmatch(key)
        assert key not in taken
        taken.append(key)


def test_keys_say_what_the_feed_is_called():
    """A key is made of the title, of the host where the title has no Latin letters, and numbered where it is in use."""
    assert key_for(Outline("https://x.example/", "Diözese Nord: News"), ()) == "diozese-nord-news"
    assert key_for(Outline("https://www.novosti.example/rss", "Новости"), ()) == "novosti-example"
    assert key_for(Outline("https://x.example/", "n" * 70), ["n" * 64, "n" * 62 + "-2"]) == "n" * 62 + "-3"
