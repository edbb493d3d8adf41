"""The addresses of articles that a listing page or a sitemap names."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urldefrag, urlsplit

from lxml import etree

from syndicate.errors import UnreadableError
from syndicate.ingest.readers.charset import decode
from syndicate.ingest.readers.dates import parse_date
from syndicate.ingest.readers.page import tree
from syndicate.ingest.readers.page.chrome import called, strong
from syndicate.ingest.readers.page.survey import host_of, site_of
from syndicate.model import Payload, SourceSpec
from syndicate.normalize.tree import HEADINGS
from syndicate.normalize.urls import absolute, canonical_link, is_web
from syndicate.text import squeeze

MOST_LINKS = 1_000
_SITEMAP_START = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)[\s>]")
_FURNITURE_TAGS = frozenset({"nav", "footer", "form"})
_SKIPPED_FAMILIES = frozenset({"nav", "share", "ad", "newsletter", "comments", "tags", "notice", "bio"})
# First segments and endings of paths that lead to lists, services and files, never to an article.
_NO_ARTICLE = re.compile(
    r"/(?:tags?|category|categories|kategorien?|categorie|categoria|themen?|topics?|topic|authors?|autor(?:en|es)?|"
    r"auteurs?|profiles?|users?|members?|staff|people|page|pages|seite|pagina|search|suche|recherche|buscar|archives?|"
    r"archiv|feeds?|rss|atom|login|signin|sign-in|register|signup|account|cart|shop|subscribe|abo|newsletters?|"
    r"about(?:-us)?|contact(?:-us)?|kontakt|impressum|imprint|privacy(?:-policy)?|datenschutz|terms|legal|cookies?|help|"
    r"faq|advertise|werbung|jobs|careers|donate|sitemap|wp-admin|wp-login\.php|wp-content|cdn-cgi|amp)(?:/|$)"
    r"|/page/\d+|\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp[34]|css|js|xml|rss|ics|docx?|xlsx?)$",
    re.IGNORECASE,
)
_PAGING = re.compile(r"(?:^|&)(?:page|paged|p|start|offset|seite|s|q|search|share|replytocom|action)=", re.IGNORECASE)
_DATED = re.compile(r"/(?:19|20)\d\d/?(?:[01]?\d)?(?:/|-)|/\d{5,}|-\d{5,}|\d{6,}\.html?$")
_SLUG = re.compile(r"[^/]*[^/\W]+(?:[-_][^/\W_]+){2,}[^/]*/?$")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A link as it stands on the page; `make` is how it and the elements around it are called."""

    url: str
    words: int
    heading: bool
    make: str


def links(payload: Payload, spec: SourceSpec) -> tuple[str, ...]:
    """Return the article addresses that a listing page or a sitemap names: absolute, each once, at most 1,000.

    A page's in page order, a sitemap's newest first where it dates them all, else in its order. On a page only
    links to the same site count; `spec.article_pattern` (a regular expression searched in the address) decides
    where it is given, else the link's text, its address and what it stands in. Raises UnreadableError for bytes
    that are neither, for an index of sitemaps (its message names them) and for a page without any article link.
    """
    wanted = _pattern(spec)
    if (kind := _SITEMAP_START.search(payload.body[:4000])) is not None:
        found = _index(payload) if kind[1] == b"sitemapindex" else _sitemap(payload)
        chosen = [url for url in found if wanted is None or wanted.search(url)]
    else:
        chosen = list(_listing(payload, wanted))
    if not chosen:
        hint = "nothing matches its article_pattern" if wanted else "no link on it looks like an article"
        raise UnreadableError(f"{payload.url}: {hint}")
    return tuple(dict.fromkeys(chosen))[:MOST_LINKS]


def _pattern(spec: SourceSpec) -> re.Pattern[str] | None:
    try:
        return re.compile(spec.article_pattern) if spec.article_pattern else None
    except re.error as wrong:
        raise UnreadableError(f"article_pattern of {spec.key} is no regular expression: {wrong}") from wrong


def _sitemap(payload: Payload) -> list[str]:
    entries: list[tuple[datetime | None, str]] = []
    for element in _elements(payload, "url"):
        link = canonical_link(absolute(_child(element, "loc"), payload.url))
        if is_web(link):
            date = _child(element, "publication_date") or _child(element, "lastmod")
            entries.append((parse_date(date), link))
    if entries and all(date for date, _ in entries):
        entries.sort(key=lambda entry: entry[0] or datetime.min.replace(tzinfo=UTC), reverse=True)
    return [link for _, link in entries]


