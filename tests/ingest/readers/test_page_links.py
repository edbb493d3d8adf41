"""Finding articles on listing pages and in sitemaps."""

import gzip
import re
from pathlib import Path
from time import process_time

import pytest

from syndicate.errors import UnreadableError
from syndicate.ingest.readers.page import announced
from syndicate.model import Entry, Payload, SourceSpec

PAGES = Path(__file__).resolve().parents[2] / "data" / "pages"
SPEC = SourceSpec("hillside", "page", "https://hillside.example/news")
ARTICLES = (
    "https://hillside.example/2025/04/bell-tower-repaired",
    "https://hillside.example/2025/03/soup-kitchen-opens",
    "https://hillside.example/2025/02/choir-looks-for-tenors",
)


def entries(body: bytes, spec: SourceSpec = SPEC) -> tuple[Entry, ...]:
    return announced(Payload(body, "https://hillside.example/news", "text/html; charset=utf-8"), spec)


def listing(body: str | bytes, spec: SourceSpec = SPEC) -> tuple[str, ...]:
    body = body.encode() if isinstance(body, str) else body
    return tuple(entry.link for entry in entries(body, spec))


def test_a_listing_names_its_articles():
    """Articles in page order, absolute, each once, without tracking; no menus, tags, authors, pages, other sites."""
    assert listing((PAGES / "listing.html").read_bytes()) == ARTICLES


def test_links_and_sitemaps_announce_what_they_tell():
    """A link of four words or more is a headline where no other says the same; sitemaps tell titles and dates."""
    more = "<a href='/2026/11/{0}-of-lake'>Read more on this story</a>"
    heads = "<h2><a href='/2026/11/barn-of-lake'>The barn stands again</a></h2>"
    told = [entry.title for entry in entries((heads + more.format("mill") + more.format("pier")).encode())]
    assert told == ["The barn stands again", "", ""]
    [first, *_] = entries((PAGES / "sitemap.xml").read_bytes())
    assert (first.title, f"{first.published:%Y-%m}") == ("The bell tower is repaired at last", "2025-04")


def test_an_address_with_a_query_is_the_one_without():
    """Links to an article for print, or that tell where they stand, are no further articles; other queries are."""
    link = "<h2><a href='{}'>The old barn stands again</a></h2>"
    forms = ("/2026/barn-of-lake", "/2026/barn-of-lake?print=1", "/2026/barn-of-lake/?ref=top", "/2026/story?id=54321")
    found = [one.removeprefix("https://hillside.example") for one in listing("".join(map(link.format, forms)))]
    assert found == ["/2026/barn-of-lake", "/2026/story?id=54321"]


def test_a_pattern_decides_where_it_is_given():
    """With an article_pattern only the addresses that it finds count, whatever their looks."""
    spec = SourceSpec("hillside", "page", "https://hillside.example/news", article_pattern=r"/2025/0[23]/")
    assert listing((PAGES / "listing.html").read_bytes(), spec) == ARTICLES[1:]


def test_a_wrong_pattern_is_named():
    """A pattern that is no regular expression is refused with its source's name."""
    with pytest.raises(UnreadableError, match="article_pattern of x is no regular expression"):
        listing("<a href=/a>b</a>", SourceSpec("x", "page", "https://x.example/", article_pattern="("))


def test_a_sitemap_names_its_articles_newest_first():
    """Where all entries are dated, the newest come first; each once; the news date counts before lastmod."""
    assert listing((PAGES / "sitemap.xml").read_bytes()) == ARTICLES


@pytest.mark.parametrize("form", ["gzip", "utf-16", "utf-16-be", "comments", "unknown prefix"])
def test_a_sitemap_is_known_in_every_form(form):
    """Compressed, in a wide encoding, behind comments of any length, with a prefix: it is no page without links."""
    plain = (PAGES / "sitemap.xml").read_text(encoding="utf-8")
    bodies = {
        "gzip": gzip.compress(plain.encode()),
        "comments": plain.replace("<urlset", f"<!-- <sitemapindex> {'-> ' * 9000}--><!-- --><urlset", 1).encode(),
        "unknown prefix": re.sub("(</?)(url|loc)", r"\1s:\2", plain).encode(),
    }
    assert listing(bodies.get(form) or plain.replace("UTF-8", form).encode(form)) == ARTICLES


