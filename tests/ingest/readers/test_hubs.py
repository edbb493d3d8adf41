"""Which hub a document names, and what it calls itself there."""

import json

import pytest

from syndicate.ingest.readers import read
from syndicate.ingest.readers.hubs import LONGEST, hub_of
from syndicate.model import NO_HUB, Hub, Payload, SourceSpec

URL = "https://lake.example/feed"
HUB = "https://hub.example/"
OWN = "https://www.lake.example/own"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
RSS = '<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel>{}</channel></rss>'
LINKS = f'<link rel="hub" href="{HUB}"/><link rel="self" href="{OWN}"/>'
NAMED = LINKS.replace("<link", "<a:link")
JSON = {"version": "https://jsonfeed.org/version/1.1", "items": [], "feed_url": OWN}


def payload(body: str | bytes = RSS, links: str = "", url: str = URL) -> Payload:
    return Payload(body if isinstance(body, bytes) else body.encode(), url, links=links)


@pytest.mark.parametrize(
    "body",
    [
        ATOM.format(LINKS),
        RSS.format(NAMED),
        RSS.format(f"<item><title>x</title></item>{NAMED}"),
        RSS.replace(' xmlns:a="http://www.w3.org/2005/Atom"', "").format(NAMED),  # undeclared, as some write it
        ('<?xml version="1.0" encoding="iso-8859-1"?>' + ATOM.format(f"<title>Café</title>{LINKS}")).encode("latin-1"),
        ATOM.format('<link rel="alternate HUB" href="https://hub.example/"/><link rel="hub" href="x:y"/>' + LINKS),
        json.dumps({**JSON, "hubs": [{"type": "rssCloud", "url": URL}, 7, {"type": "WebSub", "url": HUB}]}),
    ],
)
def test_a_feed_names_its_hub(body: str | bytes) -> None:
    """Atom, RSS and JSON Feed each in its own way; entries' own links and other kinds of hubs are none."""
    assert hub_of(payload(body), "feed") == Hub(HUB, OWN)


def test_a_page_names_its_hub_in_its_head() -> None:
    """As it is written there, also where it is no XML, and not in a comment."""
    page = f'<!doctype html><html><head><!-- <link rel="hub" href="https://no.example/"> --><link rel=hub href={HUB}>'
    assert hub_of(payload(page + f'<link href="{OWN}" rel="self"></head><body>'), "page") == Hub(HUB, OWN)


@pytest.mark.parametrize(
    ("links", "found"),
    [
        (f'<{HUB}>; rel="hub", <{OWN}>; rel="self"', Hub(HUB, OWN)),
        (f"<{HUB}>;rel=hub,</own?a,b>;rel=self", Hub(HUB, "https://lake.example/own?a,b")),
        (f'<https://x.example/>; rel="next", <{HUB}>; title="a, b"; REL="other Hub"', Hub(HUB, "https://doc.example/")),
        (f'<{HUB}>; rel="hub"; anchor="https://other.example/"', Hub("https://in.example/", "https://doc.example/")),
        (f'<{OWN}>; rel="self"', Hub("https://in.example/", OWN)),
        ('<<<>>>;;;rel="hub, <', Hub("https://in.example/", "https://doc.example/")),
    ],
)
def test_the_header_goes_first(links: str, found: Hub) -> None:
    """What it names of the two counts, and the document's word for what it does not name."""
    said = LINKS.replace(HUB, "https://in.example/").replace(OWN, "https://doc.example/")
    assert hub_of(payload(ATOM.format(said), links), "feed") == found


@pytest.mark.parametrize(
    "body",
    [
        ATOM.format(f'<entry><link rel="hub" href="{HUB}"/></entry>'),
        ATOM.format(f'<link rel="self" href="{OWN}"/><link rel="hub" href="ftp://hub.example/"/>'),
        ATOM.format('<link rel="hub" href="https://a:b@hub.example/"/><link rel="hub"/>'),
        ATOM.format(f'<link rel="hub" href="{HUB}{"x" * LONGEST}"/>'),
        json.dumps({**JSON, "hubs": {"type": "WebSub", "url": HUB}}),
        json.dumps({**JSON, "hubs": [{"type": "WebSub", "url": ["x"]}]}),
        'rel="hub"',
        "",
    ],
)
def test_what_can_not_be_asked_was_not_named(body: str) -> None:
    """An entry's link, an address that is none or too long, and what is no list."""
    assert hub_of(payload(body), "feed") == NO_HUB


def test_who_does_not_name_itself_goes_by_its_address() -> None:
    """That is the one where it was found at last; and one that can't be read was never told of."""
    hub = ATOM.format(f'<link rel="hub" href="/hub"/><link rel="self" href="{OWN}{"x" * LONGEST}"/>')
    assert hub_of(payload(hub), "feed") == Hub("https://lake.example/hub", URL)
    assert hub_of(payload(hub, url=f"{URL}{'x' * LONGEST}"), "feed") == NO_HUB


def test_reading_tells_of_the_hub() -> None:
    """Whatever kind of source it is read for; a folder's file has none."""
    entry = f"<item><title>x</title><link>{URL}</link></item>"
    found = read(payload(RSS.format(NAMED + entry)), SourceSpec("lake", "feed", URL))
    assert (found.hub, len(found.entries)) == (Hub(HUB, OWN), 1)
    page = f'<html><head>{LINKS}</head><body><a href="/2026/11/the-pier-opens">The pier opens at last today</a></body>'
    assert read(payload(page), SourceSpec("lake", "page", URL)).hub == Hub(HUB, OWN)
    assert hub_of(payload(page), "folder") == NO_HUB