def _index(payload: Payload) -> list[str]:
    named = [_child(element, "loc") for element in _elements(payload, "sitemap")]
    shown = ", ".join(filter(None, named[:5])) or "none"
    raise UnreadableError(
        f"{payload.url} is an index of {len(named)} sitemaps, not a list of articles: "
        f"declare the sitemap of its articles as the source instead ({shown})"
    )


def _elements(payload: Payload, name: str) -> Iterator[etree._Element]:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(payload.body, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise UnreadableError(f"{payload.url} is a broken sitemap: {broken}") from broken
    if root is None:
        raise UnreadableError(f"{payload.url} is a broken sitemap: it holds no element")
    yield from (element for element in root.iter(etree.Element) if etree.QName(element).localname == name)


def _child(element: etree._Element, name: str) -> str:
    """The text of the first element of that name inside, whatever its namespace."""
    for child in element.iter(etree.Element):
        if child is not element and etree.QName(child).localname == name:
            return squeeze(child.text or "")
    return ""


def _listing(payload: Payload, wanted: re.Pattern[str] | None) -> Iterable[str]:
    root = tree.parse(decode(payload.body, payload.content_type).text, payload.url)
    base = next((absolute(e.get("href") or "", payload.url) for e in root.iter("base")), payload.url)
    tree.silence(root)
    candidates = _merged(_candidates(root, base, payload.url))
    if wanted is not None:
        return [one.url for one in candidates if wanted.search(one.url)]
    makes = Counter(one.make for one in candidates if one.words >= 4)
    return [one.url for one in candidates if _is_article(one, makes)]


def _candidates(root: etree._Element, base: str, page: str) -> Iterator[_Candidate]:
    site, here = site_of(host_of(page)), urldefrag(canonical_link(page)).url.rstrip("/")
    for anchor in root.iter("a"):
        href = (anchor.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
            continue
        url = _clean(absolute(href, base))
        if not url or site_of(host_of(url)) != site or url.rstrip("/") == here:
            continue
        if _in_furniture(anchor):
            continue
        text = squeeze(" ".join(map(str, anchor.itertext()))) or squeeze(
            anchor.get("title") or anchor.get("aria-label") or ""
        )
        heading = any(e.tag in HEADINGS for e in (*_above(anchor, 3), *anchor.iterdescendants()))
        yield _Candidate(url, _length(text), heading, _make(anchor))


def _clean(url: str) -> str:
    """The address without fragment and tracking; "" for what is none."""
    try:
        link = canonical_link(urldefrag(url).url)
        _ = urlsplit(link).port  # raises for a port that is none
    except ValueError:
        return ""
    return link if is_web(link) and len(link) < 2000 else ""


def _length(text: str) -> int:
    """How many words; where words aren't spaced, how many pairs of signs."""
    words = len(text.split())
    return max(words, len(text) // 2) if words < 3 and not text.isascii() else words


def _above(element: etree._Element, levels: int) -> list[etree._Element]:
    return [above for above, _ in zip(element.iterancestors(), range(levels), strict=False)]


def _in_furniture(anchor: etree._Element) -> bool:
    for above in anchor.iterancestors():
        if above.tag in _FURNITURE_TAGS:
            return True
        if above.tag in {"main", "article", "body"}:
            return False
        names = called(above)
        if names and strong(names) in _SKIPPED_FAMILIES and len(above.findall(".//article")) == 0:
            return True
    return False


def _make(anchor: etree._Element) -> str:
    return "/".join(f"{e.tag}.{called(e)}" for e in (anchor, *_above(anchor, 2)))


def _merged(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """One for each address: several links to it (picture, headline, "read more") speak for it together."""
    best: dict[str, _Candidate] = {}
    for one in candidates:
        known = best.get(one.url)
        if known is None or (one.heading, one.words) > (known.heading, known.words):
            best[one.url] = one
    return list(best.values())


def _is_article(one: _Candidate, makes: Counter[str]) -> bool:
    """Whether a link leads to an article, by its address, its text and how many stand on the page like it."""
    parts = urlsplit(one.url)
    if not parts.path.strip("/") and not parts.query:
        return False
    if _NO_ARTICLE.search(parts.path) or _PAGING.search(parts.query):
        return False
    points = 0
    points += 2 if _DATED.search(parts.path) else 0
    points += 2 if _SLUG.search(parts.path) else 0
    points += 2 if one.heading else 0
    points += 2 if one.words >= 4 else -1 if one.words < 2 else 0
    points += 1 if makes[one.make] >= 3 else 0
    return points >= 4
