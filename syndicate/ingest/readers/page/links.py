"""The addresses of articles on a listing page or in a sitemap."""

import re
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree, html

from syndicate.errors import UnreadableError
from syndicate.ingest.readers.charset import decode
from syndicate.model import Payload, SourceSpec


def links(payload: Payload, spec: SourceSpec) -> tuple[str, ...]:
    """The article addresses that a listing page names: absolute, on the same site, each once, in page order."""
    text = decode(payload.body, payload.content_type).text
    try:
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError) as broken:
        raise UnreadableError(f"{payload.url} is not an HTML page: {broken}") from broken
    site = urlsplit(payload.url).hostname
    wanted = re.compile(spec.article_pattern) if spec.article_pattern else None
    found: dict[str, None] = {}
    for anchor in root.iter("a"):
        try:
            url = urldefrag(urljoin(payload.url, anchor.get("href") or "")).url
            same = urlsplit(url).hostname == site
        except ValueError:
            continue
        enough = wanted.search(url) if wanted else len(anchor.text_content().split()) >= 4
        if same and enough:
            found[url] = None
    return tuple(found)
