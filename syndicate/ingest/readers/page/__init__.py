"""Web pages as a source: which articles a listing or a sitemap names, and what one article page holds."""

from lxml import etree, html

from syndicate.errors import UnreadableError
from syndicate.ingest.readers.charset import decode
from syndicate.ingest.readers.page.extract import Extracted, extract
from syndicate.ingest.readers.page.links import links
from syndicate.model import Entry, Payload, SourceSpec

__all__ = ["Extracted", "article", "extract", "links"]


def article(payload: Payload, spec: SourceSpec) -> Entry:
    """Read an article page: the whole page becomes the body, its head says the rest.

    Raises UnreadableError when the bytes are no HTML page.
    """
    text = decode(payload.body, payload.content_type).text
    try:
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError) as broken:
        raise UnreadableError(f"{payload.url} is not an HTML page: {broken}") from broken
    title = next(iter(root.xpath("//meta[@property='og:title']/@content")), "") or root.findtext(".//title") or ""
    return Entry(
        key=payload.url,
        link=payload.url,
        title=" ".join(title.split()),
        body=text,
        body_kind="page",
        base_url=payload.url,
        language=spec.language or root.get("lang", ""),
    )
