"""The article inside a web page: its main container, with structure kept and the page's furniture gone."""

from dataclasses import dataclass

from lxml import etree

from syndicate.errors import UnreadableError
from syndicate.ingest.readers.page import tree
from syndicate.ingest.readers.page.container import choose, find_heading
from syndicate.ingest.readers.page.deck import find_deck
from syndicate.ingest.readers.page.judge import judge
from syndicate.ingest.readers.page.prune import prune
from syndicate.ingest.readers.page.survey import survey


@dataclass(frozen=True, slots=True)
class Extracted:
    """The article found on a page: its body as an HTML fragment and its headline as plain text."""

    html: str
    title: str = ""
    deck: str = ""


def extract(page_html: str, url: str) -> Extracted:
    """Find the article in a page.

    Raises UnreadableError when the page holds none.
    """
    root = tree.parse(page_html, url)
    title = headline(root)
    tree.silence(root)
    body = root.find("body")
    seen = survey(body, url)
    heading = find_heading(seen, body, title)
    judge(seen, body, heading)
    best = choose(seen, body, heading)
    if not seen.prose(best):
        raise UnreadableError(f"no article text was found on the page {url}")
    deck = " ".join(block.text for block in find_deck(seen, heading, best))
    prune(seen, best, title)
    best.tail = None
    return Extracted(html=etree.tostring(best, encoding="unicode", method="html"), title=title, deck=deck)


def headline(root: etree._Element) -> str:
    found = root.xpath("string(//meta[@property='og:title']/@content)") or root.findtext(".//title") or ""
    return " ".join(found.split())
