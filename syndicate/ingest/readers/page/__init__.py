"""Web pages as a source: which articles a listing or a sitemap names, and what one article page holds."""

import html
import re

from syndicate.errors import UnreadableError
from syndicate.ingest.readers.charset import decode
from syndicate.ingest.readers.page import tree
from syndicate.ingest.readers.page.extract import Extracted, extract, find_article
from syndicate.ingest.readers.page.links import announced, is_no_article
from syndicate.ingest.readers.page.metadata import read_metadata
from syndicate.ingest.refresh import leads_to
from syndicate.model import Entry, Payload, SourceSpec
from syndicate.normalize.kept import Kept, nothing

__all__ = ["Extracted", "announced", "article", "extract", "is_no_article"]

_OTHER_TYPES = re.compile(
    r"\s*(?:image/|audio/|video/|font/|application/(?:pdf|json|zip|octet-stream)\b)", re.IGNORECASE
)
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b")


def article(payload: Payload, spec: SourceSpec, kept: Kept = nothing) -> Entry:
    """Read an article page: the article's container becomes the body, the page's head says the rest.

    Boxes inside the container that are no part of the article are cut, unless they are `kept`.
    Raises UnreadableError when the bytes are no HTML page, or no article is on it.
    """
    if _OTHER_TYPES.match(payload.content_type) or payload.body.startswith(_MAGIC):
        raise UnreadableError(f"{payload.url} is no web page ({payload.content_type or 'a file of another kind'})")
    decoded = decode(payload.body, payload.content_type)
    root = tree.parse(decoded.text, payload.url)
    about = read_metadata(root, payload.url)
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
        base_url=payload.url,
        summary=html.escape(about.summary, quote=False),
        authors=about.authors or found.signs.authors or about.houses,
        published=about.published or found.signs.published,
        updated=about.updated or found.signs.updated,
        categories=about.categories,
        language=about.language or spec.language,
        rights=about.rights,
        images=about.images,
        goes_on=about.goes_on,
        doubt=decoded.doubt,
    )