def test_comments_without_end_are_passed_over_at_once():
    """What begins like many comments and is no sitemap costs one look."""
    began = process_time()
    with pytest.raises(UnreadableError):
        listing(100_000 * "<!-- > <? ")
    assert process_time() - began < 4


def test_a_sitemap_without_dates_keeps_its_order():
    """An undated sitemap is taken as it stands."""
    urls = "".join(f"<url><loc> https://hillside.example/a-{n} </loc></url>" for n in (3, 1, 2))
    found = listing(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>')
    assert [link[-1] for link in found] == ["3", "1", "2"]


def test_an_index_of_sitemaps_says_so():
    """An index is no list of articles: the message names the sitemaps to choose from."""
    index = "<sitemapindex><sitemap><loc>https://hillside.example/news-1.xml</loc></sitemap></sitemapindex>"
    with pytest.raises(UnreadableError, match=r"index of 1 sitemaps.*news-1\.xml"):
        listing(index)


def test_entities_in_a_sitemap_are_not_resolved():
    """Neither files nor bombs come out of a sitemap's entities."""
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {n} "{f"&{p};" * 10}">' for p, n in zip("abcdefgh", "bcdefghi", strict=True))
        + "]><urlset><url><loc>https://hillside.example/&i;&f;</loc></url>"
        "<url><loc>https://hillside.example/good</loc></url></urlset>"
    )
    found = listing(bomb)
    assert "https://hillside.example/good" in found
    assert all(len(link) < 100 and "root" not in link for link in found)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html><body><p>Nothing here.</p></body></html>", "no link on it looks like an article"),
        ("<urlset>", "the sitemap names no address"),
        (b"\x1f\x8b\x08 and no more", "the compressed answer is damaged"),
        (gzip.compress(b"<urlset>", mtime=0)[:-9], "the compressed answer ends in the middle"),
        (gzip.compress(bytes(20_000_001), mtime=0), "unpacks to more than 20,000,000 bytes"),
        ("", "empty"),
    ],
)
def test_nothing_to_follow_is_told(body, reason):
    """A page without article links is unreadable, with the reason."""
    with pytest.raises(UnreadableError, match=reason):
        listing(body)


def test_unspaced_headlines_count_as_words():
    """A Japanese listing is read although its headlines have no spaces."""
    rows = "".join(
        f'<li><a href="/news/2025040{n}.html">市長が新しい橋の計画を発表した第{n}回</a></li>' for n in range(1, 5)
    )
    assert len(listing(f"<html><body><main><ul>{rows}</ul></main></body></html>")) == 4


def test_ten_thousand_links_are_enough():
    """A page of links beyond reason gives the first thousand."""
    rows = "".join(f'<h2><a href="/2025/01/story-number-{n}">A story with the number {n}</a></h2>' for n in range(3000))
    assert len(listing(f"<html><body>{rows}</body></html>")) == 1000


def test_hostile_addresses_are_left_out():
    """Addresses that are none, that run, or that lead elsewhere are not followed."""
    bad = (
        "javascript:alert(1)//2025/01/a-b-c",
        "https://[::1",
        "http://hillside.example.evil.test/2025/01/a-b-c-d",
        "file:///2025/01/a-b-c",
        "//elsewhere.example/2025/01/a-b-c-d",
        "https://hillside.example:x/2025/01/a-b-c",
    )
    rows = "".join(f'<h2><a href="{url}">A headline of five words</a></h2>' for url in bad)
    good = '<h2><a href="/2025/01/good-old-story">A headline of five words</a></h2>'
    assert listing(f"<html><body>{rows}{good}</body></html>") == ("https://hillside.example/2025/01/good-old-story",)
