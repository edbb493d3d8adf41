"""The articles that a listing page or a sitemap names: their addresses, and what it says of them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urldefrag, urlsplit

from lxml import etree

from syndicate.errors import FetchError, UnreadableError
from syndicate.ingest.encodings import decoded
from syndicate.ingest.readers.charset import decode
from syndicate.ingest.readers.dates import parse_date
from syndicate.ingest.readers.page import tree
from syndicate.ingest.readers.page.chrome import called, strong
from syndicate.ingest.readers.page.metadata import read_base
from syndicate.model import EARLIEST, Entry, Payload, SourceSpec
from syndicate.normalize.tree import HEADINGS
from syndicate.normalize.urls import absolute, canonical_link, host_of, is_web, link_key, site_of
from syndicate.text import squeeze

MOST_LINKS = 1_000
_LONGEST_TITLE = 300  # characters; a card that is one link may hold its teaser, too
_MOST_BYTES = 20_000_000  # as many as an answer may have that says itself that it is compressed
_GZIP = b"\x1f\x8b"
# The root element, behind comments of any length. Nothing is tried twice, or comments without end would take hours.
_SITEMAP_START = re.compile(
    r"(?:[^<]++|(?><!--.*?-->)|(?><(?:\?|!(?!--)).*?>))*+<(?:\w+:)?(urlset|sitemapindex)[\s>]", re.DOTALL
)
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
    text: str
    words: int
    heading: bool
    make: str


def announced(payload: Payload, spec: SourceSpec) -> tuple[Entry, ...]:
    """Return the articles that a listing page or a sitemap names, with absolute addresses, each once, at most 1,000.

    A page's in page order, a sitemap's newest first where it dates them all, else in its order. On a page only
    links to the same site count; `spec.article_pattern` (a regular expression searched in the address) decides
    where it is given, else the link's text, its address and what it stands in. Titles and dates are a sitemap's; on a
    page a link's text is a title if it has four words or more and no other article is called so. Raises UnreadableError
    for bytes that are neither, for an index of sitemaps (its message names them), for a page without an article link.
    """
    wanted = _pattern(spec)
    text = _text(payload)
    if (kind := _SITEMAP_START.match(text)) is not None:
        found = _index(text, payload.url) if kind[1] == "sitemapindex" else _sitemap(text, payload.url)
        chosen = [entry for entry in found if wanted is None or wanted.search(entry.link)]
    else:
        chosen = list(_listing(text, payload.url, wanted))
    if not chosen:
        hint = "the sitemap names no address" if kind else "no link on it looks like an article"
        raise UnreadableError(f"{payload.url}: {'nothing matches its article_pattern' if wanted else hint}")
    first: dict[str, Entry] = {}
    for entry in chosen:
        first.setdefault(entry.link, entry)
    return tuple(first.values())[:MOST_LINKS]


def is_no_article(url: str) -> bool:
    """Whether an address leads to a list or a service, such as a login, rather than to an article."""
    path = urlsplit(url).path.rstrip("/")
    return any(found.end() == len(path) for found in _NO_ARTICLE.finditer(path))


def _pattern(spec: SourceSpec) -> re.Pattern[str] | None:
    try:
        return re.compile(spec.article_pattern) if spec.article_pattern else None
    except re.error as wrong:
        raise UnreadableError(f"article_pattern of {spec.key} is no regular expression: {wrong}") from wrong


def _text(payload: Payload) -> str:
    """The page or sitemap as text. Sitemaps may lie on their server compressed, of which no header tells."""
    if not payload.body.startswith(_GZIP):
        return decode(payload.body, payload.content_type).text
    unpacked, source = bytearray(), decoded(BytesIO(payload.body), ("gzip",))
    try:
        while more := source.read(65_536):
            unpacked += more
            if len(unpacked) > _MOST_BYTES:
                raise UnreadableError(f"{payload.url}: it unpacks to more than {_MOST_BYTES:,} bytes")
    except FetchError as error:
        raise UnreadableError(f"{payload.url}: {error}") from error
    return decode(bytes(unpacked)).text


def _sitemap(text: str, url: str) -> list[Entry]:
    entries: list[Entry] = []
    for element in _elements(text, url, "url"):
        link = canonical_link(absolute(_child(element, "loc"), url))
        if is_web(link):
            date = _child(element, "publication_date") or _child(element, "lastmod")
            title = _child(element, "title")[:_LONGEST_TITLE]
            entries.append(Entry(link=link, title=title, published=parse_date(date), base_url=url))
    if all(entry.published for entry in entries):
        entries.sort(key=lambda entry: entry.published or EARLIEST, reverse=True)
    return entries


def _index(text: str, url: str) -> list[Entry]:
    named = [_child(element, "loc") for element in _elements(text, url, "sitemap")]
    shown = ", ".join(filter(None, named[:5])) or "none"
    raise UnreadableError(
        f"{url} is an index of {len(named)} sitemaps, not a list of articles: "
        f"declare the sitemap of its articles as the source instead ({shown})"
    )


def _elements(text: str, url: str, name: str) -> Iterator[etree._Element]:
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever the document was declared as
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise UnreadableError(f"{url} is a broken sitemap: {broken}") from broken
    if root is None:
        raise UnreadableError(f"{url} is a broken sitemap: it holds no element")
    yield from (element for element in root.iter(etree.Element) if _name(element) == name)


def _name(element: etree._Element) -> str:
    """The element's name without its namespace, or a prefix of which nobody said what it means."""
    return re.split("[}:]", str(element.tag))[-1]


def _child(element: etree._Element, name: str) -> str:
    """The text of the first element of that name inside, whatever its namespace."""
    for child in element.iter(etree.Element):
        if child is not element and _name(child) == name:
            return squeeze(child.text or "")
    return ""


def _listing(text: str, url: str, wanted: re.Pattern[str] | None) -> Iterable[Entry]:
    root = tree.parse(text, url)
    base = read_base(root, url)
    tree.silence(root)
    candidates = _merged(_candidates(root, base, url))
    makes = Counter(one.make for one in candidates if one.words >= 4)
    named = [one for one in candidates if (wanted.search(one.url) if wanted else _is_article(one, makes))]
    # With a query an address that is listed without one is the same article's: for print, or as seen from some place.
    bare = {link_key(one.url) for one in named}
    named = [one for one in named if "?" not in one.url or link_key(one.url.partition("?")[0]) not in bare]
    texts = Counter(one.text for one in named if one.words >= 4)  # "Read more on this story" may be all of them
    told = {one.url: one.text[:_LONGEST_TITLE] for one in named if texts[one.text] == 1}
    return [Entry(link=one.url, title=told.get(one.url, ""), base_url=url) for one in named]


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
        yield _Candidate(url, text, _length(text), heading, _make(anchor))


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
