"""Whatever bytes come: an article, a list of articles, or UnreadableError, in time that grows with the size."""

import re
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.errors import UnreadableError
from syndicate.ingest.readers.page import announced, article, extract
from syndicate.model import Payload, SourceSpec

SPEC = SourceSpec("x", "page", "https://x.example/")
SENTENCE = "The river rose another hand's breadth before noon, and nobody on the bridge said a word about it. "
TAGS = st.sampled_from(
    """
    html body div p article main section aside nav h1 h2 ul li a img figure table tr td blockquote script style
    noscript template svg form iframe base meta link title time amp-img br pre x-y
    """.split()  # noqa: SIM905 - read as one list of tags
)
NAMES = st.sampled_from(
    ["", "story-body", "share", "comments", "related", "sidebar", "byline", "caption", "ad", "newsletter", "paywall"]
)


@st.composite
def markup(draw: st.DrawFn) -> str:
    """Pages of tags opened, closed and left open at random, with names that mean something."""
    pieces = []
    for _ in range(draw(st.integers(0, 40))):
        tag = draw(TAGS)
        match draw(st.integers(0, 4)):
            case 0 | 1:
                pieces.append(
                    f'<{tag} class="{draw(NAMES)}" href="{draw(st.sampled_from(["/a", "//b", "x:y", "#"]))}">'
                )
            case 2:
                pieces.append(f"</{tag}>")
            case 3:
                pieces.append(SENTENCE)
            case _:
                pieces.append(draw(st.text(max_size=12)))
    return "".join(pieces)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(markup())
def test_any_markup_ends_well(page):
    """Extraction raises nothing but UnreadableError, and what it gives holds no script and no handler."""
    try:
        html = extract(page, "https://x.example/a").html
    except UnreadableError:
        return
    assert not re.search(r"<(?:script|style|template|object|svg)|\son\w+=", html, re.IGNORECASE)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=300), markup().map(lambda page: page.encode("utf-8", "surrogatepass"))))
def test_any_bytes_end_well(body):
    """Reading a head or a listing raises nothing but UnreadableError."""
    for read in (article, announced):
        try:
            read(Payload(body, "https://x.example/a", "text/html"), SPEC)
        except UnreadableError:
            continue


@pytest.mark.parametrize("url", ["", "not a url", "https://[", "file:///tmp/a.html", "https://x.example:port/"])
def test_any_address_ends_well(url):
    """A page from a file or from nowhere is extracted all the same."""
    assert "another hand" in extract(f"<article><p>{SENTENCE * 3}</p></article>", url).html


def test_deep_nesting_loses_no_text():
    """A hundred thousand boxes inside each other are flattened, and the text at the bottom and behind stays."""
    deep = "<div>" * 100_000 + f"<p>{SENTENCE * 3}</p>" + "</div>" * 100_000 + f"<p>{SENTENCE}The end.</p>"
    html = extract(f"<html><body>{deep}</body></html>", "https://x.example/a").html
    assert html.count("another hand") == 4
    assert "The end." in html


@pytest.mark.parametrize(
    "make",
    [
        lambda n: f"<p>{SENTENCE}</p>" * n,
        lambda n: f"<div><a href='/x'>{SENTENCE}</a></div>" * n,
        lambda n: "<div>" * n + SENTENCE,
        lambda n: f"<article><h2><a href='/a'>{SENTENCE}</a></h2></article>" * n,
        lambda n: f"<ul><li>{SENTENCE}<ul>" * n,
        lambda n: f"<b><p class='share'>{SENTENCE}" * n,
        lambda n: f"<span><div>{SENTENCE}</div></span>" * n,
        lambda n: f"<h2>{'<button aria-expanded=false>x</button>' * n}</h2><p>{SENTENCE}</p>",
        lambda n: f"<article><h1>A</h1>{'<div><img src=/a.jpg width=800>' * n}<div>{f'<p>{SENTENCE}</p>' * 9}",
        lambda n: f"<article><h1>A</h1><div class='article-body'><p>{SENTENCE * 9}</p></div>{'<p>b</p><ul>' * n}",
        lambda n: f"<div class='caption'><img src=a><span class='{'a-' * 200}'>x</span></div>" * n,
    ],
)
def test_time_grows_with_size(make):
    """Four times the page takes about four times the time, not sixteen: no rule looks at every pair of things."""
    small, large = (f"<html><body>{make(n)}</body></html>" for n in (1_000, 4_000))
    most = 9 * min(_seconds(small), _seconds(small)) + 0.3
    assert _seconds(large) < most or _seconds(large) < most  # a second time, if something else came between


def _seconds(page: str) -> float:
    start = process_time()
    with suppress(UnreadableError):
        extract(page, "https://x.example/a")
    return process_time() - start


def test_five_megabytes_are_read():
    """A page of five megabytes and ten thousand blocks comes out whole."""
    paragraph = f"<p>{SENTENCE * 5}</p>"
    html = extract(f"<html><body><article>{paragraph * 10_000}</article></body></html>", "https://x.example/a").html
    assert html.count("<p>") == 10_000


def test_a_page_beyond_the_cap_is_refused():
    """What is larger than any article is refused with the reason."""
    with pytest.raises(UnreadableError, match="larger than"):
        extract("x" * 8_000_001, "https://x.example/a")
