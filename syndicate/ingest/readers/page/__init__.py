"""Web pages as a source: which articles a listing or a sitemap names, and what one article page holds."""

import html
import re
from dataclasses import replace

from lxml import etree

from syndicate.errors import UnreadableError
from syndicate.ingest.leaves import unbound
from syndicate.ingest.readers.charset import decode
from syndicate.ingest.readers.page import tree
from syndicate.ingest.readers.page.extract import Extracted, extract, find_article
from syndicate.ingest.readers.page.links import announced, is_no_article
from syndicate.ingest.readers.page.metadata import read_base, read_metadata
from syndicate.ingest.readers.page.paging import joined, next_leaf
from syndicate.ingest.refresh import leads_to
from syndicate.model import Entry, Payload, SourceSpec
from syndicate.normalize.kept import Kept, nothing

__all__ = ["Extracted", "announced", "article", "extract", "goes_on", "is_no_article"]

_OTHER_TYPES = re.compile(
    r"\s*(?:image/|audio/|video/|font/|application/(?:pdf|json|zip|octet-stream)\b)", re.IGNORECASE
)
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b")


def article(payload: Payload, spec: SourceSpec, kept: Kept = nothing) -> Entry:
    """Read an article's page, or its pages: their containers become the body, the first page's head says the rest.

    Boxes inside the container that are no part of the article are cut, unless they are `kept`.
    Raises UnreadableError when the bytes are no HTML page, or no article is on it.
    """
    first, *others = unbound(payload)
    leaves = [_leaf(first, spec, kept, (), 2)]
    own = (leaves[0].link, first.url)
    for number, leaf in enumerate(others, 3):
        try:
            leaves.append(_leaf(leaf, spec, kept, own, number))
        except UnreadableError as error:
            leaves[-1] = replace(leaves[-1], doubt=f"a page of it is missing: {error}")
    return joined(leaves) if others else leaves[0]


def goes_on(payload: Payload) -> str:
    """The address at which an article goes on behind the pages that are had of it, "" for nowhere.

    Raises UnreadableError when its first or its last page is no HTML.
    """
    leaves = unbound(payload)
    first = _tree(leaves[0])
    last = _tree(leaves[-1]) if len(leaves) > 1 else first
    own = (read_metadata(first, leaves[0].url).link, leaves[0].url)
    return next_leaf(last, read_base(last, leaves[-1].url), own, len(leaves) + 1)


def _tree(payload: Payload) -> etree._Element:
    return tree.parse(decode(payload.body, payload.content_type).text, payload.url)


def _leaf(payload: Payload, spec: SourceSpec, kept: Kept, own: tuple[str, ...], number: int) -> Entry:
    """Read one page of an article; `own` and `number` as in `next_leaf`, of a first page without addresses."""
    if _OTHER_TYPES.match(payload.content_type) or payload.body.startswith(_MAGIC):
        raise UnreadableError(f"{payload.url} is no web page ({payload.content_type or 'a file of another kind'})")
    decoded = decode(payload.body, payload.content_type)
    root = tree.parse(decoded.text, payload.url)
    about = read_metadata(root, payload.url)
    further = next_leaf(root, about.base, own or (about.link, payload.url), number)
    try:
        found = find_article(root, about, payload.url, kept)
    except UnreadableError as error:
        if address := leads_to(payload.body):
            raise UnreadableError(f"{payload.url} has no article, it leads to {address[:300]}") from error
        raise
    return Entry(
        link=about.link or payload.url,
        title=found.title,
        body=found.html,
        cuts=found.cuts,
        base_url=about.base,
        summary=html.escape(about.summary, quote=False),
        authors=about.authors or found.signs.authors or about.houses,
        published=about.published or found.signs.published,
        updated=about.updated or found.signs.updated,
        categories=about.categories,
        language=about.language or spec.language,
        rights=about.rights,
        images=about.images,
        goes_on=further,
        doubt=decoded.doubt,
    )
